import type { LoginStarted } from '../contracts/api.ts';
import type { AccountRecord, LoginRecord, SessionRecord } from '../contracts/store.ts';
import { type Principal, type SessionContext } from './context.ts';
/** A pending login lives this long and is used once. */
export declare const loginTtlMs: number;
/** @throws BhorError `clock_wrong` before 2026: the end of a session is reckoned from the clock */
export declare function refuseWrongClock(now: Temporal.Instant): void;
/** What came to a callback address, or was pasted. Several values under one name are kept apart. */
export interface Callback {
    readonly params: ReadonlyMap<string, readonly string[]>;
    readonly rawQuery: string;
}
/** Starts a login: a one-time state is stored as a keyed hash, and the broker's page is named. */
export declare function startLogin(context: SessionContext, principal: Principal, alias: string, via: string): Promise<LoginStarted>;
/** Ends a pending login that nobody wants any more. */
export declare function cancelLogin(context: SessionContext, principal: Principal, alias: string, loginId: string): Promise<void>;
/** A login of this account by its id. @throws BhorError `login_not_found` */
export declare function loginOf(context: SessionContext, account: AccountRecord, loginId: string): Promise<LoginRecord>;
/**
 * Finishes a login with what the broker's redirect brought. The state is checked before anything else is believed,
 * so that a stranger's request to the callback address can neither finish nor break off a login.
 *
 * @throws BhorError `login_state_invalid`, `login_expired`, `login_used`, `login_refused`, `callback_incomplete`,
 *   `wrong_page`, `wrong_user`, `bad_grant`, `answer_lost`, `broker_…`
 */
export declare function completeLogin(context: SessionContext, principal: Principal, brokerId: string, callback: Callback, expected?: AccountRecord): Promise<{
    account: AccountRecord;
    session: SessionRecord;
}>;
/** Finishes a login with an address that the user copied out of the browser. */
export declare function completePasted(context: SessionContext, principal: Principal, alias: string, address: string): Promise<{
    account: AccountRecord;
    session: SessionRecord;
}>;
/** Splits a query without losing that a name came twice. */
export declare function callbackOf(rawQuery: string): Callback;
