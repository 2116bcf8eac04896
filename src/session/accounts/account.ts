import type { Scope } from '../../contracts/api.ts'
import type { AccountRecord, StoreReads } from '../../contracts/store.ts'
import type { SessionContext } from '../ground/context.ts'
import { proven } from '../ground/records.ts'
import { noAccount, type Principal, requireRight } from '../ground/rights.ts'

/**
 * The account of that name, authenticated, for a caller who has this right on it.
 *
 * @throws BhorError `scope_missing`; `account_not_found` also where the caller may not see it; `store_damaged`
 */
export async function accountFor(
  context: Pick<SessionContext, 'store' | 'vault'>,
  principal: Principal,
  right: Scope,
  alias: string,
  reads: StoreReads = context.store,
): Promise<AccountRecord> {
  requireRight(principal, right, 'own')
  const account = await reads.accounts.byAlias(alias)
  if (!account) throw noAccount()
  requireRight(principal, right, account)
  return proven(context.vault, 'accounts', account)
}
