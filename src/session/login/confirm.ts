import type { AccountView } from '../../contracts/api.ts'
import { BhorError } from '../../core/errors.ts'
import { accountFor } from '../accounts/account.ts'
import { accountView } from '../accounts/view.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { amended } from '../ground/records.ts'
import { type Principal, requireAtDesk } from '../ground/rights.ts'
import { latestSessionOf } from '../life/live.ts'

/**
 * Says that the person who logged in from outside is the right one: the account is pinned to them, and programs get the
 * session. Said again, it changes nothing.
 *
 * @param userId as the person was shown it
 * @throws BhorError `nothing_to_confirm`, `bad_field` for another person than is waiting, `scope_missing`
 */
export async function confirmPerson(
  context: SessionContext,
  principal: Principal,
  alias: string,
  userId: string,
): Promise<AccountView> {
  requireAtDesk(principal)
  const account = await change(context, async (c) => {
    const before = await accountFor(context, principal, 'admin', alias, c.reads)
    const session = await latestSessionOf(context, before, c.reads)
    if (before.userId !== '' && before.userId === userId && session?.unconfirmed === '') return before
    const isLive = session?.status === 'active' && context.clock.nowMs() < session.expiresAtMs
    if (!session || !isLive || session.unconfirmed === '')
      throw new BhorError('nothing_to_confirm', `No session of ${alias} waits to be confirmed.`)
    if (session.userId !== userId) {
      throw new BhorError('bad_field', `Somebody else is logged in to ${alias} than was confirmed.`, {
        hint: 'Look again who it is: bhor accounts show. Confirm the user id that stands there.',
        facts: { field: 'userId' },
      })
    }
    const after = amended(context.vault, 'accounts', before, { userId })
    const { generation, startedBy, unconfirmed } = session
    const detail = { generation, user: userId, startedBy, via: unconfirmed }
    const { actor } = principal
    const tx = c.tell({ actor, action: 'session.confirm', result: 'ok', account: after, detail })
    await tx.sessions.update(amended(context.vault, 'sessions', session, { unconfirmed: '' }))
    await tx.accounts.update(after, before.generation)
    return after
  })
  return accountView(context, account)
}
