import type { IntentRecord } from '../../contracts/store.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import type { SessionContext } from '../ground/context.ts'
import { isOwnIntent, settleIntent } from '../ground/intent.ts'
import { keeper } from '../ground/rights.ts'

/** At the start of the only process on this store: whoever was at an exchange or renewal is dead. */
export async function giveUpAll(context: SessionContext): Promise<void> {
  for (const intent of (await context.store.intents.open()).records)
    if (isOwnIntent(context, intent)) await unlessDamaged(giveUp(context, intent))
}

/** Before a stop: what is under way may finish; what does not is told as lost, so that the next start asks the broker. */
export async function endFlights(context: SessionContext, withinMs: number): Promise<void> {
  for (const intent of await context.flights.end(withinMs)) await unlessDamaged(giveUp(context, intent))
}

/** The broker may have acted after a probe that came between. */
export async function giveUp(context: SessionContext, intent: IntentRecord): Promise<void> {
  const error = new BhorError(
    'answer_lost',
    'bhor was stopped between asking the broker and storing its answer.',
  )
  const action = intent.kind === 'renewal' ? 'session.renew' : 'login.exchange'
  const lost = { actor: keeper.actor, action, state: 'lost', error } as const
  await settleIntent(context, intent, { ...lost, faultAtMs: intent.createdAtMs })
}

/** A damaged row says so to whoever uses that account; it must not keep a server from starting or stopping. */
async function unlessDamaged(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!isBhorError(error, 'store_damaged')) throw error
  }
}
