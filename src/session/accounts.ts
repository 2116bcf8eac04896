import type { AddAccount, EditAccount } from '../contracts/api.ts'
import type { Broker } from '../contracts/broker.ts'
import type {
  AccountKind,
  AccountRecord,
  AppRecord,
  StoreReads,
  StoreTransaction,
} from '../contracts/store.ts'
import { BhorError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { Secret } from '../core/secret.ts'
import { entryOf, type Principal, type SessionContext } from './context.ts'
import { checkAlias, checkField, checkRedirectUrl, checkText } from './fields.ts'
import { amended, openSecrets, places, proven, sealSecrets, stamped } from './records.ts'

/** The account of that name, authenticated. @throws BhorError `account_not_found` also where `principal` may not see it */
export async function accountNamed(
  context: Pick<SessionContext, 'store' | 'vault'>,
  alias: string,
  principal?: Principal,
  reads: StoreReads = context.store,
): Promise<AccountRecord> {
  const account = await reads.accounts.byAlias(alias)
  const isVisible = account && (!principal?.accountIds || principal.accountIds.has(account.id))
  if (!isVisible) throw noAccount()
  return proven(context.vault, 'accounts', account)
}

export function noAccount(): BhorError {
  return new BhorError('account_not_found', 'There is no account of this name.')
}

/** The app of an account, authenticated, with its fields and secrets. */
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

/**
 * Creates an account and, unless one with this API key exists, its app. A sandbox account needs no key: an app is
 * registered at the simulator for it.
 *
 * @throws BhorError `bad_alias`, `bad_field`, `bad_secret`, `broker_not_found`, `already_exists`
 */
export async function addAccount(
  context: SessionContext,
  principal: Principal,
  input: AddAccount,
): Promise<AccountRecord> {
  const broker = await context.broker(input.broker)
  const kind: AccountKind = input.kind ?? 'live'
  const redirectUrl = checkRedirectUrl('redirectUrl', input.redirectUrl ?? context.redirectUrl(broker.id))
  const nowMs = context.clock.nowMs()
  const id = newId('acc', context.random)
  const { apiKey, apiSecret } = await keysFor(context, broker, kind, input, redirectUrl)
  const secrets = accountSecrets(input)
  const draft = {
    id,
    alias: checkAlias(input.account),
    label: checkText('label', input.label ?? '', 80),
    broker: broker.id,
    kind,
    userId: input.userId ? checkField('userId', broker.userId, input.userId) : '',
    redirectUrl,
    postbackUrl: checkText('postbackUrl', input.postbackUrl ?? '', 500),
    fields: {},
    settings: {},
    sealedSecrets: sealSecrets(context.vault, secrets, places.accountSecrets(id)),
    generation: 0,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    lastLoginAtMs: null,
    lastProbe: null,
    lastFault: null,
  }
  const account = await context.store.transaction(async (tx) => {
    const app = await findOrCreateApp(context, principal, tx, broker, kind, apiKey, apiSecret)
    const record = stamped(context.vault, 'accounts', { ...draft, appId: app.id })
    await tx.accounts.insert(record)
    const detail = { broker: broker.id, kind }
    await context.audit.within(tx, [
      entryOf(context, principal.actor, record, { action: 'account.add', result: 'ok', detail }),
    ])
    return record
  })
  context.changes.announce()
  return account
}

/** Changes what is given and leaves the rest. @throws as {@link addAccount} */
export async function editAccount(
  context: SessionContext,
  principal: Principal,
  alias: string,
  input: EditAccount,
): Promise<AccountRecord> {
  const updated = await context.store.transaction(async (tx) => {
    const account = await accountNamed(context, alias, principal, tx)
    const broker = await context.broker(account.broker)
    const appId = await appAfterEdit(context, principal, tx, broker, account, input)
    const userId = userAfterEdit(broker, account, input)
    if (appId !== account.appId || userId !== account.userId) await refuseWhileLive(context, tx, account)
    const kept = openSecrets(context.vault, account.sealedSecrets, places.accountSecrets(account.id))
    const secrets = { ...kept, ...accountSecrets(input) }
    const record = amended(context.vault, 'accounts', account, {
      appId,
      alias: input.account === undefined ? account.alias : checkAlias(input.account),
      label: input.label === undefined ? account.label : checkText('label', input.label, 80),
      userId,
      redirectUrl: redirectAfterEdit(context, account, input),
      postbackUrl:
        input.postbackUrl === undefined
          ? account.postbackUrl
          : checkText('postbackUrl', input.postbackUrl, 500),
      sealedSecrets: sealSecrets(context.vault, secrets, places.accountSecrets(account.id)),
      updatedAtMs: context.clock.nowMs(),
    })
    await tx.accounts.update(record, account.generation)
    if (appId !== account.appId) await tx.apps.deleteUnused()
    const detail = { fields: Object.keys(input).sort().join(',') }
    await context.audit.within(tx, [
      entryOf(context, principal.actor, record, { action: 'account.edit', result: 'ok', detail }),
    ])
    return record
  })
  context.changes.announce()
  return updated
}

/** Empty text takes the pin away: the next login pins again. */
function userAfterEdit(broker: Broker, account: AccountRecord, { userId }: EditAccount): string {
  if (userId === undefined || userId === '') return userId ?? account.userId
  return checkField('userId', broker.userId, userId)
}

/** Empty text brings the desk's own address back. */
function redirectAfterEdit(
  context: SessionContext,
  account: AccountRecord,
  { redirectUrl }: EditAccount,
): string {
  if (redirectUrl === undefined) return account.redirectUrl
  return redirectUrl === ''
    ? context.redirectUrl(account.broker)
    : checkRedirectUrl('redirectUrl', redirectUrl)
}

/** A session speaks for the app and the user that it was granted to; under another name it would be handed out wrongly. */
async function refuseWhileLive(
  context: SessionContext,
  tx: StoreTransaction,
  account: AccountRecord,
): Promise<void> {
  const session = await tx.sessions.latest(account.id)
  const isLive = session?.status === 'active' && context.clock.nowMs() < session.expiresAtMs
  if (isLive) throw new BhorError('session_live', `${account.alias} has a live session.`)
}

/**
 * Removes an account with its sessions and logins; its audit records stay. A damaged row can be removed too: that is
 * the way out of it.
 */
export async function removeAccount(
  context: SessionContext,
  principal: Principal,
  alias: string,
): Promise<void> {
  await context.store.transaction(async (tx) => {
    const id = await tx.accounts.idOf(alias)
    if (id === undefined || (principal.accountIds && !principal.accountIds.has(id))) throw noAccount()
    const account = { id, alias }
    await tx.accounts.delete(id)
    await tx.apps.deleteUnused()
    await context.audit.within(tx, [
      entryOf(context, principal.actor, account, { action: 'account.remove', result: 'ok' }),
    ])
  })
  context.changes.announce()
}

function accountSecrets(input: EditAccount): Record<string, Secret> {
  const secrets: Record<string, Secret> = {}
  if (input.phoneNumber) secrets.phoneNumber = new Secret(checkText('phoneNumber', input.phoneNumber, 20))
  if (input.password) secrets.password = new Secret(checkText('password', input.password, 200))
  return secrets
}

async function keysFor(
  context: SessionContext,
  broker: Broker,
  kind: AccountKind,
  input: AddAccount,
  redirectUrl: string,
): Promise<{ apiKey: string; apiSecret: Secret | undefined }> {
  if (kind === 'sandbox' && !input.apiKey) {
    if (!context.sandbox)
      throw new BhorError('config_invalid', 'There is no simulator here for a sandbox account.', {
        hint: 'Run bhor serve.',
      })
    const apiKey = `sandbox${newId('', context.random).slice(1, 10)}`
    const apiSecret = new Secret(newId('', context.random).slice(1) + newId('', context.random).slice(1))
    await context.sandbox.register({ broker: broker.id, apiKey, apiSecret: apiSecret.reveal(), redirectUrl })
    return { apiKey, apiSecret }
  }
  const apiKey = checkField('apiKey', specOf(broker, 'apiKey'), input.apiKey ?? '')
  return {
    apiKey,
    apiSecret: input.apiSecret === undefined ? undefined : checkedSecret(broker, input.apiSecret),
  }
}

function checkedSecret(broker: Broker, apiSecret: string): Secret {
  return new Secret(checkField('apiSecret', specOf(broker, 'apiSecret'), apiSecret))
}

function specOf(broker: Broker, name: string) {
  const spec = broker.app[name]
  if (!spec)
    throw new BhorError('unknown_field', `${broker.name} has no ${name}.`, { facts: { field: name } })
  return spec
}

/** @throws BhorError `scope_missing` for a caller limited to some accounts, where others use this app too */
async function findOrCreateApp(
  context: SessionContext,
  principal: Principal,
  tx: StoreTransaction,
  broker: Broker,
  kind: AccountKind,
  apiKey: string,
  apiSecret: Secret | undefined,
): Promise<AppRecord> {
  const nowMs = context.clock.nowMs()
  const known = await tx.apps.byKey(broker.id, kind, apiKey)
  if (known) {
    proven(context.vault, 'apps', known)
    const { accountIds } = principal
    const { records, damaged } = await tx.accounts.ofApp(known.id)
    if (accountIds && [...records, ...damaged].some((account) => !accountIds.has(account.id))) {
      throw new BhorError('scope_missing', 'Another account uses an app with this API key.')
    }
    if (!apiSecret) return known
    const sealedSecrets = sealSecrets(context.vault, { apiSecret }, places.appSecrets(known.id))
    const record = amended(context.vault, 'apps', known, { sealedSecrets, updatedAtMs: nowMs })
    await tx.apps.update(record)
    return record
  }
  if (!apiSecret) {
    throw new BhorError('bad_secret', 'The API secret is missing.', {
      hint: specOf(broker, 'apiSecret').help,
      facts: { field: 'apiSecret' },
    })
  }
  const id = newId('app', context.random)
  const sealedSecrets = sealSecrets(context.vault, { apiSecret }, places.appSecrets(id))
  const draft = {
    id,
    broker: broker.id,
    kind,
    apiKey,
    fields: {},
    sealedSecrets,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  }
  const record = stamped(context.vault, 'apps', draft)
  await tx.apps.insert(record)
  return record
}

async function appAfterEdit(
  context: SessionContext,
  principal: Principal,
  tx: StoreTransaction,
  broker: Broker,
  account: AccountRecord,
  input: EditAccount,
): Promise<string> {
  if (input.apiKey === undefined && input.apiSecret === undefined) return account.appId
  const given = input.apiKey ?? (await appOf(context, account, tx)).app.apiKey
  const apiKey = checkField('apiKey', specOf(broker, 'apiKey'), given)
  const apiSecret = input.apiSecret === undefined ? undefined : checkedSecret(broker, input.apiSecret)
  return (await findOrCreateApp(context, principal, tx, broker, account.kind, apiKey, apiSecret)).id
}
