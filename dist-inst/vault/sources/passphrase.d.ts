import type { Store } from '../../contracts/store.ts';
import type { Random } from '../../core/random.ts';
import type { Secret } from '../../core/secret.ts';
import type { KeySource } from './key-source.ts';
export interface PassphraseOptions {
    readonly store: Store;
    readonly random: Random;
    /** Asks the operator; `isNew` when the passphrase is being chosen. */
    readonly ask: (isNew: boolean) => Promise<Secret>;
}
/** A key made of a passphrase by argon2id; salt and cost stand in the store. */
export declare function passphraseSource({ store, random, ask }: PassphraseOptions): KeySource;
