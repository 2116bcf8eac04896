import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/load.ts'
import { masterKeyIdName } from '../contracts/secrets.ts'
import type { Store } from '../contracts/store.ts'
import { BhorError } from '../core/errors.ts'
import type { Random } from '../core/random.ts'
import { Secret } from '../core/secret.ts'
import type { MasterKey } from '../vault/master-key.ts'
import { hasVault } from '../vault/open.ts'
import { chooseKeySource, obtainMasterKey } from '../vault/sources/choose.ts'
import { credentialName, credentialSource } from '../vault/sources/credential.ts'
import { environmentSource } from '../vault/sources/environment.ts'
import { fileSource } from '../vault/sources/file.ts'
import type { KeySource } from '../vault/sources/key-source.ts'
import { keychainSource } from '../vault/sources/keychain.ts'
import { derivationName, passphraseSource } from '../vault/sources/passphrase.ts'
import { settleKeyFile } from './master-change.ts'
import { secretFile } from './secret-file.ts'

/** A key file that bhor itself made was made together with its store: beside it no new one is begun without a word. */
export function isStoreExpected({ isMasterKeyFileNamed, masterKeyFile }: Config): boolean {
  return !isMasterKeyFileNamed && existsSync(masterKeyFile)
}

/** What is needed of a store to find its master key. */
export type KeyStore = Pick<Store, 'meta' | 'keyring' | 'transaction'>

type SourceName = Exclude<Config['keySource'], 'auto'>

/**
 * The master key from the one source that the configuration gives; a new one where the store has no vault yet.
 *
 * @throws BhorError `key_ambiguous`, `key_unusable`, `permissions_too_wide`
 */
export async function loadMasterKey(
  config: Config,
  store: KeyStore,
  random: Random,
  ask?: (isNew: boolean) => Promise<string>,
): Promise<{ masterKey: MasterKey; newFile: string | undefined }> {
  const sources: Record<SourceName, () => KeySource> = {
    file: () => fileSource({ path: config.masterKeyFile, random }),
    credential: () => credentialSource({ directory: config.credentialsDirectory ?? '' }),
    environment: () =>
      environmentSource({ value: config.masterKey?.reveal() ?? '', allowed: config.allowEnvKey }),
    keychain: () => keychainSource({ account: config.home, random }),
    passphrase: () => passphraseSource({ store, random, ask: (isNew) => passphrase(config, isNew, ask) }),
  }
  await settleKeyFile(config.masterKeyFile, await store.meta.get(masterKeyIdName), random)
  const names = await namesGiven(config, store)
  const source = chooseKeySource(names.map((name) => sources[name]()))
  const { masterKey, created } = await obtainMasterKey(source, !(await hasVault(store)))
  return { masterKey, newFile: created && names[0] === 'file' ? config.masterKeyFile : undefined }
}

async function namesGiven(config: Config, store: KeyStore): Promise<SourceName[]> {
  if (config.keySource !== 'auto') return [config.keySource]
  const hasCredential =
    config.credentialsDirectory !== undefined && existsSync(join(config.credentialsDirectory, credentialName))
  const given: SourceName[] = [
    ...(config.isMasterKeyFileNamed ? (['file'] as const) : []),
    ...(hasCredential ? (['credential'] as const) : []),
    ...(config.masterKey === undefined ? [] : (['environment'] as const)),
    ...(config.passphraseFile === undefined ? [] : (['passphrase'] as const)),
  ]
  if (given.length > 0) return given
  // Made with a passphrase once: then nothing else can open it.
  return (await store.meta.get(derivationName)) ? ['passphrase'] : ['file']
}

async function passphrase(
  config: Config,
  isNew: boolean,
  ask?: (isNew: boolean) => Promise<string>,
): Promise<Secret> {
  if (config.passphraseFile !== undefined)
    return secretFile(config.passphraseFile, 'file with the passphrase', 'BHOR_PASSPHRASE_FILE')
  if (ask) return new Secret(await ask(isNew))
  throw new BhorError(
    'needs_terminal',
    'The vault’s passphrase must be asked for, but there is no terminal.',
    {
      hint: 'Set BHOR_PASSPHRASE_FILE.',
    },
  )
}
