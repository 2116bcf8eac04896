import type { Actor } from '../contracts/audit.ts'
import type { SessionRecord } from '../contracts/store.ts'
import type { ErrorCode } from '../core/errors.ts'
import { entryOf, type SessionContext } from './context.ts'
import { amended } from './records.ts'

const actionOf = {
  expired: 'session.expire',
  revoked: 'session.revoke',
  logged_out: 'session.logout',
} as const

/**
 * Ends the current session of an account, unless a newer one has taken its place meanwhile: what was learnt about
 * generation 4 says nothing about generation 5.
 *
 * @returns whether this call ended it
 */
export async function endSession(
  context: SessionContext,
  actor: Actor,
  session: SessionRecord,
  reason: keyof typeof actionOf,
  code?: ErrorCode,
): Promise<boolean> {
  const ended = await context.store.transaction(async (tx) => {
    const account = await tx.accounts.byId(session.accountId)
    const current = await tx.sessions.latest(session.accountId)
    if (!account || current?.id !== session.id || current.status !== 'active') return false
    const endedAtMs = context.clock.nowMs()
    await tx.sessions.update(
      amended(context.vault, 'sessions', current, { status: 'ended', endReason: reason, endedAtMs }),
    )
    const detail = { generation: session.generation }
    await context.audit.within(tx, [
      entryOf(context, actor, account, {
        action: actionOf[reason],
        result: 'ok',
        detail,
        ...(code ? { code } : {}),
      }),
    ])
    return true
  })
  if (ended) context.changes.announce()
  return ended
}
