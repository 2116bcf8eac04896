import type { IntentRecord } from '../../contracts/store.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import type { SessionContext } from '../ground/context.ts'
import { settleIntent } from '../ground/intent.ts'
import { keeper } from '../ground/rights.ts'
import { latestSessionOf } from '../life/live.ts'
import type { commitSession } from './commit.ts'

type Committed = Awaited<ReturnType<typeof commitSession>>

/** How long a store that does not answer is waited for while somebody waits for us. */
const storeAnswersWithinMs = 5_000
const askAgainAfterMs = 250

/** A commit of which nobody knows whether it happened: the token may be the account's now. */
export function isUnknown(error: unknown): boolean {
  return isBhorError(error) && error.facts.outcome === 'unknown'
}

/**
 * After a commit that failed: what is stored counts, not what was said. Where nothing was, room is made and the commit,
 * which holds what exists nowhere else, gets one more try.
 *
 * @param stored reads what the commit has stored, if it did
 * @throws what the commit threw; with the fact `outcome: unknown` only where the store does not answer
 */
export async function commitAgain<T>(
  context: SessionContext,
  intent: IntentRecord,
  error: unknown,
  commit: () => Promise<T>,
  stored: () => Promise<T>,
): Promise<T> {
  if (!isUnknown(error) && !isBhorError(error, 'store_full')) throw error
  if (await isStoredAfterAll(context, intent, error)) return stored()
  await context.store.release()
  try {
    return await commit()
  } catch (again) {
    if (await isStoredAfterAll(context, intent, again)) return stored()
    throw again
  }
}

async function isStoredAfterAll(
  context: SessionContext,
  intent: IntentRecord,
  error: unknown,
): Promise<boolean> {
  return isUnknown(error) && !(await isStillOpen(context, intent))
}

/** What is left to do once the store answers: nothing when the session is in it, else to log out and to say so. */
export async function settleUnknown(
  context: SessionContext,
  intent: IntentRecord,
  drop: () => Promise<void>,
): Promise<void> {
  if (!(await isOpen(context, intent))) return
  await drop()
  const error = new BhorError('answer_lost', 'The broker’s answer could not be stored.')
  const { actor } = keeper
  const action = intent.kind === 'renewal' ? 'session.renew' : 'login.exchange'
  await settleIntent(context, intent, { actor, action, state: 'lost', error })
}

/** The session that the commit of this intent has stored. */
export async function storedSession(context: SessionContext, intent: IntentRecord): Promise<Committed> {
  const account = await context.store.accounts.byId(intent.accountId)
  const session = account && (await latestSessionOf(context, account))
  if (account && session) return { account, session }
  throw new BhorError('account_not_found', 'The account was removed while its login ran.')
}

/** The session is committed together with the end of its intent. */
async function isOpen({ store }: SessionContext, { id }: IntentRecord): Promise<boolean> {
  return (await store.intents.open()).records.some((intent) => intent.id === id)
}

async function isStillOpen(context: SessionContext, intent: IntentRecord): Promise<boolean> {
  const { clock } = context
  for (let waitedMs = 0; ; waitedMs += askAgainAfterMs) {
    try {
      return await isOpen(context, intent)
    } catch (error) {
      if (waitedMs < storeAnswersWithinMs) {
        await clock.sleep(askAgainAfterMs)
        continue
      }
      const text = 'The store does not answer, so it is not known yet whether the session was stored.'
      throw new BhorError('store_unavailable', text, { cause: error, facts: { outcome: 'unknown' } })
    }
  }
}
