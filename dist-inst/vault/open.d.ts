import type { Vault } from '../contracts/secrets.ts';
import type { Store, StoreReads } from '../contracts/store.ts';
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import type { MasterKey } from './master-key.ts';
export interface VaultOptions {
    readonly store: Store;
    readonly masterKey: MasterKey;
    readonly random: Random;
    readonly clock: Clock;
}
/** Whether this store has a vault: then a missing master key must not be replaced by a new one. */
export declare function hasVault(store: StoreReads): Promise<boolean>;
/**
 * Opens the vault of a store; makes it, with its keys and the beginning of the audit chain, in one transaction
 * when the store has none.
 *
 * @throws BhorError `key_wrong` when the store was made with another master key; nothing is touched
 * @throws BhorError `store_damaged` when keyring and check value do not belong together
 */
export declare function openVault(options: VaultOptions): Promise<{
    vault: Vault;
    created: boolean;
}>;
