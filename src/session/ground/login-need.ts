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
 * session that still lives its end tells that a login is needed; people hear at once that nothing will renew it.
 */
export async function giveUpRenewal(c: Change, actor: Actor, account: AccountRecord): Promise<void> {
  const renewal = (await c.reads.work.of(account.id)).find(({ kind }) => kind === 'renewal')
  if (!renewal || renewal.notBeforeMs === neverMs) return
  await c.retryFrom(account.id, 'renewal', neverMs)
  const session = await c.reads.sessions.latest(account.id)
  if (session?.status === 'ended') c.tell(loginNeed(actor, account, 'renewal_failed'))
  else if (session) c.tell({ actor, action: 'alert.notice', result: 'ok', account, detail: givenUp })
}

const givenUp = {
  alert: 'renewal_failed',
  state: 'begun',
  said: 'bhor tries no more. The session lives until its end, and only a login brings the next one.',
}
