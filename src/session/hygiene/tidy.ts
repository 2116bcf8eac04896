import type { AccountRecord } from '../../contracts/store.ts'
import { isBhorError } from '../../core/errors.ts'
import type { EventDetail } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { keeper } from '../ground/rights.ts'
import { ClientKeys } from '../handout/client-keys.ts'
import { latestSessionOf } from '../life/live.ts'
import { logout } from '../life/logout.ts'
import { dueHygiene } from './due.ts'
import { unusedKeys } from './unused.ts'

/** Logs an account out if that is due. @returns whether it was */
export async function tidyAccount(context: SessionContext, account: AccountRecord): Promise<boolean> {
  const due = await dueHygiene(context, account)
  if (!due || context.clock.nowMs() < due.atMs) return false
  await logOut(context, account, { why: due.why })
  return true
}

/** Asks the broker about a logout once more: whoever was at it may have died before. @returns whether there was one */
export async function finishLogout(context: SessionContext, account: AccountRecord): Promise<boolean> {
  const session = await latestSessionOf(context, account)
  if (session?.endReason !== 'logged_out') return false
  await logOut(context, account, {})
  return true
}

async function logOut(context: SessionContext, { alias }: AccountRecord, more: EventDetail): Promise<void> {
  try {
    await logout(context, keeper, alias, more)
  } catch (error) {
    // It is told already: logged out here, and the broker did not confirm; or somebody else was faster.
    if (!isBhorError(error) || /^(store_|lease_)/.test(error.code)) throw error
  }
}

/** Revokes the keys that nobody used for the set time, where the user wants that. */
export async function tidyKeys(context: SessionContext): Promise<void> {
  if (!context.hygiene?.revokesUnusedKeys) return
  const keys = new ClientKeys(context)
  for (const { id } of await unusedKeys(context)) await keys.revoke(keeper, id, { why: { why: 'unused' } })
}
