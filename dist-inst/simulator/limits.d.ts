/** At most this many calls in each calendar window of this length. */
export interface CallWindow {
    readonly ms: number;
    readonly most: number;
}
/**
 * Rate limits on the brokers' own clock. A window is a calendar second, minute or day, not a sliding one: the
 * exchanges count orders per calendar-clock second.
 */
export declare class Limits {
    #private;
    constructor(now: () => Temporal.Instant);
    /** Counts one call; false when any window is full, and then nothing is counted. */
    allows(key: string, windows: readonly CallWindow[]): boolean;
}
