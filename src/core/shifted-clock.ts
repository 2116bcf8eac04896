import type { Clock } from './clock.ts'
import { BhorError } from './errors.ts'

/**
 * Another clock, set ahead by hand: a whole bhor that lives by it sees the hours pass that somebody wants to try out. Its
 * timers are the other one's, so a move looks like a computer that woke up.
 */
export class ShiftedClock implements Clock {
  readonly #base: Clock
  #aheadMs = 0
  readonly #listeners = new Set<() => void>()

  constructor(base: Clock) {
    this.#base = base
  }
  now(): Temporal.Instant {
    return Temporal.Instant.fromEpochMilliseconds(this.nowMs())
  }
  nowMs(): number {
    return this.#base.nowMs() + this.#aheadMs
  }
  monotonicMs(): number {
    return this.#base.monotonicMs()
  }
  after(delayMs: number, work: () => void): Disposable {
    return this.#base.after(delayMs, work)
  }
  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return this.#base.sleep(delayMs, signal)
  }
  /** Moves it on. What was written at a later time would make no sense: it never goes back. @throws BhorError `bad_field` */
  move(ms: number): void {
    if (!(ms >= 0) || !Number.isFinite(ms))
      throw new BhorError('bad_field', 'bhor lives by this clock, and has written down what it says.', {
        hint: 'It only goes on.',
      })
    this.#aheadMs += Math.round(ms)
    for (const listener of this.#listeners) listener()
  }
  /** Calls `listener` after every move. */
  onMove(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }
}
