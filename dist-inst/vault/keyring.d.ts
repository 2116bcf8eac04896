import { type KeyObject } from 'node:crypto';
import type { KeyringRecord } from '../contracts/store.ts';
import type { Clock } from '../core/clock.ts';
import { BhorError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import type { MasterKey } from './master-key.ts';
type Purpose = KeyringRecord['purpose'];
/** An opened key of the ring. */
export interface RingKey {
    readonly id: string;
    readonly key: KeyObject;
}
/** The keys of one purpose: the one in use, and those that still open what they sealed. */
export interface PurposeKeys {
    readonly current: RingKey;
    readonly byId: ReadonlyMap<string, KeyObject>;
}
export type Keyring = Readonly<Record<Purpose, PurposeKeys>>;
/** One new key for every purpose, sealed by the master key. */
export declare function newKeyring(master: MasterKey, random: Random, clock: Clock): KeyringRecord[];
/**
 * Opens every key of the ring.
 *
 * @throws BhorError `store_damaged` when a key does not open or a purpose has none in use
 */
export declare function openKeyring(records: readonly KeyringRecord[], master: MasterKey): Keyring;
export declare function damaged(why: string): BhorError;
export {};
