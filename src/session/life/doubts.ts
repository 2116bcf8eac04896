import type { AccountRecord, SessionRecord } from '../../contracts/store.ts'
import { istDayNumber } from '../../core/ist.ts'

/**
 * Since when it is open whether the broker still knows this session, or from when on; undefined when nothing says so, or the
 * broker was asked since. A later login or renewal that went wrong (another person logged in, the answer was lost, bhor was
 * stopped) may have ended it, because a broker that keeps one session ends the old one when it grants the new; so may
 * the login of another account, and a program can report that the broker refuses it.
 */
export function doubtAtMs(
  { lastFault, lastDoubt, lastProbe }: AccountRecord,
  session: SessionRecord,
): number | undefined {
  if (session.status !== 'active') return undefined
  const answeredAtMs = lastProbe === null || lastProbe.verdict === 'unknown' ? -1 : lastProbe.atMs
  const open = [lastFault, lastDoubt]
    .flatMap((cause) => cause?.atMs ?? [])
    .filter((atMs) => atMs >= session.createdAtMs && atMs > answeredAtMs)
  return open.length === 0 ? undefined : Math.min(...open)
}

/** Whether it should be asked about now: not again within minutes after the broker gave no word. */
export function isInDoubt(account: AccountRecord, session: SessionRecord, nowMs: number): boolean {
  if (nowMs >= session.expiresAtMs) return false
  const sinceMs = doubtAtMs(account, session)
  if (sinceMs === undefined) return false
  const { lastProbe } = account
  const isUnanswered = lastProbe !== null && lastProbe.atMs >= sinceMs
  return !isUnanswered || nowMs - lastProbe.atMs >= askAgainAfterMs
}

/** A probe that got no word from the broker is repeated, politely. */
export const askAgainAfterMs = 5 * 60_000

/** Whether nobody has asked the broker about a live session on this day yet: it is asked before the first hand-out. */
export function isUnproven({ lastProbe }: AccountRecord, session: SessionRecord, nowMs: number): boolean {
  if (session.status !== 'active' || nowMs >= session.expiresAtMs) return false
  const askedAtMs = Math.max(session.createdAtMs, lastProbe?.atMs ?? 0)
  return istDayNumber(askedAtMs) < istDayNumber(nowMs)
}
