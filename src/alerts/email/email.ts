import type { SMTPTransportOptions } from 'nodemailer'
import type {
  AlertChannel,
  AlertMessage,
  ChannelSettings,
  ChannelType,
  Delivery,
} from '../../contracts/alerts.ts'
import { channelFields } from '../../contracts/channel-fields.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import type { Destination, Dialler } from '../dialler.ts'
import { checkedField } from '../fields.ts'
import { certificateFault, deliveryOf } from '../http.ts'
import { plainText, subjectOf } from '../words.ts'

/** A mail server may think about a message for a while; a lease lasts longer. */
const sendTimeoutMs = 25_000
const mostReceivers = 10

/** One address and nothing else: no name, no comment, no second one. Narrower than RFC 5321, on purpose. */
const addressPattern =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}$/

/** Mail through an SMTP server, over TLS. */
export function emailType(dialler: Dialler): ChannelType {
  return {
    kind: 'email',
    reader: 'person',
    leastSeverity: 'warning',
    fields: channelFields.email,
    async checked(settings, { password }) {
      const { host, port } = serverOf(settings)
      dialler.refuseWritten(host)
      const { user } = settings
      const tls = settings.tls ?? (port === 465 ? 'tls' : 'starttls')
      checkedField(
        { tls },
        'tls',
        (text) => /^(?:starttls|tls|none)$/.test(text),
        'The protection is none that there is.',
        'Write starttls, tls or none.',
      )
      checkAddresses(settings, 'from', 1)
      checkAddresses(settings, 'to', mostReceivers)
      if (user !== undefined)
        checkedField(settings, 'user', () => true, 'The user does not look right.', 'It is one line.')
      if ((user === undefined) !== (password === undefined))
        throw new BhorError('channel_invalid', 'A user and a password belong together.', {
          hint: 'Give both, or neither.',
          facts: { field: user === undefined ? 'user' : 'password' },
        })
      if (password !== undefined && tls === 'none')
        throw new BhorError('channel_unprotected', 'A password would go to the mail server unprotected.', {
          hint: 'Take starttls or tls, or leave user and password out.',
        })
      return { ...settings, tls, to: receiversOf(settings).join(',') }
    },
    target: ({ to = '', server = '' }) => `${to} by ${server}`,
    open: (settings, { password }): AlertChannel => ({
      send: (message) =>
        ended(() =>
          through(dialler, settings, password, async (transport) => {
            await transport.sendMail(mailOf(settings, message))
          }),
        ),
      check: () =>
        ended(() =>
          through(dialler, settings, password, async (transport) => {
            await transport.verify()
          }),
        ),
    }),
  }
}

/** What nodemailer is given: addresses as data, so that none is taken apart, and no file or address is read for a part. */
function mailOf(settings: ChannelSettings, message: AlertMessage) {
  const { from = '' } = settings
  const one = (address: string) => ({ name: '', address })
  const domain = from.slice(from.lastIndexOf('@') + 1)
  return {
    from: { name: 'bhor', address: from },
    to: receiversOf(settings).map(one),
    subject: subjectOf(message).slice(0, 200),
    text: plainText(message),
    messageId: `<${message.id}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

type Transport = Awaited<ReturnType<typeof transportOver>>

/** One connection, for one message. */
async function through(
  dialler: Dialler,
  settings: ChannelSettings,
  password: Secret | undefined,
  work: (transport: Transport) => Promise<void>,
): Promise<void> {
  const { tls = 'starttls' } = settings
  const { socket, isPublic } = await dialler.dial(serverOf(settings), sendTimeoutMs)
  // What breaks off later is told by whoever writes or reads.
  socket.on('error', () => {})
  try {
    if (tls === 'none' && isPublic)
      throw new BhorError(
        'channel_unprotected',
        'The mail server is a public one, and the mail would go there unprotected.',
        {
          hint: 'Take starttls or tls.',
        },
      )
    const late = Promise.withResolvers<never>()
    using _timer = dialler.clock.after(sendTimeoutMs, () =>
      late.reject(
        new BhorError('channel_unavailable', 'The mail server does not answer in time.', {
          facts: { mayHaveIt: true },
        }),
      ),
    )
    const transport = await transportOver(settings, password, socket)
    const working = work(transport)
    working.catch(() => {})
    await Promise.race([working, late.promise])
  } finally {
    socket.destroy()
  }
}

async function transportOver(
  settings: ChannelSettings,
  password: Secret | undefined,
  socket: import('node:net').Socket,
) {
  const { createTransport } = await import('nodemailer')
  const { host, port } = serverOf(settings)
  const { tls = 'starttls', user } = settings
  const options: SMTPTransportOptions = {
    host,
    port,
    // The connection to the address that was looked at, and no other.
    getSocket: (_options, done) => done(null, { connection: socket }),
    secure: tls === 'tls',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { minVersion: 'TLSv1.2' },
    name: 'bhor.invalid',
    ...(user !== undefined && password ? { auth: { user, pass: password.reveal() } } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
  }
  return createTransport(options)
}

async function ended(work: () => Promise<void>): Promise<Delivery> {
  try {
    await work()
    return { outcome: 'delivered' }
  } catch (error) {
    return deliveryOf(isBhorError(error) ? error : mailFault(error as MailError))
  }
}

/** https://nodemailer.com/errors: what it says of itself is a code; what the server says may quote the message. */
interface MailError extends NodeJS.ErrnoException {
  readonly responseCode?: number
}

function mailFault(error: MailError): BhorError {
  const { code = '', responseCode = 0 } = error
  const said = responseCode === 0 ? '' : ` It answers ${responseCode}.`
  if (code === 'EAUTH' || code === 'ENOAUTH')
    return new BhorError('channel_login_refused', `The mail server does not accept user and password.${said}`)
  if (code === 'ETLS' || code === 'EREQUIRETLS') return startTlsFault(error)
  if (code === 'EENVELOPE' && responseCode >= 500)
    return new BhorError('channel_receiver_refused', `The mail server refuses the address.${said}`)
  if (code === 'EMESSAGE' && responseCode >= 500)
    return new BhorError('channel_receiver_refused', `The mail server refuses the message.${said}`)
  const certificate = certificateFault(error)
  if (certificate.code === 'channel_unprotected') return certificate
  return new BhorError('channel_unavailable', `The mail server does not answer properly.${said}`, {
    // Behind the message nobody knows whether it was taken.
    facts: { mayHaveIt: code === 'ECONNECTION' || code === 'ETIMEDOUT' || code === 'ESOCKET' },
  })
}

function startTlsFault({ cause }: MailError): BhorError {
  const fault = cause instanceof Error ? certificateFault(cause) : undefined
  return fault?.code === 'channel_unprotected'
    ? fault
    : new BhorError(
        'channel_unprotected',
        'The mail server does not offer STARTTLS, or somebody on the way has taken it out.',
        {
          hint: 'Nothing was sent. Ask the provider for its port with TLS, usually 465.',
        },
      )
}

function serverOf(settings: ChannelSettings): Destination {
  const text = checkedField(
    settings,
    'server',
    (server) => /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/.test(server),
    'The mail server does not look right.',
    'Write host:port, e.g. smtp.example.com:587.',
  )
  const at = text.lastIndexOf(':')
  return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) }
}

function receiversOf({ to = '' }: ChannelSettings): readonly string[] {
  return to.split(',').map((address) => address.trim())
}

function checkAddresses(settings: ChannelSettings, name: string, most: number): void {
  checkedField(
    settings,
    name,
    (text) => {
      const addresses = text.split(',').map((address) => address.trim())
      return (
        addresses.length <= most &&
        addresses.every((address) => address.length <= 254 && addressPattern.test(address))
      )
    },
    `What stands in “${name}” is no mail address.`,
    'Write it as name@example.com, without a name around it.',
  )
}
