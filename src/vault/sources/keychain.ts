import { BhorError } from '../../core/errors.ts'
import type { Random } from '../../core/random.ts'
import { masterKeyBytes, masterKeyOf, masterKeyText, parseMasterKey } from '../master-key.ts'
import type { KeySource } from './key-source.ts'

const name = 'OS keychain'
const service = 'bhor'
const packageName = '@napi-rs/keyring'

/** The part of `@napi-rs/keyring` that is used (https://github.com/Brooooooklyn/keyring-node). */
export interface KeychainModule {
  readonly Entry: new (
    service: string,
    account: string,
  ) => {
    getPassword(): string | null
    setPassword(password: string): void
  }
}

export interface KeychainOptions {
  /** Tells several stores of one user apart. */
  readonly account: string
  readonly random: Random
  /** Brings the package; another one only in tests. */
  readonly bring?: () => Promise<KeychainModule>
}

/** The package is optional and brings native code, so it is loaded only here and only when asked for. */
async function bringPackage(): Promise<KeychainModule> {
  return (await import(packageName)) as KeychainModule
}

/** A key in the operating system's keychain. */
export function keychainSource({ account, random, bring = bringPackage }: KeychainOptions): KeySource {
  async function entry() {
    let keychain: KeychainModule
    try {
      keychain = await bring()
    } catch (error) {
      throw new BhorError(
        'key_unusable',
        `The OS keychain needs the package ${packageName}, which is not installed.`,
        {
          cause: error,
          hint: `npm install ${packageName}, or keep the key in a file.`,
        },
      )
    }
    return new keychain.Entry(service, account)
  }
  function asked<T>(call: () => T): T {
    try {
      return call()
    } catch (error) {
      throw new BhorError('key_unusable', 'The OS keychain refused. It may be locked.', { cause: error })
    }
  }
  return {
    name,
    async load() {
      const keychain = await entry()
      const text = asked(() => keychain.getPassword())
      return text === null ? undefined : parseMasterKey(Buffer.from(text, 'utf8'), name)
    },
    async create() {
      const keychain = await entry()
      const bytes = random.bytes(masterKeyBytes)
      const key = masterKeyOf(bytes, name)
      asked(() => keychain.setPassword(masterKeyText(bytes)))
      return key
    },
  }
}
