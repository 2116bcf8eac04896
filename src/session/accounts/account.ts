import type { AccountRecord, StoreReads } from '../../contracts/store.ts'
import type { SessionContext } from '../ground/context.ts'
import { proven } from '../ground/records.ts'
import { noAccount, type Principal, type Right, requireRight } from '../ground/rights.ts'
import { refuseRolledBack } from '../ground/rollback.ts'

/**
 * The account of that name, authenticated, for a caller who has this right on it.
 *
 * @param hint what somebody does who has not this right; see {@link requireRight}
 * @throws BhorError `scope_missing`; `account_not_found` also where the caller may not see it; `store_damaged`;
 *   `store_rolled_back` for a right by which something leaves
 */
export async function accountFor(
  context: Pick<SessionContext, 'store' | 'vault'>,
  principal: Principal,
  right: Right,
  alias: string,
  reads: StoreReads = context.store,
  hint?: string,
): Promise<AccountRecord> {
  requireRight(principal, right, 'own', hint)
  if (right === 'read-token' || right === 'login') refuseRolledBack(context)
  const account = await reads.accounts.byAlias(alias).catch(async (error: unknown) => {
    // A row that cannot be read has an owner too.
    const id = await reads.accounts.idOf(alias)
    if (id !== undefined) requireRight(principal, right, { id }, hint)
    throw error
  })
  if (!account) throw noAccount()
  requireRight(principal, right, account, hint)
  return proven(context.vault, 'accounts', account)
}
