import type { TestResult } from '../contracts/api.ts';
import { type Principal, type SessionContext } from './context.ts';
/** Probes at the user's wish, politely: callers at the same moment share one, and an adapter's budget is kept. */
export declare class Probes {
    #private;
    constructor(context: SessionContext);
    /**
     * Asks the broker for the profile: *valid*, *invalid* or *unknown*. Only the broker's own word that the session is
     * dead, or another person's, ends it; a refused address, a rate limit or a broker that is down says nothing about
     * the session.
     *
     * @throws BhorError `session_…` when there is no session to test, `rate_limited` past the broker's budget
     */
    test(principal: Principal, alias: string): Promise<TestResult>;
}
