import type { Actor } from '../../contracts/audit.ts'
import type { SessionRecord } from '../../contracts/store.ts'
import type { ErrorCode } from '../../core/errors.ts'
import { change, type EventDetail } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { loginNeed } from '../ground/login-need.ts'
import { amended } from '../ground/records.ts'

const actionOf = {
  expired: 'session.expire',
  revoked: 'session.revoke',
  logged_out: 'session.logout',
} as const

/**
 * Ends the current session of an account, unless a newer one has taken its place meanwhile: what was learnt about
 * generation 4 says nothing about generation 5.
 *
 * @param more what its record says beside the generation
 * @returns whether this call ended it
 */
export async function endSession(
  context: SessionContext,
  actor: Actor,
  session: SessionRecord,
  reason: keyof typeof actionOf,
  code?: ErrorCode,
  more: EventDetail = {},
): Promise<boolean> {
  return change(context, async (c) => {
    const account = await c.reads.accounts.byId(session.accountId)
    const current = await c.reads.sessions.latest(session.accountId)
    if (!account || current?.id !== session.id || current.status !== 'active') return false
    const ended = { status: 'ended', endReason: reason, endedAtMs: context.clock.nowMs() } as const
    const record = amended(context.vault, 'sessions', current, ended)
    const detail = { generation: session.generation, ...more }
    const action = actionOf[reason]
    const tx = c.tell({ actor, action, result: 'ok', account, detail, ...(code ? { code } : {}) })
    await tx.sessions.update(record)
    if (!(await context.planner.willRenew(c.reads, account, record)))
      c.tell(loginNeed(actor, account, reason))
    return true
  })
}
