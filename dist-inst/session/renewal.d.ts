import type { AccountRecord, SessionRecord } from '../contracts/store.ts';
import { type Principal, type SessionContext } from './context.ts';
interface Renewed {
    readonly account: AccountRecord;
    readonly session: SessionRecord;
}
/** A new token without a human, where the broker gave the means for it. One at a time per account. */
export declare class Renewals {
    #private;
    constructor(context: SessionContext);
    /** @throws BhorError `renewal_unavailable`, `session_…`, `bad_grant`, `answer_lost`, `broker_…` */
    renew(principal: Principal, alias: string): Promise<Renewed>;
}
export {};
