/**
 * Callers with the same key share one running piece of work. A flight clears only its own entry, so a slow
 * old one never wipes a newer one; errors are shared with those who wait and never remembered.
 */
export class SingleFlight {
    #running = new Map();
    run(key, work) {
        const running = this.#running.get(key);
        if (running)
            return running;
        const flight = work().finally(() => {
            if (this.#running.get(key) === flight)
                this.#running.delete(key);
        });
        this.#running.set(key, flight);
        return flight;
    }
}
