import type { Clock } from '../../core/clock.ts'

const secondMs = 1_000

/**
 * Half of the calls that a broker lets an app make in a second are left to the programs of its user: so many at once, and
 * no more than that in any second.
 */
export class Pace {
  readonly #clock: Pick<Clock, 'monotonicMs' | 'sleep'>
  /** When the calls of the last second were let go, by app. */
  readonly #goneMs = new Map<string, number[]>()

  constructor(clock: Pick<Clock, 'monotonicMs' | 'sleep'>) {
    this.#clock = clock
  }

  /** Resolves when it is this call's turn. */
  async turn(app: string, callsPerSecond: number): Promise<void> {
    const most = Math.max(1, Math.floor(callsPerSecond / 2))
    const nowMs = this.#clock.monotonicMs()
    const gone = (this.#goneMs.get(app) ?? []).filter((atMs) => nowMs - atMs < secondMs)
    const goesMs = Math.max(nowMs, (gone.at(-most) ?? Number.NEGATIVE_INFINITY) + secondMs)
    this.#goneMs.set(app, [...gone, goesMs])
    if (goesMs > nowMs) await this.#clock.sleep(goesMs - nowMs)
  }
}
