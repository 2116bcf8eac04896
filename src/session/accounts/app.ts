import type { Broker, Values } from '../../contracts/broker.ts'
import type { AccountKind, AppRecord, StoreReads } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Secret } from '../../core/secret.ts'
import type { SessionContext } from '../ground/context.ts'
import { openSecrets, places, proven, sealSecrets, stamped } from '../ground/records.ts'
import type { Principal } from '../ground/rights.ts'
import { type CheckedFields, checkFields, refuseMissing } from './fields.ts'

/** What is given of an app: all of a new one, of a known one what shall change. */
export interface AppInput {
  readonly broker: Broker
  readonly kind: AccountKind
  readonly given: CheckedFields
}

export interface AppFound {
  readonly app: AppRecord
  readonly isNew: boolean
  /** Other than it is stored. */
  readonly isChanged: boolean
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
  { broker, kind, given }: AppInput,
): Promise<AppFound> {
  const { apiKey = '', ...open } = given.open
  // Where apps have no key, they have nothing else either: the accounts of that broker share an empty one.
  const known = await reads.apps.byKey(broker.id, kind, apiKey)
  if (known) await refuseForeign(principal, reads, proven(context.vault, 'apps', known).id)
  const id = known?.id ?? newId('app', context.random)
  const kept = known ? openSecrets(context.vault, known.sealedSecrets, places.appSecrets(id)) : {}
  const fields = without({ ...known?.fields, ...open }, given.cleared)
  const secrets = without({ ...kept, ...given.secret }, given.cleared)
  refuseMissing(broker.app, (name) => (name === 'apiKey' ? apiKey !== '' : name in fields || name in secrets))
  const isSame = Object.keys(open).length + Object.keys(given.secret).length + given.cleared.length === 0
  if (known && isSame) return { app: known, isNew: false, isChanged: false }
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
  return { app, isNew: !known, isChanged: true }
}

async function refuseForeign({ accountIds }: Principal, reads: StoreReads, appId: string): Promise<void> {
  if (!accountIds) return
  const { records, damaged } = await reads.accounts.ofApp(appId)
  if (![...records, ...damaged].some(({ id }) => !accountIds.has(id))) return
  throw new BhorError('scope_missing', 'Another account uses an app with this API key.')
}

export function without<T>(values: Record<string, T>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)))
}

/** An app at the simulator, and what its person logs in with. */
export async function sandboxApp(
  context: SessionContext,
  broker: Broker,
  redirectUrl: string,
): Promise<{ readonly app: CheckedFields; readonly fields: Values }> {
  if (!context.sandbox)
    throw new BhorError('config_invalid', 'There is no simulator here for a sandbox account.', {
      hint: 'Run bhor serve.',
    })
  const random = () => newId('', context.random).slice(1)
  const apiKey = `sandbox${random().slice(0, 9)}`
  const apiSecret = random() + random()
  const fields = await context.sandbox.register({ broker: broker.id, apiKey, apiSecret, redirectUrl })
  // One secret, under every name that this broker has for it.
  const needed = Object.entries(broker.app).filter(([name, { optional }]) => name !== 'apiKey' && !optional)
  const given = { apiKey, ...Object.fromEntries(needed.map(([name]) => [name, apiSecret])) }
  return { app: checkFields(broker.app, given, 'app'), fields }
}

/** The secret by which the simulator knows an app; empty where apps have none. */
export function sandboxSecret(secrets: Readonly<Record<string, Secret>>): string {
  return Object.values(secrets)[0]?.reveal() ?? ''
}
