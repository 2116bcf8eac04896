/** To whom a one-time code of a login was given. */
export interface IssuedCode {
    readonly apiKey: string;
    readonly userId: string;
}
/** The one-time codes of one broker (`request_token`, `code`): single use, short-lived. */
export declare class OneTimeCodes {
    #private;
    constructor(now: () => Temporal.Instant, ttlMs: number);
    issue(code: string, to: IssuedCode): void;
    /** Spends the code: whatever comes of it, it works only once. Undefined when unknown, used, or too old. */
    take(code: string): IssuedCode | undefined;
}
