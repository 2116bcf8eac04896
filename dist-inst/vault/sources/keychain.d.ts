import type { Random } from '../../core/random.ts';
import type { KeySource } from './key-source.ts';
/** The part of `@napi-rs/keyring` that is used (https://github.com/Brooooooklyn/keyring-node). */
export interface KeychainModule {
    readonly Entry: new (service: string, account: string) => {
        getPassword(): string | null;
        setPassword(password: string): void;
    };
}
export interface KeychainOptions {
    /** Tells several stores of one user apart. */
    readonly account: string;
    readonly random: Random;
    /** Brings the package; another one only in tests. */
    readonly bring?: () => Promise<KeychainModule>;
}
/** A key in the operating system's keychain. */
export declare function keychainSource({ account, random, bring }: KeychainOptions): KeySource;
