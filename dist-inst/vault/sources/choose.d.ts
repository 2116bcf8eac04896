import type { MasterKey } from '../master-key.ts';
import type { KeySource } from './key-source.ts';
/**
 * The one source that was given. Two are refused rather than ranked: whoever sets a second one expects it to
 * be used.
 *
 * @throws BhorError `key_ambiguous` naming them, `key_unusable` when there is none
 */
export declare function chooseKeySource(given: readonly KeySource[]): KeySource;
/**
 * The master key from its source. Nothing is remembered: after a failure the next call looks again.
 *
 * @param mayCreate whether a key may be made when there is none; only true for a store without a vault (`hasVault`)
 * @throws BhorError `key_unusable` when there is no key and none may or can be made, and whatever the source throws
 */
export declare function obtainMasterKey(source: KeySource, mayCreate: boolean): Promise<{
    masterKey: MasterKey;
    created: boolean;
}>;
