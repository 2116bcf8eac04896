import type { Store } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { tryParseJson } from '../../core/json.ts'
import type { Random } from '../../core/random.ts'
import type { Secret } from '../../core/secret.ts'
import { type MasterKey, masterKeyBytes, masterKeyOf } from '../master-key.ts'
import {
  type Derivation,
  derivedBytes,
  isDerivation,
  isLongEnough,
  newDerivation,
  shortestPassphrase,
} from '../passphrase-key.ts'
import type { KeySource } from './key-source.ts'

const name = 'passphrase'
/** Under which name the store keeps how the key is made; an empty text for a key that is made otherwise by now. */
export const derivationName = 'vault.passphrase'

export interface PassphraseOptions {
  readonly store: Pick<Store, 'meta' | 'transaction'>
  readonly random: Random
  /** Asks the operator; `isNew` when the passphrase is being chosen. */
  readonly ask: (isNew: boolean) => Promise<Secret>
}

/** A key made of a passphrase by argon2id; salt and cost stand in the store. */
export function passphraseSource({ store, random, ask }: PassphraseOptions): KeySource {
  return {
    name,
    async load() {
      const text = await store.meta.get(derivationName)
      if (!text) return undefined
      return keyOf(await ask(false), readDerivation(text))
    },
    async create() {
      const { key, derivation } = await newPassphraseKey(await ask(true), random)
      await store.transaction((tx) => tx.meta.set(derivationName, derivation))
      return key
    },
  }
}

/** A key of a passphrase that was just chosen, and what to keep in the store with it. @throws BhorError `key_unusable` */
export async function newPassphraseKey(
  passphrase: Secret,
  random: Random,
): Promise<{ key: MasterKey; derivation: string }> {
  refuseShort(passphrase)
  const derivation = newDerivation(random)
  return { key: await keyOf(passphrase, derivation), derivation: JSON.stringify(derivation) }
}

/** @throws BhorError `key_unusable` */
export function refuseShort(passphrase: Secret): void {
  if (isLongEnough(passphrase)) return
  const text = `The passphrase is too short: at least ${shortestPassphrase} characters.`
  throw new BhorError('key_unusable', text, { hint: 'Take five or six random words.' })
}

function readDerivation(text: string): Derivation {
  const value = tryParseJson(text)
  if (isDerivation(value)) return value
  throw new BhorError(
    'store_damaged',
    'Store is damaged at table meta: how the key is made of the passphrase.',
  )
}

async function keyOf(passphrase: Secret, derivation: Derivation): Promise<MasterKey> {
  return masterKeyOf(await derivedBytes(passphrase, derivation, masterKeyBytes), name)
}
