import type { FeedEvent } from '../../../src/contracts/events.ts'
import { isConnected, retryMs } from '../connection.ts'
import { isPassing } from '../problem.ts'
import { onLeaving } from '../session-state.ts'

/** What happened since it was read last; null for all that may have happened. */
export type Since = readonly FeedEvent[] | null

/** Something that is read from bhor for as long as it is shown. */
export interface Reading {
  readonly read: (since: Since) => Promise<void>
  readonly isAbout: (event: FeedEvent) => boolean
  /** Told how each read ended; undefined: well. */
  readonly onEnd?: (error?: unknown) => void
}

/** One act makes several events, a few milliseconds apart: they are read for once. */
const quietMs = 80
const longestMs = 240

const all = new Set<Attended>()
onLeaving(() => {
  for (const each of all) each.forget()
})

/** Reads it now, and again after each event that it is about, until disposed of. */
export function attend(reading: Reading): () => void {
  const attended = new Attended(reading)
  all.add(attended)
  attended.now()
  return () => {
    all.delete(attended)
    attended.forget()
  }
}

export function readAgainFor(event: FeedEvent): void {
  for (const each of all) each.hear(event)
}

export function readAllAgain(): void {
  for (const each of all) each.now()
}

class Attended {
  readonly #reading: Reading
  #since: Since = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #firstAtMs = 0
  #isReading = false

  constructor(reading: Reading) {
    this.#reading = reading
  }

  hear(event: FeedEvent): void {
    const isReset = event.event === 'reset'
    if (!isReset && !this.#reading.isAbout(event)) return
    this.#since = isReset || this.#since === null ? null : [...this.#since, event]
    const nowMs = performance.now()
    if (this.#timer === undefined) this.#firstAtMs = nowMs
    clearTimeout(this.#timer)
    this.#timer = setTimeout(
      () => void this.#run(),
      Math.max(0, Math.min(quietMs, this.#firstAtMs + longestMs - nowMs)),
    )
  }

  now(): void {
    this.#since = null
    void this.#run()
  }

  /** Once more with what was to be read, and what has come since. */
  #again(since: Since): void {
    if (!all.has(this)) return
    this.#since = since === null || this.#since === null ? null : [...since, ...this.#since]
    this.#timer ??= setTimeout(() => void this.#run(), retryMs)
  }

  forget(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#since = []
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#isReading) return
    this.#isReading = true
    try {
      while (this.#since === null || this.#since.length > 0) {
        const since = this.#since
        this.#since = []
        try {
          await this.#reading.read(since)
          this.#reading.onEnd?.()
        } catch (error) {
          this.#reading.onEnd?.(error)
          // Of a bhor that does not answer at all, the feed sees the return.
          if (isPassing(error) && isConnected.peek()) return this.#again(since)
        }
      }
    } finally {
      this.#isReading = false
    }
  }
}
