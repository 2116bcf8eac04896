import { createHash } from 'node:crypto'
import type { Random } from '../../src/core/random.ts'

/**
 * All chance of one run comes from its seed: xoshiro128** (https://prng.di.unimi.it), seeded by a hash. Every part has a
 * stream of its own, so that one that asks more often changes nothing for the others.
 */
export class Chance {
  readonly #name: string
  #a: number
  #b: number
  #c: number
  #d: number

  constructor(name: string) {
    this.#name = name
    const seed = createHash('sha256').update(name).digest()
    this.#a = seed.readInt32LE(0)
    this.#b = seed.readInt32LE(4)
    this.#c = seed.readInt32LE(8)
    this.#d = seed.readInt32LE(12) | 1
  }
  /** A stream that goes its own way from here on. */
  fork(name: string): Chance {
    return new Chance(`${this.#name}/${name}`)
  }
  /** 32 random bits. */
  bits(): number {
    const five = Math.imul(this.#b, 5)
    const result = Math.imul((five << 7) | (five >>> 25), 9) >>> 0
    const shifted = this.#b << 9
    this.#c ^= this.#a
    this.#d ^= this.#b
    this.#b ^= this.#c
    this.#a ^= this.#d
    this.#c ^= shifted
    this.#d = (this.#d << 11) | (this.#d >>> 21)
    return result
  }
  /** In [0, 1). */
  fraction(): number {
    return this.bits() / 2 ** 32
  }
  happens(probability: number): boolean {
    return probability > 0 && this.fraction() < probability
  }
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1))
  }
  pick<T>(list: readonly T[]): T {
    return list[this.between(0, list.length - 1)] as T
  }
  /** One of the names, each as likely as its weight says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const entries = Object.entries(weights) as [Name, number][]
    let at = this.fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [name, weight] of entries) {
      at -= weight
      if (at < 0) return name
    }
    return entries.at(-1)![0]
  }
  /** For whoever wants bytes: tokens, ids, nonces. */
  random(): Random {
    return {
      bytes: (count) => {
        const bytes = new Uint8Array(count)
        for (let at = 0; at < count; at += 4) {
          const bits = this.bits()
          for (let byte = 0; byte < 4 && at + byte < count; byte++) bytes[at + byte] = bits >>> (8 * byte)
        }
        return bytes
      },
    }
  }
}
