import type { ChannelField, ChannelKind } from './alerts.ts'

const field = (
  name: string,
  label: string,
  help: string,
  more: Partial<ChannelField> = {},
): ChannelField => ({
  name,
  label,
  help,
  secret: false,
  optional: false,
  ...more,
})
const optional = { optional: true }
const secret = { secret: true }

/** What each kind of channel asks for: of the API, the command line and the page alike. */
export const channelFields: Readonly<Record<ChannelKind, readonly ChannelField[]>> = {
  telegram: [
    field('token', 'Bot token', 'As @BotFather gives it: 123456789:AA…', secret),
    field('chat', 'Chat id', 'A number, below 0 for a group; or @name of a public channel.'),
    field('topic', 'Topic', 'The number of the topic, in a group with topics.', optional),
    field(
      'server',
      'Bot API server',
      'Your own Bot API server; https://api.telegram.org when left out.',
      optional,
    ),
  ],
  email: [
    field('server', 'Mail server', 'host:port; usually 587 with STARTTLS, 465 with TLS.'),
    field(
      'tls',
      'Protection',
      'starttls, tls, or none for a server of your own network; by the port when left out.',
      optional,
    ),
    field('from', 'From', 'The address that it comes from.'),
    field('to', 'To', 'The address that it goes to; several with commas, at most 10.'),
    field('user', 'User', 'The name to sign in with at the mail server, where it wants one.', optional),
    field('password', 'Password', 'Of that user; at many providers one for apps.', {
      ...secret,
      ...optional,
    }),
  ],
  webhook: [
    // Many services put a secret into it.
    field('url', 'Address', 'Where events are posted: https://host/path.', secret),
    field(
      'secret',
      'Signing secret',
      'whsec_… with 24 to 64 bytes in base64; bhor makes one when it is left out.',
      {
        ...secret,
        ...optional,
      },
    ),
  ],
  ntfy: [
    field('server', 'Server', 'Its address: https://ntfy.example.'),
    field(
      'topic',
      'Topic',
      'Up to 64 letters, digits, - and _. Whoever knows it can read along: take a long one.',
      secret,
    ),
    field('token', 'Access token', 'tk_…, where the server wants one.', { ...secret, ...optional }),
  ],
}
