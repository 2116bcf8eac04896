import type { Random } from './random.ts';
/** A short unguessable name such as `acc_3f8k…`: 80 random bits in Crockford's base32, behind a prefix. */
export declare function newId(prefix: string, random: Random): string;
/** 256 random bits in base64url (43 characters), for keys, states and links. */
export declare function newToken(random: Random): string;
