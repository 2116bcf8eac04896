import type { SessionStatus } from '../contracts/api.ts';
import type { AccountRecord, LoginRecord, SessionRecord } from '../contracts/store.ts';
/** From here on a session is called *expiring*: time to log in again before a program notices. */
export declare const expiringWithinMs: number;
/** What may follow what. A status is derived; this table is what the derivation is tested against. */
export declare const transitions: {
    readonly none: readonly ["login_pending", "active", "expiring"];
    readonly login_pending: readonly ["none", "active", "expiring", "expired", "revoked"];
    readonly active: readonly ["active", "expiring", "expired", "revoked", "login_pending"];
    readonly expiring: readonly ["active", "expiring", "expired", "revoked", "login_pending"];
    readonly expired: readonly ["login_pending", "active", "expiring"];
    readonly revoked: readonly ["login_pending", "active", "expiring"];
};
/** The status of an account at `nowMs`, from what is stored. A live session outranks a login that is running. */
export declare function statusAt(nowMs: number, session: SessionRecord | undefined, login: LoginRecord | undefined): SessionStatus;
/** One plain sentence for people: what is so, and what to do. */
export declare function statusText(status: SessionStatus, account: AccountRecord, session: SessionRecord | undefined): string;
