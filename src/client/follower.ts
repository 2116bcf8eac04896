import type { FeedEvent, FeedEventName, FeedEvents } from '../contracts/events.ts'
import type { Clock } from '../core/clock.ts'
import { isBhorError } from './errors.ts'
import type { Line } from './line.ts'
import type { Memory } from './memory.ts'

const firstPauseMs = 250
const longestPauseMs = 5_000
/** So long a session waits for the feed, without which it is not kept in memory. */
const readyWithinMs = 2_000

type Listener = (event: FeedEvent) => void

/** Follows the feed for everybody in this program, over as many connections as it takes. */
export class Follower {
  readonly #line: Line
  readonly #clock: Clock
  readonly #memory: Memory
  readonly #listeners = new Set<Listener>()
  /** Of them, those that are lost when nothing can be followed any more. */
  readonly #relying = new Set<Listener>()
  readonly #ending = new AbortController()
  #running: Promise<void> | undefined
  #ready = Promise.withResolvers<void>()
  #silence: Disposable | undefined
  #heardAtMs = 0
  /** What ended it for good. */
  #failure: unknown

  constructor(line: Line, clock: Clock, memory: Memory) {
    this.#line = line
    this.#clock = clock
    this.#memory = memory
  }

  start(): void {
    this.#running ??= this.#run(this.#ending.signal)
  }

  /** Resolves when nothing will be missed any more, or when that has to be done without. Somebody waits by that clock. */
  async ready(clock: Clock): Promise<void> {
    this.start()
    using _limit = clock.after(readyWithinMs, () => this.#ready.resolve())
    await this.#ready.promise
  }

  /** Somebody relies on being told: what is asked behind that is asked when nothing of it can be missed. */
  get isReliedOn(): boolean {
    return this.#relying.size > 0
  }

  /** For whoever looks by himself too. */
  listen(listener: Listener): Disposable {
    this.start()
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  /** For whoever relies on being told. */
  on<Name extends FeedEventName>(name: Name, listener: (data: FeedEvents[Name]) => void): Disposable {
    const tell: Listener = ({ event, data }) => {
      if (event === name) listener(data as FeedEvents[Name])
    }
    this.listen(tell)
    this.#relying.add(tell)
    if (this.#failure !== undefined) void Promise.reject(this.#failure)
    return {
      [Symbol.dispose]: () => {
        this.#relying.delete(tell)
        this.#listeners.delete(tell)
      },
    }
  }

  async end(): Promise<void> {
    this.#ending.abort()
    this.#memory.distrust()
    this.#listeners.clear()
    await this.#running
  }

  async #run(signal: AbortSignal): Promise<void> {
    let after: string | undefined
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const silent = new AbortController()
      this.#listenForSilence(silent)
      try {
        for await (const { id, event } of this.#line.follow(
          after,
          AbortSignal.any([signal, silent.signal]),
        )) {
          pauseMs = firstPauseMs
          this.#heard()
          if (event) this.#tell(event)
          if (id !== undefined) after = id
          this.#ready.resolve()
        }
      } catch (error) {
        if (signal.aborted) break
        if (!isBhorError(error) || !error.retryable) return this.#fail(error)
      }
      await this.#clock.sleep(pauseMs, signal).catch(() => undefined)
    }
    this.#silence?.[Symbol.dispose]()
  }

  /** By both clocks: the one stands still while a computer sleeps, the other may be set. */
  #heard(): void {
    const { longestSilenceMs } = this.#line
    this.#heardAtMs = this.#clock.monotonicMs()
    this.#memory.trustUntil(this.#clock.nowMs() + longestSilenceMs)
  }

  /** Whoever does not answer is asked again; what was heard of him is forgotten. */
  #listenForSilence(silent: AbortController): void {
    this.#silence?.[Symbol.dispose]()
    const { longestSilenceMs } = this.#line
    if (longestSilenceMs === Number.POSITIVE_INFINITY) return
    const startedAtMs = this.#clock.monotonicMs()
    const look = () => {
      const nowMs = this.#clock.monotonicMs()
      const memoryMs = this.#heardAtMs + longestSilenceMs - nowMs
      if (memoryMs <= 0) this.#memory.distrust()
      const connectionMs = Math.max(this.#heardAtMs, startedAtMs) + longestSilenceMs - nowMs
      if (connectionMs <= 0) silent.abort()
      const nextMs = memoryMs > 0 ? Math.min(memoryMs, connectionMs) : connectionMs
      if (nextMs > 0) this.#silence = this.#clock.after(nextMs, look)
    }
    look()
  }

  #tell(event: FeedEvent): void {
    this.#memory.hear(event)
    for (const listener of this.#listeners) {
      try {
        listener(event)
      } catch (error) {
        // Its own fault is told as such, and keeps nothing from the others.
        void Promise.reject(error)
      }
    }
  }

  /** Without the feed nothing is kept: whoever asks is answered by the desk. */
  #fail(error: unknown): void {
    this.#failure = error
    this.#silence?.[Symbol.dispose]()
    this.#memory.distrust()
    this.#ready.resolve()
    if (this.#relying.size > 0) void Promise.reject(error)
  }
}
