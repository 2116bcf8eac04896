/** Randomness, injected: real in production, seeded in a simulation. */
export interface Random {
    bytes(count: number): Uint8Array;
}
/** The operating system's generator. */
export declare const systemRandom: Random;
/** The same bytes for the same seed. For tests and the simulator's faults, never for a key. */
export declare function seededRandom(seed: string | number): Random;
/** A number in [0, 1), from 48 random bits. */
export declare function fraction(random: Random): number;
