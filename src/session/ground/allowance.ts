import type { Clock } from '../../core/clock.ts'

/** Entries that no longer hold anybody back are forgotten when there are so many. */
const mostEntries = 1_000

/** So many at once by each name, and one more each time that `everyMs` have passed. Kept in memory. */
export class Allowance {
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #atOnce: number
  readonly #everyMs: number
  /** When the last of what was granted would be due at an even pace. */
  readonly #dueMs = new Map<string, number>()

  constructor(clock: Pick<Clock, 'monotonicMs'>, { atOnce, everyMs }: { atOnce: number; everyMs: number }) {
    this.#clock = clock
    this.#atOnce = atOnce
    this.#everyMs = everyMs
  }

  /** @returns how long to wait; 0 where it was granted */
  spend(name: string): number {
    const nowMs = this.#clock.monotonicMs()
    const dueMs = Math.max(this.#dueMs.get(name) ?? 0, nowMs)
    const waitMs = dueMs - (this.#atOnce - 1) * this.#everyMs - nowMs
    if (waitMs > 0) return waitMs
    if (this.#dueMs.size >= mostEntries)
      for (const [other, otherDueMs] of this.#dueMs) if (otherDueMs <= nowMs) this.#dueMs.delete(other)
    this.#dueMs.set(name, dueMs + this.#everyMs)
    return 0
  }
  /** What was spent by this name is given back. */
  forget(name: string): void {
    this.#dueMs.delete(name)
  }
}
