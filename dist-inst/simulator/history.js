import { matchesPath } from './faults.js';
const most = 10_000;
/** The last 10,000 calls, oldest first. */
export class History {
    #calls = [];
    #count = 0;
    record(call) {
        const recorded = { ...call, number: ++this.#count };
        this.#calls.push(recorded);
        if (this.#calls.length > most)
            this.#calls.shift();
        return recorded;
    }
    calls(filter = {}) {
        return this.#calls.filter((call) => (filter.broker === undefined || filter.broker === call.broker) &&
            (filter.method === undefined || filter.method.toUpperCase() === call.method) &&
            (filter.path === undefined || matchesPath(filter.path, call.path)));
    }
    clear() {
        this.#calls = [];
    }
}
