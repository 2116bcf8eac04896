import { type Argon2Parameters, argon2 } from 'node:crypto'
import { promisify } from 'node:util'
import type { Store } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { tryParseJson } from '../../core/json.ts'
import type { Random } from '../../core/random.ts'
import type { Secret } from '../../core/secret.ts'
import { type MasterKey, masterKeyBytes, masterKeyOf } from '../master-key.ts'
import type { KeySource } from './key-source.ts'

const name = 'passphrase'
const metaName = 'vault.passphrase'
const shortest = 12
const saltBytes = 16

/** What stands in the store: how the key is made of the passphrase. Not secret. */
interface Derivation {
  readonly algorithm: 'argon2id'
  readonly memoryKiB: number
  readonly passes: number
  readonly parallelism: number
  /** base64url */
  readonly salt: string
}

/** RFC 9106, second recommendation (64 MiB, three passes), with one lane: some 0.4 s on a small server. */
const cost = { algorithm: 'argon2id', memoryKiB: 65_536, passes: 3, parallelism: 1 } as const

export interface PassphraseOptions {
  readonly store: Store
  readonly random: Random
  /** Asks the operator; `isNew` when the passphrase is being chosen. */
  readonly ask: (isNew: boolean) => Promise<Secret>
}

/** A key made of a passphrase by argon2id; salt and cost stand in the store. */
export function passphraseSource({ store, random, ask }: PassphraseOptions): KeySource {
  return {
    name,
    async load() {
      const text = await store.meta.get(metaName)
      if (text === undefined) return undefined
      return derive(await ask(false), readDerivation(text))
    },
    async create() {
      const passphrase = await ask(true)
      if ([...passphrase.reveal()].length < shortest) {
        throw new BhorError('key_unusable', `The passphrase is too short: at least ${shortest} characters.`, {
          hint: 'Take five or six random words.',
        })
      }
      const derivation: Derivation = {
        ...cost,
        salt: Buffer.from(random.bytes(saltBytes)).toString('base64url'),
      }
      const key = await derive(passphrase, derivation)
      await store.transaction((tx) => tx.meta.set(metaName, JSON.stringify(derivation)))
      return key
    },
  }
}

/** The store may have been written by others: a cost that is too low or would eat the machine is refused. */
function readDerivation(text: string): Derivation {
  const value = tryParseJson(text) as Partial<Derivation> | null | undefined
  const isWithin = (given: unknown, least: number, most: number) =>
    Number.isInteger(given) && (given as number) >= least && (given as number) <= most
  const isSound =
    value?.algorithm === 'argon2id' &&
    isWithin(value.memoryKiB, cost.memoryKiB, 1_048_576) &&
    isWithin(value.passes, cost.passes, 20) &&
    isWithin(value.parallelism, 1, 16) &&
    typeof value.salt === 'string' &&
    Buffer.from(value.salt, 'base64url').length === saltBytes
  if (!isSound)
    throw new BhorError(
      'store_damaged',
      'Store is damaged at table meta: how the key is made of the passphrase.',
    )
  return value as Derivation
}

async function derive(passphrase: Secret, derivation: Derivation): Promise<MasterKey> {
  const parameters: Argon2Parameters = {
    // The same passphrase typed on another keyboard may come in other code points.
    message: Buffer.from(passphrase.reveal().normalize('NFC'), 'utf8'),
    nonce: Buffer.from(derivation.salt, 'base64url'),
    memory: derivation.memoryKiB,
    passes: derivation.passes,
    parallelism: derivation.parallelism,
    tagLength: masterKeyBytes,
  }
  return masterKeyOf(await promisify(argon2)(derivation.algorithm, parameters), name)
}
