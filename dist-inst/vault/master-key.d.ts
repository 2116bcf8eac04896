import { type KeyObject } from 'node:crypto';
export declare const masterKeyBytes = 32;
/** The key that seals the keyring. Only what is derived from it is ever used. */
export interface MasterKey {
    /** Short public name of the key: 8 bytes, hex. */
    readonly id: string;
    /** Proves that a key is the one, without telling it; hex. */
    readonly check: string;
    /** Seals the keyring's keys. */
    readonly wrapping: KeyObject;
    /** Where it came from, for messages. */
    readonly source: string;
}
/**
 * Makes a master key of its 32 bytes.
 *
 * @throws BhorError `key_unusable` for another length, and for bytes that no generator of keys gives
 */
export declare function masterKeyOf(bytes: Uint8Array, source: string): MasterKey;
/** The key as text: one line that says what it is. */
export declare function masterKeyText(bytes: Uint8Array): string;
/**
 * Reads the text that {@link masterKeyText} wrote, exactly, with or without its final newline. Anything else is
 * refused by name instead of being mended: a mended key is another key.
 *
 * @throws BhorError `key_unusable`; the message never holds the text
 */
export declare function parseMasterKey(content: Uint8Array, source: string): MasterKey;
