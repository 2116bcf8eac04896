import type { Broker, Grant } from '../contracts/broker.ts';
import type { AccountRecord, IntentRecord, LoginRecord, SessionRecord } from '../contracts/store.ts';
import { Secret } from '../core/secret.ts';
import { type Principal, type SessionContext } from './context.ts';
import { type Verified } from './identity.ts';
export interface NewSession {
    readonly broker: Broker;
    readonly account: AccountRecord;
    readonly grant: Grant;
    readonly verified: Verified;
    readonly startedBy: 'login' | 'renewal';
    readonly grantCode?: Secret;
    readonly intent: IntentRecord;
    readonly login?: LoginRecord;
    /** The session that a renewal renews: it must not have been logged out or replaced meanwhile. */
    readonly renews?: SessionRecord;
}
/**
 * Makes a granted session the account's current one: the generation rises by one, the session before it ends, and
 * the audit record, the login and the intent become durable in the same commit.
 *
 * @throws BhorError `generation_conflict` when another process committed first
 */
export declare function commitSession(context: SessionContext, principal: Principal, input: NewSession): Promise<{
    account: AccountRecord;
    session: SessionRecord;
}>;
