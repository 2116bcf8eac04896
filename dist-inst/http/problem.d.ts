import type { Problem } from '../contracts/api.ts';
import { type BhorError } from '../core/errors.ts';
/** An error as problem+json. The cause stays inside. */
export declare function problemOf(error: BhorError, requestId: string): Problem;
/** Name, value, name, value, …: what Node writes out fastest. */
export type HeaderLines = readonly string[];
/** An answer as plain values: what every door sends in its own way. */
export interface Reply {
    readonly status: number;
    readonly headers: HeaderLines;
    /** null where there is no body. */
    readonly text: string | null;
}
/** The complete answer. */
export declare function problemReply(error: BhorError, requestId: string): Reply;
/** On every answer of every route. */
export declare const securityHeaders: {
    readonly 'cache-control': 'no-store';
    readonly 'x-content-type-options': 'nosniff';
    readonly 'referrer-policy': 'no-referrer';
    readonly 'content-security-policy': "default-src 'none'; frame-ancestors 'none'";
    readonly 'cross-origin-resource-policy': 'same-origin';
};
export declare function linesOf(headers: Readonly<Record<string, string>>): HeaderLines;
