/** First come, first served, within one process. */
export class Mutex {
    #isHeld = false;
    #waiting = [];
    /** Takes the lock at once or not at all. */
    tryAcquire() {
        if (this.#isHeld)
            return false;
        this.#isHeld = true;
        return true;
    }
    async acquire() {
        if (this.tryAcquire())
            return;
        await new Promise((resolve) => this.#waiting.push(resolve));
    }
    /** Hands the lock to whoever waited longest. */
    release() {
        const next = this.#waiting.shift();
        if (next)
            next();
        else
            this.#isHeld = false;
    }
    async run(work) {
        await this.acquire();
        try {
            return await work();
        }
        finally {
            this.release();
        }
    }
}
