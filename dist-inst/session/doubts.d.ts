import type { SessionContext } from './context.ts';
import type { Probes } from './probe.ts';
/**
 * Asks the broker about every live session that a later login or renewal may have ended there: one that went wrong
 * (another person logged in, the answer was lost, bhor was stopped) leaves the session before it in doubt, because a
 * broker that keeps one session ends the old one when it grants the new.
 *
 * @param isStopped asked before each account, so that a server that ends waits for one answer at most
 */
export declare function settleDoubts(context: SessionContext, probes: Probes, isStopped: () => boolean): Promise<void>;
