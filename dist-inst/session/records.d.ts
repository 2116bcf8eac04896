import type { Place, Vault } from '../contracts/secrets.ts';
import type { AccountRecord, AppRecord, ClientKeyRecord, LoginRecord, SessionRecord } from '../contracts/store.ts';
import { Secret } from '../core/secret.ts';
/**
 * Which plain columns of each row decide something. They are authenticated, because neither SQLite nor PostgreSQL
 * notices a changed byte, and whoever can write the file must not be able to prolong a session or widen a key.
 */
declare const macFields: {
    readonly apps: (r: AppRecord) => {
        broker: string;
        kind: import("../contracts/store.ts").AccountKind;
        apiKey: string;
        fields: string;
    };
    readonly accounts: (r: AccountRecord) => {
        alias: string;
        broker: string;
        kind: import("../contracts/store.ts").AccountKind;
        appId: string;
        userId: string;
        redirectUrl: string;
        generation: number;
    };
    readonly sessions: (r: SessionRecord) => {
        accountId: string;
        generation: number;
        status: "active" | "ended";
        endReason: "expired" | "logged_out" | "replaced" | "revoked" | null;
        userId: string;
        baseUrl: string;
        grantedAtMs: number;
        expiresAtMs: number;
        tokenExpiriesMs: string;
    };
    readonly logins: (r: LoginRecord) => {
        accountId: string;
        broker: string;
        stateHash: string;
        redirectUrl: string;
        status: "cancelled" | "done" | "failed" | "open" | "used";
        expiresAtMs: number;
    };
    readonly client_keys: (r: ClientKeyRecord) => {
        hash: string;
        scopes: string;
        accountIds: string;
        expiresAtMs: number | null;
        revokedAtMs: number | null;
    };
};
type Tables = typeof macFields;
type RecordOf<Table extends keyof Tables> = Parameters<Tables[Table]>[0];
/** The record with its `mac` computed afresh. Every write goes through here. */
export declare function stamped<Table extends keyof Tables>(vault: Vault, table: Table, record: Omit<RecordOf<Table>, 'mac'>): RecordOf<Table>;
/**
 * A stored record with some fields changed. The stored one is authenticated first: stamping a row that somebody
 * changed would make the change genuine.
 */
export declare function amended<Table extends keyof Tables>(vault: Vault, table: Table, record: RecordOf<Table>, changes: Partial<Omit<RecordOf<Table>, 'id' | 'mac'>>): RecordOf<Table>;
/** Passes a record on only when its `mac` is right. @throws BhorError `store_damaged` naming table and row */
export declare function proven<Table extends keyof Tables>(vault: Vault, table: Table, record: RecordOf<Table>): RecordOf<Table>;
/** Seals a set of named secrets as one value; empty text for an empty set. */
export declare function sealSecrets(vault: Vault, secrets: Readonly<Record<string, Secret>>, place: Place): string;
/** The reverse of {@link sealSecrets}. */
export declare function openSecrets(vault: Vault, sealed: string, place: Place): Record<string, Secret>;
export declare const places: {
    appSecrets: (appId: string) => Place;
    accountSecrets: (accountId: string) => Place;
    tokens: (sessionId: string, generation: number) => Place;
    grant: (sessionId: string, generation: number) => Place;
    carry: (loginId: string) => Place;
};
export {};
