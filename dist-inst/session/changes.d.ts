import type { Clock } from '../core/clock.ts';
/**
 * Tells whoever waits that something about the accounts or keys has changed in this process. The number only
 * rises, so that a waiter who was away learns that it missed something.
 */
export declare class Changes {
    #private;
    /** `start` should differ from run to run, or a page of the run before would think that it missed nothing. */
    constructor(start: number);
    get version(): number;
    /** Something changed. */
    announce(): void;
    /** Calls `listener` synchronously at each change. */
    subscribe(listener: () => void): Disposable;
    /** Resolves with the version as soon as it is not `seen`, or after `waitMs` anyway. */
    past(seen: number, clock: Clock, waitMs: number, signal?: AbortSignal): Promise<number>;
}
