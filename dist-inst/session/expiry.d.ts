import type { ExpiryRule, Values } from '../contracts/broker.ts';
export interface GrantFacts {
    readonly grantedAt: Temporal.Instant;
    /** By kind, revealed. */
    readonly tokens: Values;
    /** The end that the broker itself named. */
    readonly grantExpiresAt?: Temporal.Instant;
}
/**
 * The instant from which a session counts as expired: the earliest of all that the rule says. It may lie in the
 * past; the session has expired then, and nothing pretends otherwise.
 */
export declare function expiresAt(rule: ExpiryRule, facts: GrantFacts): Temporal.Instant;
