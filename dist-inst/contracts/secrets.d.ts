import type { Secret } from '../core/secret.ts';
/** Where a sealed value stands. A value moved to any other place does not open. */
export interface Place {
    readonly table: 'apps' | 'accounts' | 'sessions' | 'logins';
    /** The row's id. */
    readonly row: string;
    readonly field: string;
    /** The account's generation for session fields, 0 elsewhere. */
    readonly generation: number;
}
/** The plain columns of one row that decide something (status, expiry, owner), in a fixed set of names. */
export interface MacFields {
    readonly table: 'apps' | 'accounts' | 'sessions' | 'logins' | 'client_keys';
    readonly row: string;
    readonly fields: Readonly<Record<string, string | number | null>>;
}
/**
 * Sealing and authentication of what is stored. Implemented by `vault/`: AES-256-GCM under data keys that are
 * themselves sealed by the master key. There is no mode without a key.
 */
export interface Vault {
    /** The id of the data key that seals new values. */
    readonly keyId: string;
    seal(plain: string, place: Place): string;
    /** @throws BhorError `seal_broken` when the value was changed, moved, or sealed by a key that is not in the ring */
    open(sealed: string, place: Place): Secret;
    /** HMAC-SHA-256 over table, row and fields; base64url. */
    mac(row: MacFields): string;
    /** Constant time. */
    isMacValid(row: MacFields, mac: string): boolean;
    /** A keyed hash for looking up or comparing a secret without storing it; hex. */
    fingerprint(purpose: 'login-state' | 'login-grant', value: string): string;
    /** HMAC-SHA-256 of the audit chain; base64url. */
    auditMac(text: string): string;
    /** Signs our login state, so that a forged one is refused before the store is asked. */
    signState(payload: string): string;
    isStateSigned(payload: string, signature: string): boolean;
}
