import type { ErrorCode } from '../core/errors.ts';
/** Which listener a request came in by. `desk`: TCP on loopback. `socket`: the Unix socket that only this user can open. */
export type Door = 'desk' | 'socket';
export interface Knock {
    readonly method: string;
    /** The request target as sent. */
    readonly target: string;
    /** Name, value, name, value, … as sent. */
    readonly rawHeaders: readonly string[];
}
export interface Refusal {
    readonly code: ErrorCode;
    readonly detail: string;
    readonly hint?: string;
    /** The connection cannot be trusted to be in step any more. */
    readonly closes?: boolean;
}
/** Lower-case names; of a name that stands twice the first. */
export type Headers = ReadonlyMap<string, string>;
/** A request that passed. Whoever goes on with it reads it as the gate did. */
export interface Admitted {
    readonly door: Door;
    readonly method: string;
    /** Without the query. */
    readonly path: string;
    /** The query as it came, without its `?`; empty without one. */
    readonly search: string;
    readonly headers: Headers;
}
export type Verdict = {
    readonly refusal: Refusal;
    readonly admitted?: undefined;
} | {
    readonly refusal?: undefined;
    readonly admitted: Admitted;
};
/**
 * Looks at a request before any route does, and at every event by which Node can deliver one. Node itself accepts
 * two Host headers (and takes the first), absolute targets, TRACE, and a body on GET.
 *
 * @param own the exact `host:port` values that are ours
 */
export declare function verdictOn(knock: Knock, door: Door, own: readonly string[]): Verdict;
