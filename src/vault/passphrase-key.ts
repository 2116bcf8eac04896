import { type Argon2Parameters, argon2 } from 'node:crypto'
import { promisify } from 'node:util'
import type { Random } from '../core/random.ts'
import type { Secret } from '../core/secret.ts'

/** Fewer characters are guessed. */
export const shortestPassphrase = 12
const saltBytes = 16

/** How a key is made of a passphrase. Not secret; it stands beside what the key opens. */
export interface Derivation {
  readonly algorithm: 'argon2id'
  readonly memoryKiB: number
  readonly passes: number
  readonly parallelism: number
  /** base64url */
  readonly salt: string
}

/** RFC 9106, second recommendation (64 MiB, three passes), with one lane: some 0.4 s on a small server. */
const cost = { algorithm: 'argon2id', memoryKiB: 65_536, passes: 3, parallelism: 1 } as const

export function newDerivation(random: Random): Derivation {
  return { ...cost, salt: Buffer.from(random.bytes(saltBytes)).toString('base64url') }
}

export function isLongEnough(passphrase: Secret): boolean {
  return [...passphrase.reveal()].length >= shortestPassphrase
}

/** Others may have written it: a cost that is too low, or that would eat the machine, is no derivation of ours. */
export function isDerivation(value: unknown): value is Derivation {
  const given = (value ?? {}) as Partial<Record<keyof Derivation, unknown>>
  const isWithin = (one: unknown, least: number, most: number) =>
    Number.isInteger(one) && (one as number) >= least && (one as number) <= most
  return (
    given.algorithm === 'argon2id' &&
    isWithin(given.memoryKiB, cost.memoryKiB, 1_048_576) &&
    isWithin(given.passes, cost.passes, 20) &&
    isWithin(given.parallelism, 1, 16) &&
    typeof given.salt === 'string' &&
    Buffer.from(given.salt, 'base64url').length === saltBytes
  )
}

/** The bytes that a passphrase stands for; slow on purpose. */
export function derivedBytes(
  passphrase: Secret,
  { algorithm, memoryKiB, passes, parallelism, salt }: Derivation,
  length: number,
): Promise<Buffer> {
  const parameters: Argon2Parameters = {
    // The same passphrase typed on another keyboard may come in other code points.
    message: Buffer.from(passphrase.reveal().normalize('NFC'), 'utf8'),
    nonce: Buffer.from(salt, 'base64url'),
    memory: memoryKiB,
    passes,
    parallelism,
    tagLength: length,
  }
  return promisify(argon2)(algorithm, parameters)
}
