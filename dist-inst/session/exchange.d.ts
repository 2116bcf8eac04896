import type { Broker, Grant, RedirectLogin, Values } from '../contracts/broker.ts';
import type { AccountRecord, IntentRecord, LoginRecord, SessionRecord, StoreTransaction } from '../contracts/store.ts';
import { type Principal, type SessionContext } from './context.ts';
export interface Exchange {
    readonly broker: Broker;
    readonly method: RedirectLogin;
    readonly account: AccountRecord;
    readonly login: LoginRecord;
    readonly vars: Values;
    readonly secretVars: readonly string[];
}
/**
 * Turns a one-time code into a stored session. The order is the point: the intent is durable before the code is
 * sent (which also proves that there is room to store the answer), the code is sent once, the person is checked,
 * and session, audit record, login and intent become durable together.
 */
export declare function exchangeGrant(context: SessionContext, principal: Principal, exchange: Exchange): Promise<{
    account: AccountRecord;
    session: SessionRecord;
}>;
/** A commit of which nobody knows whether it happened: the token may be the account's now. */
export declare function isUnknown(error: unknown): boolean;
/**
 * One exchange or renewal of an account at a time: of two that cross at the broker, the one that is stored last may
 * hold the token that the other one killed.
 *
 * @throws BhorError `login_in_progress`; nothing is spent, the same link works a moment later
 */
export declare function refuseSecondFlight(tx: StoreTransaction, account: AccountRecord, intent: IntentRecord): Promise<void>;
/** Only token kinds that the manifest names, each of its shape. @throws BhorError `bad_token_shape` */
export declare function checkedGrant(broker: Broker, grant: Grant): Grant;
