import type { AccountRecord, SessionRecord } from '../../contracts/store.ts'
import { isBhorError } from '../../core/errors.ts'
import type { SessionContext } from '../ground/context.ts'
import { soundOf } from '../ground/records.ts'
import { keeper } from '../ground/rights.ts'
import type { Probes } from './probe.ts'

/** A probe that got no word from the broker is repeated, politely. */
const askAgainAfterMs = 5 * 60_000

/**
 * Asks the broker about every live session that a later login or renewal may have ended there: one that went wrong
 * (another person logged in, the answer was lost, bhor was stopped) leaves the session before it in doubt, because a
 * broker that keeps one session ends the old one when it grants the new.
 *
 * @param isStopped asked before each account, so that a server that ends waits for one answer at most
 */
export async function settleDoubts(
  context: SessionContext,
  probes: Probes,
  isStopped: () => boolean,
): Promise<void> {
  const { store, vault } = context
  const latest = soundOf(vault, 'sessions', await store.sessions.latestOfAll())
  const sessions = new Map(latest.map((session) => [session.accountId, session]))
  for (const account of soundOf(vault, 'accounts', await store.accounts.list())) {
    if (isStopped()) return
    const session = sessions.get(account.id)
    if (!session || !isInDoubt(account, session, context.clock.nowMs())) continue
    try {
      await probes.test(keeper, account.alias)
    } catch (error) {
      // Logged out or replaced meanwhile, damaged, or tested too often: whoever uses that account is told.
      if (!isBhorError(error)) throw error
    }
  }
}

/** Whether a later login or renewal may have ended this session at the broker, and the broker was not asked since. */
export function isInDoubt(
  { lastFault, lastProbe }: AccountRecord,
  session: SessionRecord,
  nowMs: number,
): boolean {
  if (session.status !== 'active' || nowMs >= session.expiresAtMs) return false
  if (!lastFault || lastFault.atMs < session.createdAtMs) return false
  if (!lastProbe || lastProbe.atMs < lastFault.atMs) return true
  return lastProbe.verdict === 'unknown' && nowMs - lastProbe.atMs >= askAgainAfterMs
}
