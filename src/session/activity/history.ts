import type { AccountHistory, PastSession } from '../../contracts/activity.ts'
import type { SessionRecord } from '../../contracts/store.ts'
import { dataWithoutControls } from '../../core/control-characters.ts'
import { iso, isoOrNull } from '../../core/instant.ts'
import { accountFor } from '../accounts/account.ts'
import type { SessionContext } from '../ground/context.ts'
import { soundOf } from '../ground/records.ts'
import type { Principal } from '../ground/rights.ts'

const days = 30
const dayMs = 24 * 60 * 60_000

/**
 * When the sessions of the last 30 days began, how they ended, and who logged in; with the one that lived as these days
 * began.
 *
 * @throws BhorError `scope_missing`, `account_not_found`, `store_damaged`
 */
export async function historyOf(
  context: SessionContext,
  principal: Principal,
  alias: string,
): Promise<AccountHistory> {
  const account = await accountFor(context, principal, 'status', alias)
  const nowMs = context.clock.nowMs()
  const sinceMs = nowMs - days * dayMs
  const rows = await context.store.sessions.ofAccount(account.id, sinceMs)
  const isOver = ({ endedAtMs, expiresAtMs }: SessionRecord) =>
    Math.min(endedAtMs ?? expiresAtMs, expiresAtMs) < sinceMs
  const sessions = soundOf(context.vault, 'sessions', rows).filter((session) => !isOver(session))
  return dataWithoutControls<AccountHistory>({
    account: account.alias,
    broker: account.broker,
    kind: account.kind,
    generation: account.generation,
    since: iso(sinceMs),
    sessions: sessions.map((session) => pastSession(session, nowMs)),
  })
}

function pastSession(session: SessionRecord, nowMs: number): PastSession {
  // Time has decided it, whether that was written down, or the next login found it so.
  const isOver = (session.endedAtMs ?? nowMs) >= session.expiresAtMs
  return {
    generation: session.generation,
    startedAt: iso(session.createdAtMs),
    startedBy: session.startedBy,
    userId: session.userId,
    userName: session.userName,
    expiresAt: iso(session.expiresAtMs),
    endedAt: isOver ? iso(session.expiresAtMs) : isoOrNull(session.endedAtMs),
    end: isOver ? 'expired' : session.endReason,
  }
}
