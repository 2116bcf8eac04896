/** First come, first served, within one process. */
export declare class Mutex {
    #private;
    /** Takes the lock at once or not at all. */
    tryAcquire(): boolean;
    acquire(): Promise<void>;
    /** Hands the lock to whoever waited longest. */
    release(): void;
    run<T>(work: () => Promise<T>): Promise<T>;
}
