/** Aborts when the person or the system wants the command to end; until then the default, a sudden death, is off. */
export declare function onInterrupt(): Disposable & {
    readonly signal: AbortSignal;
};
