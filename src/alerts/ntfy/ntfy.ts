import type { AlertChannel, AlertMessage, ChannelType, Severity } from '../../contracts/alerts.ts'
import { channelFields } from '../../contracts/channel-fields.ts'
import { BhorError } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import type { Dialler } from '../dialler.ts'
import { checkedField } from '../fields.ts'
import { ask, deliveryOf, faultOf, type HttpAnswer, webTarget } from '../http.ts'
import { gravestOf, inPieces, plainText, sendEach, subjectOf } from '../words.ts'

const what = 'The address of the ntfy server'
/** A longer message becomes a file that has to be opened: https://docs.ntfy.sh/publish/#limitations */
const longestBytes = 4_000
/** https://docs.ntfy.sh/publish/#message-priority */
const priorities: Readonly<Record<Severity, number>> = { info: 2, warning: 4, critical: 5 }
/** https://docs.ntfy.sh/publish/#action-buttons */
const mostActions = 3

/** A topic at an ntfy server. Whoever knows the topic reads it: it is a secret. */
export function ntfyType(dialler: Dialler): ChannelType {
  const headersFor = (token: Secret | undefined) => ({
    'content-type': 'application/json',
    ...(token ? { authorization: `Bearer ${token.reveal()}` } : {}),
  })
  return {
    kind: 'ntfy',
    reader: 'person',
    leastSeverity: 'warning',
    fields: channelFields.ntfy,
    async checked(settings, { topic, token }) {
      const server = checkedField(
        settings,
        'server',
        () => true,
        `${what} is missing.`,
        'Write https://ntfy.example.',
      )
      const url = webTarget(dialler, server, what)
      if (url.pathname !== '/' || url.search !== '')
        throw new BhorError('channel_invalid', `${what} is followed by a path.`, {
          hint: 'Write only https://ntfy.example; the topic is asked for by itself.',
          facts: { field: 'server' },
        })
      const topicText = topic?.reveal() ?? ''
      checkedField(
        { topic: topicText },
        'topic',
        (text) => /^[A-Za-z0-9_-]{1,64}$/.test(text),
        'The topic does not look right.',
        'It has 1 to 64 letters, digits, - and _.',
      )
      if (token) {
        checkedField(
          { token: token.reveal() },
          'token',
          (text) => /^[A-Za-z0-9_.-]{8,200}$/.test(text),
          'The access token does not look right.',
          'Copy it again from the ntfy server; it has no spaces.',
        )
      }
      return { ...settings, server: url.origin }
    },
    target: ({ server = '' }) => `${server}/…`,
    open: ({ server = '' }, { topic, token }): AlertChannel => ({
      send: (message) =>
        sendEach(inPieces(message, fits), async (piece) => {
          const actions = actionsOf(piece)
          const body = JSON.stringify({
            topic: topic!.reveal(),
            title: subjectOf(piece),
            message: cutTo(longestBytes, plainText(piece)),
            priority: priorities[gravestOf(piece)],
            ...(actions.length > 0 ? { actions } : {}),
          })
          try {
            const url = webTarget(dialler, server, what)
            const answer = await ask(dialler, { method: 'POST', url, headers: headersFor(token), body })
            const fault = ntfyFault(answer)
            if (fault) throw fault
            return { outcome: 'delivered' }
          } catch (error) {
            return deliveryOf(error)
          }
        }),
      async check() {
        try {
          const url = webTarget(dialler, `${server}/v1/health`, what)
          const answer = await ask(dialler, { method: 'GET', url, headers: headersFor(token) })
          const fault = ntfyFault(answer)
          if (fault) throw fault
          if (!/"healthy"\s*:\s*true/.test(answer.text))
            throw new BhorError('channel_unavailable', 'The ntfy server does not say that it is well.')
          return { outcome: 'delivered' }
        } catch (error) {
          return deliveryOf(error)
        }
      },
    }),
  }
}

function fits(message: AlertMessage): boolean {
  return Buffer.byteLength(plainText(message)) <= longestBytes
}

function actionsOf({ alerts }: AlertMessage) {
  const links = alerts.flatMap((alert) => alert.links ?? [])
  return links
    .flatMap(({ label, url }) => (url ? [{ action: 'view', label, url, clear: true }] : []))
    .slice(0, mostActions)
}

/** ntfy answers 403 for a token that may not write to the topic. */
function ntfyFault(answer: HttpAnswer): BhorError | undefined {
  return answer.status === 403
    ? new BhorError('channel_login_refused', 'The ntfy server does not let this token write to the topic.')
    : faultOf(answer)
}

/** As many whole characters as fit, of a single line that is too long. */
function cutTo(bytes: number, text: string): string {
  if (Buffer.byteLength(text) <= bytes) return text
  return `${Buffer.from(text)
    .subarray(0, bytes - 6)
    .toString('utf8')
    .replace(/\ufffd+$/, '')}…`
}
