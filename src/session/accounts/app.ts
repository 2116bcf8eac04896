import type { AddAccount } from '../../contracts/api.ts'
import type { Broker, Values } from '../../contracts/broker.ts'
import type { AccountKind, AccountRecord, AppRecord, StoreReads } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Secret } from '../../core/secret.ts'
import type { SessionContext } from '../ground/context.ts'
import { openSecrets, places, proven, sealSecrets, soundOf, stamped } from '../ground/records.ts'
import { type Principal, requireRight } from '../ground/rights.ts'
import { appOf } from './credentials.ts'
import { type CheckedFields, checkFields, refuseMissing } from './fields.ts'

/** What is given of an app: all of a new one, of a known one what shall change. */
export interface AppInput {
  readonly broker: Broker
  readonly kind: AccountKind
  readonly given: CheckedFields
  /** Its secrets may come later: until then nobody can log in. */
  readonly mayLackSecrets?: true
}

export interface AppFound {
  readonly app: AppRecord
  readonly isNew: boolean
  /** Other than it is stored. */
  readonly isChanged: boolean
  /** The secrets that were stored with another value, by name. */
  readonly replaces: readonly string[]
}

/**
 * The app with this API key as it shall be stored, and whether it is new. Accounts of one app share it.
 *
 * @throws BhorError `bad_field`, `bad_secret` where something is missing; `scope_missing` for a caller limited to some
 *   accounts, where others use this app too
 */
export async function appFor(
  context: SessionContext,
  principal: Principal,
  reads: StoreReads,
  { broker, kind, given, mayLackSecrets }: AppInput,
): Promise<AppFound> {
  const { apiKey = '', ...open } = given.open
  // Where apps have no key, they have nothing else either: the accounts of that broker share an empty one.
  const known = await reads.apps.byKey(broker.id, kind, apiKey)
  if (known) await refuseForeign(principal, reads, proven(context.vault, 'apps', known).id)
  const id = known?.id ?? newId('app', context.random)
  const kept = known ? openSecrets(context.vault, known.sealedSecrets, places.appSecrets(id)) : {}
  const fields = without({ ...known?.fields, ...open }, given.cleared)
  const secrets = without({ ...kept, ...given.secret }, given.cleared)
  const has = (name: string) => (name === 'apiKey' ? apiKey !== '' : name in fields || name in secrets)
  refuseMissing(broker.app, (name) => has(name) || (mayLackSecrets && broker.app[name]?.secret) === true)
  const isSame =
    Object.entries(open).every(([name, value]) => known?.fields[name] === value) &&
    Object.entries(given.secret).every(([name, secret]) => kept[name]?.equals(secret)) &&
    !given.cleared.some((name) => name in kept || Object.hasOwn(known?.fields ?? {}, name))
  if (known && isSame) return unchanged(known)
  const nowMs = context.clock.nowMs()
  const app = stamped(context.vault, 'apps', {
    id,
    broker: broker.id,
    kind,
    apiKey,
    fields,
    sealedSecrets: sealSecrets(context.vault, secrets, places.appSecrets(id)),
    createdAtMs: known?.createdAtMs ?? nowMs,
    updatedAtMs: nowMs,
  })
  const replaces = Object.keys(given.secret).filter(
    (name) => kept[name]?.equals(given.secret[name]!) === false,
  )
  return { app, isNew: !known, isChanged: true, replaces }
}

export function unchanged(app: AppRecord): AppFound {
  return { app, isNew: false, isChanged: false, replaces: [] }
}

/** The accounts that use an app, by name. */
export async function accountsOfApp(
  { vault }: Pick<SessionContext, 'vault'>,
  reads: StoreReads,
  { id }: Pick<AppRecord, 'id'>,
): Promise<string[]> {
  return soundOf(vault, 'accounts', await reads.accounts.ofApp(id)).map(({ alias }) => alias)
}

async function refuseForeign(principal: Principal, reads: StoreReads, appId: string): Promise<void> {
  const { accountIds } = principal
  if (!accountIds) return
  const { records, damaged } = await reads.accounts.ofApp(appId)
  if (![...records, ...damaged].some(({ id }) => !accountIds.has(id))) return
  // Not that another account uses it: the caller does not see that one.
  requireRight(principal, 'admin', 'house')
}

export function without<T>(values: Record<string, T>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)))
}

/** The app of a new account, and what its person logs in with as far as the simulator made that up. */
export interface NewApp {
  readonly app: CheckedFields
  readonly fields: Values
}

/**
 * The app that an account is added with: as it is given; at the broker's own sandbox the published one, where none is
 * given; at the simulator a new one.
 *
 * @throws BhorError `bad_field` for a sandbox that this broker does not have, or refresh tokens that nobody can give
 */
export async function newApp(
  context: SessionContext,
  broker: Broker,
  { kind = 'live', app: given, renewable = false }: Pick<AddAccount, 'kind' | 'app' | 'renewable'>,
  redirectUrl: string,
): Promise<NewApp> {
  if (kind === 'broker-sandbox' && !broker.sandboxHosts)
    throw new BhorError('bad_field', `${broker.name} has no sandbox of its own that bhor knows of.`, {
      hint: 'Use the kind sandbox: the simulator of bhor.',
      facts: { field: 'kind' },
    })
  const isOwn = kind === 'sandbox' && !given?.apiKey
  if (renewable) refuseUnrenewable(broker, isOwn)
  if (isOwn) return sandboxApp(context, broker, redirectUrl, renewable)
  const published = kind === 'broker-sandbox' ? broker.sandboxApp : undefined
  return { app: checkFields(broker.app, { ...published, ...given }, 'app'), fields: {} }
}

/** Whether its simulator can give refresh tokens. */
export function renews({ renewal }: Pick<Broker, 'renewal'>): boolean {
  return renewal !== undefined && !renewal.isForeseen
}

function refuseUnrenewable(broker: Broker, isOwn: boolean): void {
  const { name } = broker
  if (isOwn && renews(broker)) return
  const why = renews(broker)
    ? 'Only a sandbox account with an app of its own can be made renewable: who renews at the broker, the broker says.'
    : `${name} gives no refresh tokens.`
  throw new BhorError('bad_field', why, { facts: { field: 'renewable' } })
}

async function sandboxApp(
  context: SessionContext,
  broker: Broker,
  redirectUrl: string,
  renewable: boolean,
): Promise<NewApp> {
  if (!context.sandbox)
    throw new BhorError('config_invalid', 'There is no simulator here for a sandbox account.', {
      hint: 'Run bhor serve.',
    })
  const random = () => newId('', context.random).slice(1)
  const apiKey = `sandbox${random().slice(0, 9)}`
  const apiSecret = random() + random()
  const fields = await context.sandbox.register({
    broker: broker.id,
    apiKey,
    apiSecret,
    redirectUrl,
    ...(renewable ? { approvedForRefresh: true } : {}),
  })
  // One secret, under every name that this broker has for it.
  const needed = Object.entries(broker.app).filter(([name, { optional }]) => name !== 'apiKey' && !optional)
  const given = { apiKey, ...Object.fromEntries(needed.map(([name]) => [name, apiSecret])) }
  return { app: checkFields(broker.app, given, 'app'), fields }
}

/**
 * From the next login on the sandbox's app has refresh tokens, or none any more.
 *
 * @throws BhorError `bad_field` where nobody can give them
 */
export async function setRenewable(
  context: SessionContext,
  account: AccountRecord,
  renewable: boolean,
): Promise<void> {
  const isOwn = account.kind === 'sandbox'
  if (renewable) refuseUnrenewable(await context.broker(account.broker), isOwn)
  if (!isOwn) return
  const { app, secrets } = await appOf(context, account)
  await context.sandbox?.register({
    broker: account.broker,
    apiKey: app.apiKey,
    apiSecret: sandboxSecret(secrets),
    redirectUrl: account.redirectUrl,
    ...(account.userId === '' ? {} : { userId: account.userId }),
    approvedForRefresh: renewable,
  })
}

/** The secret by which the simulator knows an app; empty where apps have none. */
export function sandboxSecret(secrets: Readonly<Record<string, Secret>>): string {
  return Object.values(secrets)[0]?.reveal() ?? ''
}
