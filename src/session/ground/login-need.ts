import type { Actor } from '../../contracts/audit.ts'
import type { LoginNeeded } from '../../contracts/events.ts'
import type { AccountRecord } from '../../contracts/store.ts'
import { neverMs } from '../../contracts/work.ts'
import type { Change, Event } from './change.ts'

/** What is told in the commit after which only a login brings the next session: nothing will be renewed. */
export function loginNeed(actor: Actor, account: AccountRecord, reason: LoginNeeded['reason']): Event {
  return { actor, action: 'login.need', result: 'ok', account, detail: { reason } }
}

/**
 * No renewal is tried for this account until it has another session or somebody corrects what it is made with. Of a
 * session that still lives its end tells that a login is needed.
 */
export async function giveUpRenewal(c: Change, actor: Actor, account: AccountRecord): Promise<void> {
  const renewal = (await c.reads.work.of(account.id)).find(({ kind }) => kind === 'renewal')
  if (!renewal || renewal.notBeforeMs === neverMs) return
  await c.retryFrom(account.id, 'renewal', neverMs)
  const session = await c.reads.sessions.latest(account.id)
  if (session?.status === 'ended') c.tell(loginNeed(actor, account, 'renewal_failed'))
}
