import { type KeyObject } from 'node:crypto';
import { BhorError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
/** Parts joined so that no other parts give the same bytes: each with its length before it. */
export declare function joined(...parts: readonly string[]): Buffer;
/** `v1.<key id>.<base64url of nonce, ciphertext and tag>`: AES-256-GCM with a random 96-bit nonce. */
export declare function sealEnvelope(plain: Uint8Array, { key, keyId, bound, random }: {
    key: KeyObject;
    keyId: string;
    bound: Uint8Array;
    random: Random;
}): string;
/** The id of the key that sealed this text. @throws BhorError `seal_broken` */
export declare function keyIdOf(sealed: string): string;
/** @throws BhorError `seal_broken` when text, place or key are not those of the sealing */
export declare function openEnvelope(sealed: string, { key, bound }: {
    key: KeyObject;
    bound: Uint8Array;
}): Buffer;
export declare function broken(): BhorError;
