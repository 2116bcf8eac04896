/** India's calendar: windows, the day above all, start on Indian clock time. */
const istOffsetMs = 5.5 * 3_600_000;
/**
 * Rate limits on the brokers' own clock. A window is a calendar second, minute or day, not a sliding one: the
 * exchanges count orders per calendar-clock second.
 */
export class Limits {
    #counts = new Map();
    #now;
    constructor(now) {
        this.#now = now;
    }
    /** Counts one call; false when any window is full, and then nothing is counted. */
    allows(key, windows) {
        const nowMs = this.#now().epochMilliseconds + istOffsetMs;
        const counters = windows.map(({ ms, most }) => {
            const name = `${key}:${ms}`;
            const window = Math.floor(nowMs / ms);
            const before = this.#counts.get(name);
            return { name, window, most, count: before?.window === window ? before.count : 0 };
        });
        if (counters.some(({ count, most }) => count >= most))
            return false;
        for (const { name, window, count } of counters)
            this.#counts.set(name, { window, count: count + 1 });
        return true;
    }
}
