/** Timers above 2^31 ms fire at once in Node, and a long timer misses a clock that was set. */
export const longestTimerMs = 60_000;
function sleepOn(clock, delayMs, signal) {
    return new Promise((resolve, reject) => {
        if (signal?.aborted)
            return reject(signal.reason);
        const timer = clock.after(delayMs, () => {
            signal?.removeEventListener('abort', stop);
            resolve();
        });
        const stop = () => {
            timer[Symbol.dispose]();
            reject(signal?.reason);
        };
        signal?.addEventListener('abort', stop, { once: true });
    });
}
function machineClock(keepsAlive) {
    const clock = {
        now: () => Temporal.Now.instant(),
        nowMs: () => Date.now(),
        monotonicMs: () => performance.now(),
        after(delayMs, work) {
            const timer = setTimeout(work, Math.min(Math.max(delayMs, 0), longestTimerMs));
            if (!keepsAlive)
                timer.unref();
            return { [Symbol.dispose]: () => clearTimeout(timer) };
        },
        sleep: (delayMs, signal) => sleepOn(clock, delayMs, signal),
    };
    return clock;
}
/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock = machineClock(false);
/** The machine's clock for a program that has nothing to do but wait: its timers keep the process alive. */
export const foregroundClock = machineClock(true);
/** A clock that stands still until a test or the simulator moves it. */
export class ManualClock {
    #nowMs;
    #elapsedMs = 0;
    #timers = new Set();
    #order = 0;
    constructor(start = '2026-11-23T03:00:00Z') {
        this.#nowMs = Temporal.Instant.from(start.toString()).epochMilliseconds;
    }
    now() {
        return Temporal.Instant.fromEpochMilliseconds(this.#nowMs);
    }
    nowMs() {
        return this.#nowMs;
    }
    monotonicMs() {
        return this.#elapsedMs;
    }
    after(delayMs, work) {
        const timer = {
            atMs: this.#elapsedMs + Math.min(Math.max(delayMs, 0), longestTimerMs),
            order: this.#order++,
            work,
        };
        this.#timers.add(timer);
        return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
    }
    sleep(delayMs, signal) {
        return sleepOn(this, delayMs, signal);
    }
    /** Lets `ms` pass: every timer that falls due runs, in order, and promises settle between them. */
    async advance(ms) {
        const untilMs = this.#elapsedMs + ms;
        for (;;) {
            const due = [...this.#timers]
                .filter((t) => t.atMs <= untilMs)
                .sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
            if (!due)
                break;
            this.#pass(due.atMs - this.#elapsedMs);
            this.#timers.delete(due);
            due.work();
            await new Promise((resolve) => setImmediate(resolve));
        }
        this.#pass(untilMs - this.#elapsedMs);
        await new Promise((resolve) => setImmediate(resolve));
    }
    /** Sets the wall clock without letting time pass: an NTP step, a resumed laptop, an operator's mistake. */
    set(instant) {
        this.#nowMs = Temporal.Instant.from(instant.toString()).epochMilliseconds;
    }
    #pass(ms) {
        this.#nowMs += ms;
        this.#elapsedMs += ms;
    }
}
