import type { BrokerReply, CallSite, Verdict, VerdictKind } from '../contracts/broker.ts';
/** At a login or renewal, a refused credential is never the session's death: there may be a live one beside it. */
export declare function isLogin(at: CallSite): boolean;
export declare function isSuccessStatus(status: number): boolean;
/**
 * What the HTTP status alone decides, at every broker: throttled, locked, or not an answer of the API at all.
 * A redirect is one of those: a gateway or a login page speaks, and bhor follows none.
 */
export declare function kindOfStatus(status: number): VerdictKind | undefined;
/** A verdict with the broker's own words, and when to come back where that matters. */
export declare function verdictOf(kind: VerdictKind, reply: BrokerReply, said: {
    readonly code?: string | undefined;
    readonly message?: string | undefined;
}): Verdict;
