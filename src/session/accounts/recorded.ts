import type { AuditRecord } from '../../contracts/audit.ts'
import { isBhorError } from '../../core/errors.ts'
import type { SessionContext } from '../ground/context.ts'
import { noAccount, type Principal, requireRight } from '../ground/rights.ts'
import { accountFor } from './account.ts'

/**
 * The ids of all accounts that are called so, or were when they went: what is recorded of them stays.
 *
 * @throws BhorError `scope_missing` for whoever may not see every account, `account_not_found`, `store_damaged`
 */
export async function recordedIds(
  context: SessionContext,
  principal: Principal,
  alias: string,
): Promise<readonly string[]> {
  requireRight(principal, 'admin', 'house')
  const present = await accountFor(context, principal, 'admin', alias).catch((error: unknown) => {
    if (!isBhorError(error, 'account_not_found')) throw error
  })
  const gone = (await recordsOfGone(context)).filter(({ account }) => account === alias)
  const ids = [present?.id, ...gone.map(({ accountId }) => accountId)].filter((id) => id !== undefined)
  if (ids.length === 0) throw noAccount()
  return ids
}

/**
 * The names of accounts that are gone, as their last records have them.
 *
 * @throws BhorError `scope_missing` for whoever may not see every account
 */
export async function goneNames(context: SessionContext, principal: Principal): Promise<string[]> {
  requireRight(principal, 'admin', 'house')
  const names = (await recordsOfGone(context)).map(({ account }) => account)
  return [...new Set(names.filter((name) => name !== undefined))].toSorted()
}

async function recordsOfGone({ store }: SessionContext): Promise<readonly AuditRecord[]> {
  const { records, damaged } = await store.accounts.list()
  const there = new Set([...records, ...damaged].map(({ id }) => id))
  return (await store.audit.lastOfEach()).filter(
    ({ accountId }) => accountId !== undefined && !there.has(accountId),
  )
}
