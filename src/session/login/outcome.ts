import type { AccountRecord, LoginRecord } from '../../contracts/store.ts'
import { BhorError, type ErrorCode, wordsOf } from '../../core/errors.ts'
import type { SessionContext } from '../ground/context.ts'
import { proven } from '../ground/records.ts'
import { loginOf } from './pending.ts'

/** As long as somebody waits for a page; the exchange itself may take longer. */
const finishesWithinMs = 25_000
/** What another server on the same store does is heard of within a second or so. */
const lookAgainAfterMs = 1_000

/**
 * How a login that somebody has finished, or is just finishing, came out, for whoever comes to it a second time: what the
 * first one was told.
 *
 * @returns the login, done or open again for an answer
 * @throws BhorError with the cause of one that failed; `cancelled`, `login_expired`; `login_in_progress` when it takes too long
 */
export async function outcomeOf(
  context: SessionContext,
  account: AccountRecord,
  loginId: string,
): Promise<LoginRecord> {
  const login = await whenFinished(context, account, loginId)
  switch (login.status) {
    case 'done':
      return login
    case 'cancelled':
      throw new BhorError('cancelled')
    case 'failed':
      throw await causeOf(context, account, login)
    default:
      refuseExpired(context, login)
      return login
  }
}

/** @throws BhorError `login_expired` */
export function refuseExpired({ clock }: SessionContext, { expiresAtMs }: LoginRecord): void {
  if (clock.nowMs() >= expiresAtMs) throw new BhorError('login_expired')
}

/** Why a login brought no session, as a sentence; what to do about it is the code's hint. */
export function outcomeText({ lastFault }: Pick<AccountRecord, 'lastFault'>, outcome: ErrorCode): string {
  return lastFault?.code === outcome ? lastFault.detail : wordsOf(outcome).sentence
}

async function causeOf(
  { store, vault }: SessionContext,
  { id }: AccountRecord,
  { outcome }: LoginRecord,
): Promise<BhorError> {
  const code = (outcome || 'login_used') as ErrorCode
  const account = await store.accounts.byId(id)
  const fault = account ? proven(vault, 'accounts', account) : { lastFault: null }
  return new BhorError(code, outcomeText(fault, code))
}

async function whenFinished(
  context: SessionContext,
  account: AccountRecord,
  loginId: string,
): Promise<LoginRecord> {
  const { clock, feed, flights } = context
  const untilMs = clock.monotonicMs() + finishesWithinMs
  for (;;) {
    const { version } = feed
    const login = await loginOf(context, account, loginId)
    if (login.status !== 'used') return login
    if (clock.monotonicMs() >= untilMs) break
    await flights.retry(account.id)
    await feed.past(version, clock, lookAgainAfterMs)
  }
  throw new BhorError(
    'login_in_progress',
    'This login is still being finished, or nobody knows yet how it ended.',
    {
      hint: 'Look at the account in a minute.',
      retryAfterMs: 5_000,
    },
  )
}
