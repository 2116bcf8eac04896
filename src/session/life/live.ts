import type { AccountRecord, SessionRecord, StoreReads } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { istMoment } from '../../core/ist.ts'
import type { SessionContext } from '../ground/context.ts'
import { proven } from '../ground/records.ts'
import { noAccount } from '../ground/rights.ts'

/**
 * The newest session of an account that was read before, authenticated. It cannot be older than the account says: whoever
 * can write the file must not be able to bring back an earlier session by deleting the row of a later one.
 *
 * @throws BhorError `store_damaged`, `account_not_found` when the account was removed meanwhile
 */
export async function latestSessionOf(
  context: Pick<SessionContext, 'store' | 'vault'>,
  account: AccountRecord,
  reads: StoreReads = context.store,
): Promise<SessionRecord | undefined> {
  const session = await reads.sessions.latest(account.id)
  if ((session?.generation ?? 0) >= account.generation) {
    return session && proven(context.vault, 'sessions', session)
  }
  if (!(await reads.accounts.byId(account.id))) throw noAccount()
  throw new BhorError(
    'store_damaged',
    `The session of generation ${account.generation} of ${account.alias} is missing.`,
    { facts: { table: 'sessions', generation: account.generation } },
  )
}

/**
 * The live session of an account, and also one whose end has come only by a clock that nobody has confirmed.
 *
 * @throws BhorError `session_none`, `session_expired`, `session_revoked` with since when
 */
export async function probableSessionOf(
  context: SessionContext,
  account: AccountRecord,
): Promise<SessionRecord> {
  const session = await latestSessionOf(context, account)
  const isUnsure = () => session && context.clock.isUnsure(session.expiresAtMs, account.kind === 'sandbox')
  if (session?.status === 'active' && isUnsure()) return session
  return liveOrThrow(context.clock.nowMs(), account, session)
}

/** Passes on a session that may be used at `nowMs`, and says exactly why any other may not. */
export function liveOrThrow(
  nowMs: number,
  account: AccountRecord,
  session: SessionRecord | undefined,
): SessionRecord {
  if (!session) throw noSession(account)
  const hint = loginHint(account)
  if (session.status === 'active' && nowMs < session.expiresAtMs) return session
  if (session.status === 'active' || session.endReason === 'expired') {
    throw new BhorError(
      'session_expired',
      `The session of ${account.alias} ended at ${istMoment(session.expiresAtMs)}.`,
      { hint },
    )
  }
  const since = istMoment(session.endedAtMs ?? session.expiresAtMs)
  const how =
    session.endReason === 'logged_out' ? 'was logged out' : 'was ended by the broker or another login'
  throw new BhorError('session_revoked', `The session of ${account.alias} ${how} at ${since}.`, { hint })
}

/** Why an account without any session has none. */
export function noSession(account: AccountRecord): BhorError {
  const hint = loginHint(account)
  if (account.lastFault?.code !== 'answer_lost') {
    return new BhorError('session_none', `The account ${account.alias} has no session.`, { hint })
  }
  const at = istMoment(account.lastFault.atMs)
  return new BhorError('needs_login', `The last login was cut off at ${at} before its session was stored.`, {
    hint,
  })
}

function loginHint(account: AccountRecord): string {
  return `Start a login: bhor login ${account.alias}.`
}
