/** The one-time codes of one broker (`request_token`, `code`): single use, short-lived. */
export class OneTimeCodes {
    #issued = new Map();
    #now;
    #ttlMs;
    constructor(now, ttlMs) {
        this.#now = now;
        this.#ttlMs = ttlMs;
    }
    issue(code, to) {
        this.#issued.set(code, { ...to, expiresAt: this.#now().add({ milliseconds: this.#ttlMs }) });
    }
    /** Spends the code: whatever comes of it, it works only once. Undefined when unknown, used, or too old. */
    take(code) {
        const issued = this.#issued.get(code);
        this.#issued.delete(code);
        return issued && Temporal.Instant.compare(this.#now(), issued.expiresAt) < 0 ? issued : undefined;
    }
}
