import type { Clock } from '../core/clock.ts';
/** The wall clock that the simulated brokers live by: the injected clock, moved by an offset. */
export declare class MovableClock {
    #private;
    constructor(base: Clock);
    now(): Temporal.Instant;
    /** Moves the brokers' clock on (or back, when negative). No timer fires: only what the brokers believe changes. */
    advance(ms: number): void;
    /** Sets the brokers' clock; from there it runs on with the injected one. */
    set(instant: Temporal.Instant | string): void;
}
