/**
 * Time, injected. Nothing outside `core/` reads a clock or sets a timer of its own, so that a whole
 * trading month can run in a simulation.
 */
export interface Clock {
  now(): Temporal.Instant
  /**
   * The same as milliseconds since the epoch, for what is stored and what is asked often: V8 keeps every Temporal
   * object until a whole collection, so that one a request makes every small collection longer.
   */
  nowMs(): number
  /** Milliseconds that only ever grow; for durations, never for dates. */
  monotonicMs(): number
  /**
   * Calls `work` once, after `delayMs`. Delays are cut to {@link longestTimerMs}: whoever waits longer looks at
   * the wall clock again when called, which is also what survives a suspended laptop.
   */
  after(delayMs: number, work: () => void): Disposable
  /** Resolves after `delayMs`, rejects with the signal's reason when aborted. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
}

/** Timers above 2^31 ms fire at once in Node, and a long timer misses a clock that was set. */
export const longestTimerMs = 60_000

function sleepOn(clock: Pick<Clock, 'after'>, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const timer = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', stop)
      resolve()
    })
    const stop = () => {
      timer[Symbol.dispose]()
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', stop, { once: true })
  })
}

function machineClock(keepsAlive: boolean): Clock {
  const clock: Clock = {
    now: () => Temporal.Now.instant(),
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    after(delayMs, work) {
      const timer = setTimeout(work, Math.min(Math.max(delayMs, 0), longestTimerMs))
      // In a browser a timer is a number.
      if (!keepsAlive) timer.unref?.()
      return { [Symbol.dispose]: () => clearTimeout(timer) }
    },
    sleep: (delayMs, signal) => sleepOn(clock, delayMs, signal),
  }
  return clock
}

/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = machineClock(false)

/** The machine's clock for a program that has nothing to do but wait: its timers keep the process alive. */
export const foregroundClock: Clock = machineClock(true)

/** More timers than any test has at one moment. */
const mostAtOnce = 50_000

/** A clock that stands still until a test or the simulator moves it. */
export class ManualClock implements Clock {
  #nowMs: number
  #elapsedMs = 0
  #timers = new Set<{ atMs: number; order: number; work: () => void }>()
  #order = 0

  constructor(start: Temporal.Instant | string = '2026-11-23T03:00:00Z') {
    this.#nowMs = Temporal.Instant.from(start.toString()).epochMilliseconds
  }
  now(): Temporal.Instant {
    return Temporal.Instant.fromEpochMilliseconds(this.#nowMs)
  }
  nowMs(): number {
    return this.#nowMs
  }
  monotonicMs(): number {
    return this.#elapsedMs
  }
  after(delayMs: number, work: () => void): Disposable {
    const timer = {
      atMs: this.#elapsedMs + Math.min(Math.max(delayMs, 0), longestTimerMs),
      order: this.#order++,
      work,
    }
    this.#timers.add(timer)
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) }
  }
  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal)
  }
  /**
   * Lets `ms` pass: every timer that falls due runs, in order, and promises settle between them.
   *
   * @throws Error where timers fall due at one moment without end: something waits for no time at all, again and again
   */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#elapsedMs + ms
    let atOnce = 0
    for (;;) {
      const due = [...this.#timers]
        .filter((t) => t.atMs <= untilMs)
        .sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0]
      if (!due) break
      atOnce = due.atMs > this.#elapsedMs ? 0 : atOnce + 1
      if (atOnce > mostAtOnce) throw new Error('Timers fall due at one moment without end.')
      this.#pass(due.atMs - this.#elapsedMs)
      this.#timers.delete(due)
      due.work()
      await new Promise((resolve) => setImmediate(resolve))
    }
    this.#pass(untilMs - this.#elapsedMs)
    await new Promise((resolve) => setImmediate(resolve))
  }
  /** Sets the wall clock without letting time pass: an NTP step, a resumed laptop, an operator's mistake. */
  set(instant: Temporal.Instant | string): void {
    this.#nowMs = Temporal.Instant.from(instant.toString()).epochMilliseconds
  }
  #pass(ms: number): void {
    this.#nowMs += ms
    this.#elapsedMs += ms
  }
}
