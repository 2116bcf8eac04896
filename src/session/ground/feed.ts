import type { FeedRecord, Store } from '../../contracts/store.ts'
import type { Clock } from '../../core/clock.ts'

const dayMs = 24 * 60 * 60_000
const pruneEveryMs = 60 * 60_000
const pageSize = 500

type Listener = (events: readonly FeedRecord[]) => void

/**
 * What has happened, told to everybody in this process after its commit. On a store that other servers write to,
 * what they did is read from it: see {@link Feed.follow}.
 */
export class Feed {
  readonly keptMs = 7 * dayMs
  readonly #store: Pick<Store, 'feed' | 'isShared'>
  readonly #listeners = new Set<Listener>()
  readonly #waiters = new Set<() => void>()
  #version: number
  #latestSeq: number
  #following = Promise.resolve()
  #prunedAtMs = Number.NEGATIVE_INFINITY

  /**
   * @param version where the count of changes begins; it should differ from run to run, or a page of the run before
   *   would think that it missed nothing
   */
  constructor(store: Pick<Store, 'feed' | 'isShared'>, latestSeq: number, version: number) {
    this.#store = store
    this.#latestSeq = latestSeq
    this.#version = version
  }

  /** The feed of a store, from its present end on. */
  static async open(store: Store, clock: Clock): Promise<Feed> {
    const { newest } = await store.feed.range()
    return new Feed(store, newest, clock.nowMs())
  }

  /** Rises with everything that may have changed. */
  get version(): number {
    return this.#version
  }
  isPruneDue(nowMs: number): boolean {
    if (nowMs - this.#prunedAtMs < pruneEveryMs) return false
    this.#prunedAtMs = nowMs
    return true
  }

  /** Publishes what was just committed. On a shared store it is read back, so that nothing between is left out. */
  async committed(rows: readonly FeedRecord[]): Promise<void> {
    if (rows.length === 0) return
    if (!this.#store.isShared) return this.#publish(rows)
    // The commit has happened: that the feed cannot be read is no fault of it.
    await this.follow().catch(() => this.stir())
  }
  /** Publishes what other servers have committed since the last look. */
  follow(): Promise<void> {
    // Never an earlier look that is still under way: it may have missed what its caller wants to see.
    this.#following = this.#following.catch(() => {}).then(() => this.#readOn())
    return this.#following
  }
  /** Something may have changed of which no event tells: whoever remembers looks again. */
  stir(): void {
    this.#publish([])
  }

  /** Calls `listener` synchronously after each commit; without events when it should only forget what it knew. */
  subscribe(listener: Listener): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }
  /** Resolves with the version as soon as it is not `seen`, or after `waitMs` anyway. */
  async past(seen: number, clock: Clock, waitMs: number, signal?: AbortSignal): Promise<number> {
    if (this.#version !== seen || signal?.aborted) return this.#version
    await new Promise<void>((resolve) => {
      const wake = () => {
        timer[Symbol.dispose]()
        this.#waiters.delete(wake)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const timer = clock.after(waitMs, wake)
      signal?.addEventListener('abort', wake, { once: true })
      this.#waiters.add(wake)
    })
    return this.#version
  }

  async #readOn(): Promise<void> {
    for (;;) {
      const rows = await this.#store.feed.after(this.#latestSeq, pageSize)
      if (rows.length > 0) this.#publish(rows)
      if (rows.length < pageSize) return
    }
  }
  #publish(rows: readonly FeedRecord[]): void {
    this.#version++
    this.#latestSeq = Math.max(this.#latestSeq, rows.at(-1)?.seq ?? 0)
    for (const listener of this.#listeners) listener(rows)
    for (const wake of [...this.#waiters]) wake()
  }
}
