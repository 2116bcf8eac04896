import { type SessionContext } from './context.ts';
/** Between two looks. Expiry does not depend on it: every hand-out reads the clock itself. */
export declare const tickMs = 30000;
/**
 * Writes down what time has decided: sessions that ended by themselves, and exchanges of which nobody knows how they
 * went. Safe to repeat, and safe in several processes at once.
 */
export declare function keep(context: SessionContext, options: {
    readonly isAlone: boolean;
}): Promise<void>;
