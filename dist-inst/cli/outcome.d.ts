/** Runs `work` and tells on stderr what it throws. @returns the exit code */
export declare function exitCodeOf(work: () => Promise<number>): Promise<number>;
/** A fault of our own that nobody caught: its text and its stack may hold anything, so neither is shown. */
export declare function tellFaults(): void;
