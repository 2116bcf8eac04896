/** The wall clock that the simulated brokers live by: the injected clock, moved by an offset. */
export class MovableClock {
    #base;
    #offset = Temporal.Duration.from({ milliseconds: 0 });
    constructor(base) {
        this.#base = base;
    }
    now() {
        return this.#base.now().add(this.#offset);
    }
    /** Moves the brokers' clock on (or back, when negative). No timer fires: only what the brokers believe changes. */
    advance(ms) {
        this.set(this.now().add({ milliseconds: ms }));
    }
    /** Sets the brokers' clock; from there it runs on with the injected one. */
    set(instant) {
        this.#offset = Temporal.Instant.from(instant.toString()).since(this.#base.now());
    }
}
