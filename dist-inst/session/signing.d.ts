import type { Broker, SignContext } from '../contracts/broker.ts';
import type { AccountRecord, SessionRecord } from '../contracts/store.ts';
import { BhorError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import type { SessionContext } from './context.ts';
/** A session with what it takes to speak for it: the adapter, the hosts, and the revealed values to sign with. */
export interface OpenSession {
    readonly broker: Broker;
    readonly account: AccountRecord;
    readonly session: SessionRecord;
    readonly hosts: Readonly<Record<string, string>>;
    readonly signing: SignContext;
}
/** Reveals a set of secrets for one call to an adapter. */
export declare function revealed(secrets: Readonly<Record<string, Secret>>): Record<string, string>;
/** The tokens of a session, authenticated and opened. */
export declare function tokensOf(context: Pick<SessionContext, 'vault'>, session: SessionRecord): Record<string, Secret>;
/**
 * The live session of an account, ready for calls to the broker.
 *
 * @throws BhorError `session_none`, `session_expired`, `session_revoked` with since when
 */
export declare function openLiveSession(context: SessionContext, account: AccountRecord): Promise<OpenSession>;
/**
 * A session that a renewal may follow: live, or run out by itself, which is when a renewal is wanted most.
 *
 * @throws BhorError `session_none`, `session_revoked`
 */
export declare function openRenewableSession(context: SessionContext, account: AccountRecord): Promise<OpenSession>;
/**
 * The newest session of an account that was read before, authenticated. It cannot be older than the account says: whoever can write
 * the file must not be able to bring back an earlier session by deleting the row of a later one.
 *
 * @throws BhorError `store_damaged`, `account_not_found` when the account was removed meanwhile
 */
export declare function latestSessionOf(context: Pick<SessionContext, 'store' | 'vault'>, account: AccountRecord): Promise<SessionRecord | undefined>;
export declare function openSession(context: SessionContext, account: AccountRecord, session: SessionRecord): Promise<OpenSession>;
/** Passes on a session that may be used at `nowMs`, and says exactly why any other may not. */
export declare function liveOrThrow(nowMs: number, account: AccountRecord, session: SessionRecord | undefined): SessionRecord;
/** Why an account without any session has none. */
export declare function noSession(account: AccountRecord): BhorError;
