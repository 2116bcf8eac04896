import type { Clock } from '../core/clock.ts'
import { ShiftedClock } from '../core/shifted-clock.ts'

/**
 * The wall clock that the simulated brokers live by: the injected clock, moved by an offset. An injected clock that can
 * itself be moved is moved instead, and with it whoever else lives by it.
 */
export class MovableClock {
  readonly #base: Clock
  #offset = Temporal.Duration.from({ milliseconds: 0 })
  #misdatedMs = 0

  constructor(base: Clock) {
    this.#base = base
  }
  now(): Temporal.Instant {
    return this.#base.now().add(this.#offset)
  }
  /** Moves the brokers' clock on (or back, when negative). No timer fires: only what the brokers believe changes. */
  advance(ms: number): void {
    if (this.#base instanceof ShiftedClock) this.#base.move(ms)
    else this.#offset = this.#offset.add({ milliseconds: ms })
  }
  /** What the answers' `Date` header says: the injected clock's time, wherever the brokers' clock was moved to. */
  dateMs(): number {
    return this.#base.nowMs() + this.#misdatedMs
  }
  /** From now on the `Date` header is ahead of the injected clock, as that of a broker is when the host's is behind. */
  misdate(aheadMs: number): void {
    this.#misdatedMs = aheadMs
  }
  /** Sets the brokers' clock; from there it runs on with the injected one. */
  set(instant: Temporal.Instant | string): void {
    const ahead = Temporal.Instant.from(instant.toString()).since(this.#base.now())
    if (this.#base instanceof ShiftedClock) this.#base.move(ahead.total('milliseconds'))
    else this.#offset = ahead
  }
}
