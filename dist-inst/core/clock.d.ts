/**
 * Time, injected. Nothing outside `core/` reads a clock or sets a timer of its own, so that a whole
 * trading month can run in a simulation.
 */
export interface Clock {
    now(): Temporal.Instant;
    /**
     * The same as milliseconds since the epoch, for what is stored and what is asked often: V8 keeps every Temporal
     * object until a whole collection, so that one a request makes every small collection longer.
     */
    nowMs(): number;
    /** Milliseconds that only ever grow; for durations, never for dates. */
    monotonicMs(): number;
    /**
     * Calls `work` once, after `delayMs`. Delays are cut to {@link longestTimerMs}: whoever waits longer looks at
     * the wall clock again when called, which is also what survives a suspended laptop.
     */
    after(delayMs: number, work: () => void): Disposable;
    /** Resolves after `delayMs`, rejects with the signal's reason when aborted. */
    sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}
/** Timers above 2^31 ms fire at once in Node, and a long timer misses a clock that was set. */
export declare const longestTimerMs = 60000;
/** The machine's clock. Its timers do not keep the process alive. */
export declare const systemClock: Clock;
/** The machine's clock for a program that has nothing to do but wait: its timers keep the process alive. */
export declare const foregroundClock: Clock;
/** A clock that stands still until a test or the simulator moves it. */
export declare class ManualClock implements Clock {
    #private;
    constructor(start?: Temporal.Instant | string);
    now(): Temporal.Instant;
    nowMs(): number;
    monotonicMs(): number;
    after(delayMs: number, work: () => void): Disposable;
    sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
    /** Lets `ms` pass: every timer that falls due runs, in order, and promises settle between them. */
    advance(ms: number): Promise<void>;
    /** Sets the wall clock without letting time pass: an NTP step, a resumed laptop, an operator's mistake. */
    set(instant: Temporal.Instant | string): void;
}
