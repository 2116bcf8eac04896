import type { Actor } from '../contracts/audit.ts';
import { type SessionContext } from './context.ts';
/** Records callbacks that were turned away before they touched a login, at most ten a minute. */
export declare class CallbackRefusals {
    #private;
    constructor(context: SessionContext);
    record(actor: Actor, error: unknown): Promise<void>;
}
