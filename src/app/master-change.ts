import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Config } from '../config/load.ts'
import type { ChangeMaster, MasterChanged } from '../contracts/api.ts'
import { masterKeyIdName } from '../contracts/secrets.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'
import { change } from '../session/ground/change.ts'
import type { SessionContext } from '../session/ground/context.ts'
import { type Principal, requireConfirmed } from '../session/ground/rights.ts'
import { syncFolder } from '../stores/sqlite/file-checks.ts'
import type { MasterKey } from '../vault/master-key.ts'
import { checkName } from '../vault/open.ts'
import type { OpenVault } from '../vault/sealing.ts'
import { fileSource } from '../vault/sources/file.ts'
import { derivationName, newPassphraseKey } from '../vault/sources/passphrase.ts'

/** Under which name a new key stands beside the one of before, until the store says that it is the one. */
export const nextSuffix = '.next'

interface Next {
  readonly key: MasterKey
  /** What the store keeps of a passphrase; empty for any other source. */
  readonly derivation: string
  /** Puts it in its place, once the store says that it is the one. */
  settle(): void
  /** Takes it away, where the store does not. */
  discard(): void
}

export interface MasterMeans {
  readonly context: SessionContext
  readonly vault: OpenVault
  readonly config: Config
}

/**
 * Changes the master key, and where it comes from. In one commit the ring is sealed by the new one and the store says
 * so; the old one opens nothing any more. A kill before that leaves the old one, a kill after it the new one.
 *
 * @throws BhorError `scope_missing`, `confirmation_needed`, `key_unusable`, `key_wrong`
 */
export async function changeMaster(
  { context, vault, config }: MasterMeans,
  principal: Principal,
  wish: ChangeMaster,
): Promise<MasterChanged> {
  requireConfirmed(context, principal, 'vault.master')
  const next = await nextKey(context, config, wish)
  const isStored = async () => (await context.store.meta.get(masterKeyIdName)) === next.key.id
  try {
    await change(context, async (c) => {
      if ((await c.reads.meta.get(masterKeyIdName)) !== vault.masterKeyId)
        throw new BhorError(
          'key_wrong',
          'The master key was changed by another server. Nothing was changed here.',
        )
      const ring = vault.sealedBy(next.key, await c.reads.keyring.list())
      const { actor } = principal
      const tx = c.tell({ actor, action: 'vault.master', result: 'ok', detail: { source: wish.source } })
      for (const record of ring) await tx.keyring.update(record)
      await tx.meta.set(masterKeyIdName, next.key.id)
      await tx.meta.set(checkName, next.key.check)
      await tx.meta.set(derivationName, next.derivation)
    })
  } catch (error) {
    const isUnknown = isBhorError(error) && error.facts.outcome === 'unknown'
    // Where nobody knows, both keys stay: the next start takes the one that the store names.
    if (!isUnknown) next.discard()
    if (!isUnknown || !(await isStored())) throw error
  }
  vault.changeMaster(next.key)
  next.settle()
  return { source: wish.source, hint: hintFor(config, wish) }
}

async function nextKey(context: SessionContext, config: Config, wish: ChangeMaster): Promise<Next> {
  const { random } = context
  const path = config.masterKeyFile
  if (wish.source === 'passphrase') {
    const { key, derivation } = await newPassphraseKey(new Secret(wish.passphrase ?? ''), random)
    // It opens nothing any more, and a start would wonder whose it is.
    const settle = () => rmSync(path, { force: true })
    return { key, derivation, settle: config.isMasterKeyFileNamed ? () => {} : settle, discard() {} }
  }
  const place = `${path}${nextSuffix}`
  // Of a change that was broken off: had it been the one, the start had put it in its place.
  rmSync(place, { force: true })
  // It is known by the name that it gets.
  const { name: source } = fileSource({ path, random })
  const key = { ...(await fileSource({ path: place, random }).create!()), source }
  return {
    key,
    derivation: '',
    settle: () => putInPlace(path),
    discard: () => rmSync(place, { force: true }),
  }
}

function putInPlace(path: string): void {
  renameSync(`${path}${nextSuffix}`, path)
  syncFolder(dirname(path))
}

/**
 * After a kill: a new key beside the one of before takes its place where the store says that it is the one, and goes
 * away where it does not.
 */
export async function settleKeyFile(
  path: string,
  storedId: string | undefined,
  random: SessionContext['random'],
): Promise<void> {
  const place = `${path}${nextSuffix}`
  if (storedId === undefined || !existsSync(place)) return
  const key = await fileSource({ path: place, random })
    .load()
    .catch(() => undefined)
  if (key?.id === storedId) putInPlace(path)
  else rmSync(place)
}

function hintFor(config: Config, { source }: ChangeMaster): string | null {
  const isNamed = config.keySource !== 'auto' && config.keySource !== source
  if (isNamed)
    return `Set key_source = "${source}" before the next start: the configuration names ${config.keySource}.`
  if (source === 'passphrase' && config.isMasterKeyFileNamed)
    return 'Take master_key_file out of the configuration before the next start, and delete the file.'
  if (source === 'file' && config.passphraseFile !== undefined)
    return 'Take passphrase_file out of the configuration before the next start.'
  return null
}
