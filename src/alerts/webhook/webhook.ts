import { createHmac } from 'node:crypto'
import type {
  Alert,
  AlertChannel,
  AlertMessage,
  ChannelType,
  Delivery,
  WebhookAlert,
} from '../../contracts/alerts.ts'
import { channelFields } from '../../contracts/channel-fields.ts'
import type { Clock } from '../../core/clock.ts'
import { BhorError } from '../../core/errors.ts'
import { iso } from '../../core/instant.ts'
import type { Random } from '../../core/random.ts'
import { Secret } from '../../core/secret.ts'
import type { Dialler } from '../dialler.ts'
import { ask, deliveryOf, faultOf, webTarget } from '../http.ts'

const what = 'The webhook’s address'

/** Events for programs: https://www.standardwebhooks.com. The address is a secret too, because many services put one into it. */
export function webhookType(dialler: Dialler, clock: Pick<Clock, 'nowMs'>, random: Random): ChannelType {
  return {
    kind: 'webhook',
    reader: 'program',
    leastSeverity: 'info',
    fields: channelFields.webhook,
    makes: {
      field: 'secret',
      make: () => new Secret(`whsec_${Buffer.from(random.bytes(32)).toString('base64')}`),
    },
    async checked(settings, { url, secret }) {
      webTarget(dialler, url?.reveal() ?? '', what)
      if (secret) keyOf(secret)
      return settings
    },
    target: (_settings, { url }) => originOf(url),
    open: (_settings, { url, secret }): AlertChannel => ({
      async send(message) {
        const body = bodyOf(message)
        const seconds = Math.floor(clock.nowMs() / 1000)
        try {
          const answer = await ask(dialler, {
            method: 'POST',
            url: webTarget(dialler, url!.reveal(), what),
            headers: {
              'content-type': 'application/json',
              'webhook-id': message.id,
              'webhook-timestamp': String(seconds),
              'webhook-signature': `v1,${signatureOf(secret!, `${message.id}.${seconds}.${body}`)}`,
            },
            body,
          })
          const fault = faultOf(answer)
          if (fault) throw fault
          return { outcome: 'delivered' }
        } catch (error) {
          return deliveryOf(error)
        }
      },
      // Whatever is posted there would be taken for an event: only the way to it is looked at.
      async check(): Promise<Delivery> {
        try {
          const { hostname, port, protocol } = webTarget(dialler, url!.reveal(), what)
          const host = hostname.replace(/^\[|\]$/g, '')
          const { socket } = await dialler.dial(
            { host, port: Number(port || (protocol === 'https:' ? 443 : 80)) },
            10_000,
          )
          socket.destroy()
          return { outcome: 'delivered' }
        } catch (error) {
          return deliveryOf(error)
        }
      },
    }),
  }
}

function originOf(url: Secret | undefined): string {
  const origin = URL.parse(url?.reveal() ?? '')?.origin
  return origin === undefined ? 'nowhere' : `${origin}/…`
}

/** One event by itself; those that have piled up as one, with each in it as it would have come. */
function bodyOf({ alerts, atMs }: AlertMessage): string {
  const events = alerts.map(eventOf)
  const [first, second] = events
  const body =
    second === undefined ? first : { type: 'alerts', timestamp: iso(atMs), data: { alerts: events } }
  return JSON.stringify(body)
}

function eventOf(alert: Alert) {
  const { account, event, kind, severity, title, text, next, atMs } = alert
  const data: WebhookAlert = {
    ...event?.data,
    alert: kind,
    severity,
    account: account?.alias ?? null,
    broker: account?.broker ?? null,
    kind: account?.kind ?? null,
    generation: account?.generation ?? null,
    title,
    text,
    next,
  }
  const links = (alert.links ?? []).flatMap(({ label, url }) => (url ? [{ label, url }] : []))
  return {
    type: event?.type ?? 'alert',
    timestamp: iso(atMs),
    data: links.length > 0 ? { ...data, links } : data,
  }
}

function keyOf(secret: Secret): Buffer {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret.reveal())?.[1] ?? ''
  const key = Buffer.from(base64, 'base64')
  if (key.length >= 24 && key.length <= 64 && key.toString('base64') === base64) return key
  throw new BhorError('channel_invalid', 'The signing secret does not look right.', {
    hint: 'It is whsec_ and 24 to 64 bytes in base64. Leave it out, and bhor makes one.',
    facts: { field: 'secret' },
  })
}

/** The base64 text behind `v1,`: https://www.standardwebhooks.com. */
export function signatureOf(secret: Secret, text: string): string {
  return createHmac('sha256', keyOf(secret)).update(text, 'utf8').digest('base64')
}
