/**
 * Tells whoever waits that something about the accounts or keys has changed in this process. The number only
 * rises, so that a waiter who was away learns that it missed something.
 */
export class Changes {
    #version;
    #waiters = new Set();
    #listeners = new Set();
    /** `start` should differ from run to run, or a page of the run before would think that it missed nothing. */
    constructor(start) {
        this.#version = start;
    }
    get version() {
        return this.#version;
    }
    /** Something changed. */
    announce() {
        this.#version++;
        for (const listener of this.#listeners)
            listener();
        for (const wake of [...this.#waiters])
            wake();
    }
    /** Calls `listener` synchronously at each change. */
    subscribe(listener) {
        this.#listeners.add(listener);
        return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
    }
    /** Resolves with the version as soon as it is not `seen`, or after `waitMs` anyway. */
    async past(seen, clock, waitMs, signal) {
        if (this.#version !== seen || signal?.aborted)
            return this.#version;
        await new Promise((resolve) => {
            const wake = () => {
                timer[Symbol.dispose]();
                this.#waiters.delete(wake);
                signal?.removeEventListener('abort', wake);
                resolve();
            };
            const timer = clock.after(waitMs, wake);
            signal?.addEventListener('abort', wake, { once: true });
            this.#waiters.add(wake);
        });
        return this.#version;
    }
}
