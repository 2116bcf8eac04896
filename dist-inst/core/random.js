import { createHash, randomBytes } from 'node:crypto';
/** The operating system's generator. */
export const systemRandom = { bytes: (count) => randomBytes(count) };
/** The same bytes for the same seed. For tests and the simulator's faults, never for a key. */
export function seededRandom(seed) {
    let counter = 0;
    let pool = Buffer.alloc(0);
    return {
        bytes(count) {
            while (pool.length < count) {
                pool = Buffer.concat([pool, createHash('sha256').update(`${seed}:${counter++}`).digest()]);
            }
            const taken = pool.subarray(0, count);
            pool = pool.subarray(count);
            return new Uint8Array(taken);
        },
    };
}
/** A number in [0, 1), from 48 random bits. */
export function fraction(random) {
    return Buffer.from(random.bytes(6)).readUIntBE(0, 6) / 2 ** 48;
}
