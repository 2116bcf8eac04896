import type { Values } from '../../contracts/broker.ts'
import type { AccountRecord, AppRecord, StoreReads } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import type { SessionContext } from '../ground/context.ts'
import { revealed } from '../ground/line.ts'
import { openSecrets, places, proven } from '../ground/records.ts'
import { noAccount } from '../ground/rights.ts'

/** What an account logs in with: the fields of its app and its own, public and secret, by the manifest's names. */
export interface Credentials {
  readonly app: Values
  readonly account: Values
  /** The same text, the same credentials; see {@link versionOf}. */
  readonly version: string
}

/** All of it, revealed: for an adapter's request, and for nothing else. */
export async function credentialsOf(
  context: Pick<SessionContext, 'store' | 'vault'>,
  account: AccountRecord,
  reads: StoreReads = context.store,
): Promise<Credentials> {
  const found = await appOf(context, account, reads)
  return {
    app: { apiKey: found.app.apiKey, ...found.app.fields, ...revealed(found.secrets) },
    account: { ...account.fields, ...revealed(accountSecretsOf(context, account)) },
    version: versionOf(context, account, found),
  }
}

/**
 * Changes with everything that a login is made with, and with the address that it comes back to. Of the values, not of
 * how they are sealed: that changes while the data key is replaced. Keyed, so that it tells nothing.
 */
export function versionOf(
  context: Pick<SessionContext, 'vault'>,
  account: AccountRecord,
  { app, secrets }: { readonly app: AppRecord; readonly secrets: Readonly<Record<string, Secret>> },
): string {
  const { fields, redirectUrl } = account
  const own = revealed(accountSecretsOf(context, account))
  const sorted = (values: Values) => Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))
  const parts = [app.id, app.apiKey, ...[app.fields, revealed(secrets), fields, own].map(sorted), redirectUrl]
  return context.vault.fingerprint('credentials', JSON.stringify(parts))
}

/** The app of an account, authenticated, with its secrets. */
export async function appOf(
  context: Pick<SessionContext, 'store' | 'vault'>,
  account: AccountRecord,
  reads: StoreReads = context.store,
): Promise<{ app: AppRecord; secrets: Record<string, Secret> }> {
  const app = await reads.apps.byId(account.appId)
  if (!app) {
    if (!(await reads.accounts.byId(account.id))) throw noAccount()
    throw new BhorError('store_damaged', `The app of the account ${account.alias} is missing.`)
  }
  proven(context.vault, 'apps', app)
  return { app, secrets: openSecrets(context.vault, app.sealedSecrets, places.appSecrets(app.id)) }
}

export function accountSecretsOf(
  context: Pick<SessionContext, 'vault'>,
  account: AccountRecord,
): Record<string, Secret> {
  return openSecrets(context.vault, account.sealedSecrets, places.accountSecrets(account.id))
}
