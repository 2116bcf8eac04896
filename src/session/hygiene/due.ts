import type { AccountRecord, AccountSettings, SessionRecord } from '../../contracts/store.ts'
import { durationMs } from '../../core/duration.ts'
import { isWallClock, nextIst } from '../../core/ist.ts'
import type { SessionContext } from '../ground/context.ts'
import { lastHandOutAtMs, liveSession } from './uses.ts'

/** When an account shall be logged out by itself, and by which of its two rules. */
export interface DueLogout {
  readonly atMs: number
  readonly why: 'time of day' | 'unused'
}

/** When `account` is due to be logged out; undefined without a rule or a live session. It may lie in the past. */
export async function dueHygiene(
  context: Pick<SessionContext, 'store' | 'clock'>,
  account: AccountRecord,
): Promise<DueLogout | undefined> {
  const { hygiene } = account.settings
  if (!hygiene) return undefined
  const session = await liveSession(context, account)
  if (!session) return undefined
  const usedAtMs =
    hygiene.logoutUnusedAfter === undefined ? undefined : await lastHandOutAtMs(context, session)
  return dueLogout(hygiene, session, usedAtMs)
}

/** The sooner of the two: the time of day that comes first after the login, and so long after the last hand-out. */
export function dueLogout(
  rules: AccountSettings['hygiene'],
  { grantedAtMs, createdAtMs }: Pick<SessionRecord, 'grantedAtMs' | 'createdAtMs'>,
  usedAtMs: number | undefined,
): DueLogout | undefined {
  const { logoutAt, logoutUnusedAfter } = rules ?? {}
  const due: DueLogout[] = []
  if (isWallClock(logoutAt)) {
    const atMs = nextIst(logoutAt, Temporal.Instant.fromEpochMilliseconds(grantedAtMs)).epochMilliseconds
    due.push({ atMs, why: 'time of day' })
  }
  const unusedMs = logoutUnusedAfter === undefined ? undefined : durationMs(logoutUnusedAfter)
  if (unusedMs !== undefined)
    due.push({ atMs: Math.max(createdAtMs, usedAtMs ?? 0) + unusedMs, why: 'unused' })
  return due.sort((a, b) => a.atMs - b.atMs)[0]
}
