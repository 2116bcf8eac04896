/** No complete reply. The message names no URL and no header. */
export class NetError extends Error {
    name = 'NetError';
    outcome;
    reason;
    constructor(outcome, reason, cause) {
        super(`No complete reply (${reason}, ${outcome}).`, cause === undefined ? undefined : { cause });
        this.outcome = outcome;
        this.reason = reason;
    }
}
