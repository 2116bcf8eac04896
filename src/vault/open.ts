import { auditHeadText } from '../contracts/audit.ts'
import { masterKeyIdName } from '../contracts/secrets.ts'
import type { KeyringRecord, Store, StoreReads, StoreTransaction } from '../contracts/store.ts'
import type { Clock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import type { Random } from '../core/random.ts'
import { damaged, missingPurposes, newKeyring } from './keyring.ts'
import type { MasterKey } from './master-key.ts'
import { type OpenVault, vaultOver } from './sealing.ts'

/** What the store says of its master key, without telling it. */
const idName = masterKeyIdName
export const checkName = 'vault.check'

export interface VaultOptions {
  readonly store: Store
  readonly masterKey: MasterKey
  readonly random: Random
  readonly clock: Clock
}

/** Whether this store has a vault: then a missing master key must not be replaced by a new one. */
export async function hasVault(store: Pick<StoreReads, 'meta' | 'keyring'>): Promise<boolean> {
  const [id, check, keyring] = [
    await store.meta.get(idName),
    await store.meta.get(checkName),
    await store.keyring.list(),
  ]
  return id !== undefined || check !== undefined || keyring.length > 0
}

/**
 * Opens the vault of a store; makes it, with its keys and the beginning of the audit chain, in one transaction
 * when the store has none.
 *
 * @throws BhorError `key_wrong` when the store was made with another master key; nothing is touched
 * @throws BhorError `store_damaged` when keyring and check value do not belong together
 */
export async function openVault(options: VaultOptions): Promise<{ vault: OpenVault; created: boolean }> {
  const records = await existingKeyring(options.store, options)
  if (records && missingPurposes(records).length === 0)
    return { vault: vaultOf(records, options), created: false }
  return await options.store.transaction(async (tx) => {
    // Another server may have been faster.
    const existing = await existingKeyring(tx, options)
    return existing
      ? { vault: vaultOf(await completed(tx, existing, options), options), created: false }
      : { vault: await createVault(tx, options), created: true }
  })
}

function vaultOf(records: readonly KeyringRecord[], { masterKey, random }: VaultOptions): OpenVault {
  return vaultOver(records, masterKey, random)
}

/** The ring of an earlier version, with the keys that this version needs. */
async function completed(
  tx: StoreTransaction,
  records: readonly KeyringRecord[],
  { masterKey, random, clock }: VaultOptions,
): Promise<readonly KeyringRecord[]> {
  const added = newKeyring(masterKey, random, clock, missingPurposes(records))
  for (const record of added) await tx.keyring.insert(record)
  return [...records, ...added]
}

async function existingKeyring(
  store: StoreReads,
  { masterKey }: VaultOptions,
): Promise<readonly KeyringRecord[] | undefined> {
  const [id, check, keyring] = [
    await store.meta.get(idName),
    await store.meta.get(checkName),
    await store.keyring.list(),
  ]
  if (id === undefined && check === undefined && keyring.length === 0) return undefined
  if (id === undefined || check === undefined) throw damaged('its key check value is gone')
  if (id !== masterKey.id && check !== masterKey.check) throw wrongKey(id, masterKey)
  if (id !== masterKey.id || check !== masterKey.check) throw damaged('its key check value was changed')
  if (keyring.length === 0) throw damaged('it is empty')
  return keyring
}

async function createVault(
  tx: StoreTransaction,
  { masterKey, random, clock }: VaultOptions,
): Promise<OpenVault> {
  const records = newKeyring(masterKey, random, clock)
  for (const record of records) await tx.keyring.insert(record)
  await tx.meta.set(idName, masterKey.id)
  await tx.meta.set(checkName, masterKey.check)
  const vault = vaultOver(records, masterKey, random)
  const empty = { seq: 0, mac: '', inventory: '' }
  // An empty chain is authenticated too, so that nobody without the key can empty a log and go on.
  await tx.audit.append(() => ({
    links: [],
    head: { ...empty, headMac: vault.auditMac(auditHeadText(empty)) },
  }))
  return vault
}

function wrongKey(storeKeyId: string, masterKey: MasterKey): BhorError {
  const [stored, given] = [storeKeyId.slice(0, 4), masterKey.id.slice(0, 4)]
  return new BhorError(
    'key_wrong',
    `This is not the key this store was made with (store key id ${stored}…, given ${given}…).`,
    { facts: { storeKeyId, givenKeyId: masterKey.id, source: masterKey.source } },
  )
}
