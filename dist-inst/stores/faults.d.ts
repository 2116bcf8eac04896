import { BhorError } from '../core/errors.ts';
/** A broken uniqueness or reference, as the engines report them; the queries turn it into what their contract says. */
export declare class ConstraintFault extends Error {
    readonly name = "ConstraintFault";
    readonly kind: 'unique' | 'reference' | 'other';
    constructor(kind: ConstraintFault['kind'], cause: unknown);
}
/** Runs an insert; a row that is already there becomes the error that `taken` makes. */
export declare function orTaken<T>(insert: Promise<T>, taken: () => BhorError): Promise<T>;
/** What reaches the caller of the store: a constraint that no query expected is told as what it is. */
export declare function outward(error: unknown): unknown;
/** A commit that failed may still have been made durable: only reading again tells. */
export declare function unknownOutcome(error: unknown): unknown;
