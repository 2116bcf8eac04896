/**
 * Callers with the same key share one running piece of work. A flight clears only its own entry, so a slow
 * old one never wipes a newer one; errors are shared with those who wait and never remembered.
 */
export declare class SingleFlight<Result> {
    #private;
    run(key: string, work: () => Promise<Result>): Promise<Result>;
}
