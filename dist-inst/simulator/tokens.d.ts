import type { Random } from '../core/random.ts';
/** Opaque tokens as brokers make them: letters and digits. */
export declare function opaqueToken(random: Random, length: number): string;
/** A UUID of version 4, from the injected randomness. */
export declare function uuid(random: Random): string;
