import type { Config } from '../config/load.ts';
import type { Store } from '../contracts/store.ts';
import type { Random } from '../core/random.ts';
import type { MasterKey } from '../vault/master-key.ts';
/**
 * The master key from the one source that the configuration gives; a new one where the store has no vault yet.
 *
 * @throws BhorError `key_ambiguous`, `key_unusable`, `permissions_too_wide`
 */
export declare function loadMasterKey(config: Config, store: Store, random: Random, ask?: (isNew: boolean) => Promise<string>): Promise<{
    masterKey: MasterKey;
    newFile: string | undefined;
}>;
