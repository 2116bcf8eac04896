/** The sessions of one broker: one per app, as both brokers have it; a new one kills the one before. */
export class Sessions {
    #byApp = new Map();
    #now;
    constructor(now) {
        this.#now = now;
    }
    open(session) {
        this.#byApp.set(session.apiKey, session);
    }
    /** The session of this token, while it lives. */
    find(accessToken) {
        return this.live().find((session) => session.accessToken === accessToken);
    }
    live() {
        const now = this.#now();
        return [...this.#byApp.values()].filter((session) => Temporal.Instant.compare(now, session.expiresAt) < 0);
    }
    /** Ends the app's session; false when there was none. */
    kill(apiKey) {
        const isLive = this.live().some((session) => session.apiKey === apiKey);
        this.#byApp.delete(apiKey);
        return isLive;
    }
}
