import type { StoreReads } from '../../contracts/store.ts'
import { type AppFound, accountsOfApp, appFor } from '../accounts/app.ts'
import type { SessionContext } from '../ground/context.ts'
import type { Principal } from '../ground/rights.ts'
import type { Planned } from './plan.ts'

/** The app of a planned account as it shall be stored. */
export function appOfPlanned(
  context: SessionContext,
  principal: Principal,
  reads: StoreReads,
  { broker, draft, app }: Planned,
): Promise<AppFound> {
  return appFor(context, principal, reads, { broker, kind: draft.kind, given: app, mayLackSecrets: true })
}

/** Who brings another secret for an app that is stored, with the names of the accounts that log in with it now. */
export async function replacements(
  context: SessionContext,
  principal: Principal,
  reads: StoreReads,
  planned: readonly Planned[],
): Promise<ReadonlyMap<Planned, readonly string[]>> {
  const replaced = new Map<Planned, readonly string[]>()
  for (const one of planned) {
    const { app, replaces } = await appOfPlanned(context, principal, reads, one)
    if (replaces.length > 0) replaced.set(one, await accountsOfApp(context, reads, app))
  }
  return replaced
}
