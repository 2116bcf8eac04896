import { createReadStream, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAuditLog } from '../../audit/log.ts'
import { readConfigFile } from '../../config/file.ts'
import { type LoadOptions, loadConfig } from '../../config/load.ts'
import type { InventoryKeys, Seen } from '../../contracts/inventory.ts'
import { masterKeyIdName } from '../../contracts/secrets.ts'
import type { CopiedRow, Store } from '../../contracts/store.ts'
import type { Clock } from '../../core/clock.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import type { Random } from '../../core/random.ts'
import { printable } from '../../core/redact.ts'
import type { Secret } from '../../core/secret.ts'
import { inventoryKeys } from '../../session/ground/inventory-keys.ts'
import { restoredName } from '../../session/ground/restored.ts'
import { openStore } from '../../stores/open.ts'
import { prepareFolder } from '../../stores/sqlite/file-checks.ts'
import { backupLines } from '../../vault/backup-file.ts'
import { type KeyCopy, missingPurposes, newKeyring, wrappedCopies } from '../../vault/keyring.ts'
import { type MasterKey, masterKeyBytes, masterKeyOf } from '../../vault/master-key.ts'
import { checkName, openVault } from '../../vault/open.ts'
import { vaultOver } from '../../vault/sealing.ts'
import { derivationName } from '../../vault/sources/passphrase.ts'
import { StoreCounter, writeCounterAnew } from '../counter.ts'
import { loadMasterKey } from '../master-key.ts'
import { type About, type Content, contentOf, keyringRow } from './content.ts'

export interface RestoreMeans {
  readonly clock: Clock
  readonly random: Random
  /** Asks for the passphrase of the vault that the restored keys are sealed with, where it is made with one. */
  readonly askPassphrase?: (isNew: boolean) => Promise<string>
}

/** What a restore came to. */
export interface Restored {
  /** When the backup was written, ISO text in UTC. */
  readonly at: string
  readonly bhor: string
  /** As many as the backup has. */
  readonly rows: number
  /** Records of the audit. */
  readonly records: number
  /** Whether the audit and every row are as they were written; a backup of a damaged store is damaged too. */
  readonly isIntact: boolean
  /** What became of the configuration: `same` where it stood there already, `kept` where another one does. */
  readonly config: 'none' | 'written' | 'same' | 'kept'
  /** The master key's file, when the restore made it. */
  readonly newKeyFile: string | undefined
}

/**
 * Puts a backup into an empty data folder or database. All of it is there afterwards, or nothing. The keys are sealed
 * with the master key of here, and the counter file begins anew.
 *
 * @throws BhorError `backup_…`, `restore_not_empty`, `store_locked`, `key_…`, `config_invalid`
 */
export async function restoreBackup(
  file: string,
  passphrase: Secret,
  means: RestoreMeans,
  options: LoadOptions & { readonly home: string },
): Promise<Restored> {
  const content = await contentOf(backupLines(chunksOf(file), passphrase))
  const { home } = options
  prepareFolder(home)
  const config = putConfig(home, content.about)
  try {
    const target = loadConfig(options)
    const url = target.databaseUrl.reveal()
    let rows: number
    let loaded: Awaited<ReturnType<typeof loadMasterKey>>
    {
      await using store = await openEmpty(url, content.about, means)
      loaded = await loadMasterKey(target, store, means.random, means.askPassphrase)
      rows = await fill(store, content, loaded.masterKey, { ...means, home })
    }
    const { records, isIntact } = await lookOver(url, loaded.masterKey, { ...means, home })
    const { at, bhor } = content.about
    return { at, bhor, rows, records, isIntact, config, newKeyFile: loaded.newFile }
  } catch (error) {
    if (config === 'written') rmSync(join(home, 'config.toml'))
    throw error
  }
}

/** Restores into a folder that is thrown away, and looks over what is there. @throws BhorError `backup_…` */
export async function checkBackup(file: string, passphrase: Secret, means: RestoreMeans): Promise<Restored> {
  const content = await contentOf(backupLines(chunksOf(file), passphrase))
  const home = mkdtempSync(join(tmpdir(), 'bhor-check-'))
  try {
    const url = `sqlite:${join(home, 'bhor.db')}`
    const masterKey = masterKeyOf(means.random.bytes(masterKeyBytes), 'this check')
    let rows: number
    {
      await using store = await openEmpty(url, content.about, means)
      rows = await fill(store, content, masterKey, { ...means, home })
    }
    const { records, isIntact } = await lookOver(url, masterKey, { ...means, home })
    const { at, bhor } = content.about
    return { at, bhor, rows, records, isIntact, config: 'none', newKeyFile: undefined }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

type FillMeans = Pick<RestoreMeans, 'clock' | 'random'> & { readonly home: string }

/** A store of the version that the backup has, before a master key is made or asked for. @throws BhorError `restore_not_empty` */
async function openEmpty(url: string, { schema }: About, { clock }: RestoreMeans): Promise<Store> {
  const refuseUsed = async ({ keyring }: Pick<Store, 'keyring'>) => {
    if ((await keyring.list()).length > 0) throw new BhorError('restore_not_empty')
  }
  try {
    const store = await openStore({ url, clock, upTo: schema, beforeMigrating: refuseUsed })
    try {
      await refuseUsed(store)
      return store
    } catch (error) {
      await store[Symbol.asyncDispose]()
      throw error
    }
  } catch (error) {
    // Of a later version than the backup: then somebody has used it.
    if (isBhorError(error, 'store_newer'))
      throw new BhorError('restore_not_empty', undefined, { cause: error })
    throw error
  }
}

async function fill(
  store: Store,
  { about, rows }: Content,
  masterKey: MasterKey,
  { clock, random, home }: FillMeans,
): Promise<number> {
  let count = 0
  let head: CopiedRow['row'] | undefined
  let made: readonly CopiedRow[] = []
  const derivation = await store.meta.get(derivationName)
  const onKeys = async (copies: readonly KeyCopy[]) => {
    const copied = wrappedCopies(copies, masterKey, random)
    // A ring of an earlier version lacks some, which its first start would make.
    const ring = [...copied, ...newKeyring(masterKey, random, clock, missingPurposes(copied))]
    const vault = vaultOver(ring, masterKey, random)
    // Before the store is there: one that ends where this folder has not seen it would be an older one.
    await writeCounterAnew(
      join(home, 'bhor.counter'),
      vault,
      seenIn(head, inventoryKeys(vault, random)),
      clock,
    )
    const facts: Record<string, string> = {
      [masterKeyIdName]: masterKey.id,
      [checkName]: masterKey.check,
      [restoredName]: JSON.stringify({ at: about.at }),
      ...(derivation ? { [derivationName]: derivation } : {}),
    }
    made = [
      ...ring.map(keyringRow),
      ...Object.entries(facts).map(([name, value]) => ({ table: 'meta', row: { name, value } })),
    ]
    return made
  }
  async function* counted(): AsyncGenerator<CopiedRow, void> {
    for await (const one of rows(onKeys)) {
      count++
      if (one.table === 'audit_head') head = one.row
      yield one
    }
  }
  await store.fill(counted())
  return count - made.length
}

/** The end of the chain as the backup has it. */
function seenIn(head: CopiedRow['row'] | undefined, keys: InventoryKeys): Seen {
  if (!head) throw new BhorError('backup_damaged')
  const version = keys.opened(String(head.inventory ?? ''))?.version ?? 0
  return { seq: Number(head.seq), mac: String(head.mac), version }
}

/** Brings the store to this version's schema, counts its rows as at any start, and reads the whole audit. */
async function lookOver(
  url: string,
  masterKey: MasterKey,
  { clock, random, home }: FillMeans,
): Promise<{ records: number; isIntact: boolean }> {
  await using store = await openStore({ url, clock })
  const { vault } = await openVault({ store, masterKey, random, clock })
  const quiet = { onRollback() {}, onFault() {} }
  await using _counter = await StoreCounter.open({ store, vault, clock, random, home, ...quiet })
  const verdict = await openAuditLog({ store, vault, clock }).verify()
  await store.inspect()
  return { records: verdict.records, isIntact: verdict.intact && !store.rollback() }
}

/** What stands there already stays: whoever has written it knows this computer. */
function putConfig(home: string, { config }: About): Restored['config'] {
  if (config === null) return 'none'
  const path = join(home, 'config.toml')
  if (existsSync(path)) return readConfigFile(path) === config ? 'same' : 'kept'
  writeFileSync(path, config, { mode: 0o600, flag: 'wx' })
  return 'written'
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array, void> {
  try {
    yield* createReadStream(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (typeof code !== 'string' || isBhorError(error)) throw error
    const why =
      code === 'ENOENT' ? 'is not there' : code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`
    throw new BhorError('backup_foreign', `${printable(path, 400)} ${why}.`, { cause: error })
  }
}
