// Asked for when it is needed: loading it takes a fifth of what Node itself takes, and `bhor token` seldom needs it.
const crypto = () => process.getBuiltinModule('node:crypto')

/** Randomness, injected: real in production, seeded in a simulation. */
export interface Random {
  bytes(count: number): Uint8Array
}

/** The operating system's generator. */
export const systemRandom: Random = { bytes: (count) => crypto().randomBytes(count) }

/** The same generator by the name that browsers know too. */
export const webRandom: Random = {
  bytes: (count) => globalThis.crypto.getRandomValues(new Uint8Array(count)),
}

/** The same bytes for the same seed. For tests and the simulator's faults, never for a key. */
export function seededRandom(seed: string | number): Random {
  let counter = 0
  let pool = Buffer.alloc(0)
  return {
    bytes(count) {
      while (pool.length < count) {
        pool = Buffer.concat([pool, crypto().hash('sha256', `${seed}:${counter++}`, 'buffer')])
      }
      const taken = pool.subarray(0, count)
      pool = pool.subarray(count)
      return new Uint8Array(taken)
    },
  }
}

/** A number in [0, 1), from 48 random bits. */
export function fraction(random: Random): number {
  return Buffer.from(random.bytes(6)).readUIntBE(0, 6) / 2 ** 48
}
