import { z } from 'zod'
import { sessionStatuses } from '../contracts/api.ts'
import { type FeedEventName, houseChanges } from '../contracts/events.ts'

const text = z.string()
const time = z.iso.datetime()
const kind = z.enum(['live', 'sandbox', 'broker-sandbox'])
const about = { account: text, broker: text, kind }
const told = { ...about, seq: z.int(), at: time, generation: z.int() }
const anEvent = <Name extends FeedEventName, Data extends z.ZodType>(event: Name, data: Data) =>
  z.object({ event: z.literal(event), data })
export const feedEvent = z.discriminatedUnion('event', [
  anEvent(
    'session.started',
    z.object({ ...told, startedBy: z.enum(['login', 'renewal', 'import', 'approval']) }),
  ),
  anEvent(
    'session.ended',
    z.object({ ...told, reason: z.enum(['expired', 'revoked', 'logged_out']), code: text.nullable() }),
  ),
  anEvent(
    'gate.changed',
    z.object({
      seq: z.int(),
      at: time,
      account: text.nullable(),
      broker: text.nullable(),
      kind: kind.nullable(),
      generation: z.int().nullable(),
      state: z.enum(['open', 'closed']),
      reason: text.nullable(),
    }),
  ),
  anEvent(
    'login.needed',
    z.object({ ...told, reason: z.enum(['expired', 'revoked', 'logged_out', 'renewal_failed']) }),
  ),
  anEvent(
    'login.finished',
    z.object({
      ...told,
      login: text.nullable(),
      result: z.enum(['done', 'failed', 'cancelled']),
      code: text.nullable(),
    }),
  ),
  anEvent('login.dropped', z.object({ ...told, code: text })),
  anEvent(
    'account.changed',
    z.object({
      ...told,
      change: z.enum([
        'added',
        'edited',
        'removed',
        'login_started',
        'login_returned',
        'login_asks',
        'tested',
        'doubted',
        'measured',
        'paused',
        'resumed',
        'compromised',
        'unconfirmed',
        'renewal_failed',
      ]),
    }),
  ),
  anEvent('house.changed', z.object({ seq: z.int(), at: time, change: z.enum(houseChanges) })),
  anEvent('key.used', z.object({ ...told, key: text })),
  anEvent('recovered', z.object({ ...told, from: text })),
  anEvent(
    'reset',
    z.object({
      seq: z.int(),
      at: time,
      reason: z.enum(['too_old', 'unknown_number', 'damaged']),
      accounts: z.array(
        z.object({
          ...about,
          generation: z.int(),
          status: z.enum(sessionStatuses),
          expiresAt: time.nullable(),
        }),
      ),
    }),
  ),
])
