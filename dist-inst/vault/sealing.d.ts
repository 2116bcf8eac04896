import type { Vault } from '../contracts/secrets.ts';
import type { Random } from '../core/random.ts';
import type { Keyring } from './keyring.ts';
/** The vault over an opened keyring. */
export declare function vaultOver(ring: Keyring, random: Random): Vault;
