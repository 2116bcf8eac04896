import type { IntentRecord } from '../../contracts/store.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import type { SessionContext } from '../ground/context.ts'
import { settleIntent } from '../ground/intent.ts'
import { keeper } from '../ground/rights.ts'
import { endSession } from './ending.ts'

/** Between two looks. Expiry does not depend on it: every hand-out reads the clock itself. */
export const tickMs = 30_000
/**
 * Two tries, the profile and a logout at 20 s each, and the store: no exchange lasts this long. An intent that is open
 * still belongs to a process that died.
 */
const intentLostAfterMs = 3 * 60_000

/**
 * Writes down what time has decided: sessions that ended by themselves, and exchanges of which nobody knows how they
 * went. Safe to repeat, and safe in several processes at once.
 */
export async function keep(context: SessionContext, options: { readonly isAlone: boolean }): Promise<void> {
  const nowMs = context.clock.nowMs()
  for (const session of (await context.store.sessions.latestOfAll()).records) {
    if (session.status === 'active' && nowMs >= session.expiresAtMs)
      await unlessDamaged(endSession(context, keeper.actor, session, 'expired'))
  }
  for (const intent of (await context.store.intents.open()).records) {
    if (options.isAlone || nowMs - intent.createdAtMs >= intentLostAfterMs)
      await unlessDamaged(giveUp(context, intent))
  }
}

/** A damaged row says so to whoever uses that account; it must not stop the keeper for all the others. */
async function unlessDamaged(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!isBhorError(error, 'store_damaged')) throw error
  }
}

/** Before a stop: what is under way may finish; what does not is told as lost, so that the next start asks the broker. */
export async function endFlights(context: SessionContext, withinMs: number): Promise<void> {
  for (const intent of await context.flights.end(withinMs)) await unlessDamaged(giveUp(context, intent))
}

/** The broker may have acted after a probe that came between. */
async function giveUp(context: SessionContext, intent: IntentRecord): Promise<void> {
  const error = new BhorError(
    'answer_lost',
    'bhor was stopped between asking the broker and storing its answer.',
  )
  const action = intent.kind === 'renewal' ? 'session.renew' : 'login.exchange'
  const lost = { actor: keeper.actor, action, state: 'lost', error } as const
  await settleIntent(context, intent, { ...lost, faultAtMs: intent.createdAtMs, forgetsProbe: true })
}
