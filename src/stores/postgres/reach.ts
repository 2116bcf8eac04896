import { systemClock } from '../../core/clock.ts'
import { BhorError } from '../../core/errors.ts'
import type { LastingClient } from './client.ts'
import { isAnswer, postgresFault } from './faults.ts'

/** A statement may take its time; one that takes longer is a reason to ask whether anybody is there. */
const suspiciousAfterMs = 200

/**
 * Whether the database can be reached. A computer that lost its power or its cable closes no connection: whoever
 * waits for an answer from it would wait for minutes. So while a statement takes long, one more connection is
 * opened; where that fails, what is waited for on the others is given up.
 */
export class Reach {
  readonly #tryOnce: () => Promise<void>
  readonly #waiting = new Map<LastingClient, number>()
  /** Whether statements stay prepared on a connection; not where a pooler of the database's lends it to others. */
  keepsStatements = true
  #isLooking = false
  #isAsking = false
  #failures = 0
  #failure: unknown

  constructor(tryOnce: () => Promise<void>) {
    this.#tryOnce = tryOnce
  }
  /** For {@link refuseSince}, taken when a call comes in. */
  get failures(): number {
    return this.#failures
  }
  /** Whoever waited for his turn while the database could not be reached need not find it out once more. */
  refuseSince(failures: number): void {
    if (this.#failures !== failures) throw this.#failure
  }
  /** Takes note of a connection that could not be opened. */
  failed(error: unknown): unknown {
    const fault = postgresFault(error)
    if (fault instanceof BhorError) {
      this.#failures++
      this.#failure = fault
    }
    return fault
  }
  /** Waits for what was sent on a connection. */
  async answered<T>(client: LastingClient, answer: Promise<T>): Promise<T> {
    this.#waiting.set(client, systemClock.monotonicMs())
    if (!this.#isLooking) this.#lookLater()
    try {
      return await answer
    } finally {
      this.#waiting.delete(client)
    }
  }
  #lookLater(): void {
    this.#isLooking = true
    systemClock.after(suspiciousAfterMs, () => this.#look())
  }
  #look(): void {
    this.#isLooking = false
    if (this.#waiting.size === 0) return
    this.#lookLater()
    const since = systemClock.monotonicMs() - suspiciousAfterMs
    if (!this.#isAsking && [...this.#waiting.values()].some((atMs) => atMs <= since)) void this.#ask()
  }
  async #ask(): Promise<void> {
    this.#isAsking = true
    const suspects = [...this.#waiting.keys()]
    try {
      await this.#tryOnce()
    } catch (error) {
      // A refusal is an answer too: somebody is there.
      if (isAnswer(error)) return
      this.failed(error)
      for (const client of suspects) if (this.#waiting.has(client)) client.cut()
    } finally {
      this.#isAsking = false
    }
  }
}
