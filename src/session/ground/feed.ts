import type { AuditAction } from '../../contracts/audit.ts'
import type { FeedRecord, Rows, Store } from '../../contracts/store.ts'
import type { Clock } from '../../core/clock.ts'

const dayMs = 24 * 60 * 60_000
const pruneEveryMs = 60 * 60_000
const pageSize = 500

/** What of the house is about every account: its gate. */
export const houseActions: readonly AuditAction[] = ['gate.change']

/** A key was used: told to whoever watches over keys, and nothing has changed. */
export function isUse(action: AuditAction): boolean {
  return action === 'session.handout'
}

/** How far a page of the feed goes, with what could not be read of it. */
export function endOfPage({ records, damaged }: Rows<FeedRecord>): number {
  const seqs = damaged.map(({ id }) => Number(id)).filter((seq) => Number.isSafeInteger(seq))
  return Math.max(records.at(-1)?.seq ?? 0, ...seqs)
}

type Listener = (events: readonly FeedRecord[]) => void

/** Who waits for news: of which accounts (of all when left out), and whether the uses of keys are news. */
interface Reader {
  readonly accountIds?: ReadonlySet<string> | null
  readonly seesUses?: boolean
}

/**
 * What has happened, told to everybody in this process after its commit. On a store that other servers write to,
 * what they did is read from it: see {@link Feed.follow}.
 */
export class Feed {
  readonly keptMs = 7 * dayMs
  readonly #store: Pick<Store, 'feed' | 'isShared'>
  readonly #listeners = new Set<Listener>()
  readonly #waiters = new Set<() => void>()
  readonly #firstVersion: number
  #version: number
  /** How often something happened that is about everybody, or of which no event tells, and changes by account. */
  #stirs = 0
  readonly #changes = new Map<string, number>()
  /** Rises also with uses, which change nothing. */
  #publications = 0
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
    this.#firstVersion = version
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
  /** The number of the newest event that was published here. */
  get latestSeq(): number {
    return this.#latestSeq
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

  /**
   * Calls `listener` synchronously after each commit that changed something; without events when it should only
   * forget what it knew.
   */
  subscribe(listener: Listener): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }
  /**
   * A number that differs from an earlier one when there may be something new for this reader. Whoever is limited to some
   * accounts has a number of his own: nothing that happens to others moves it.
   */
  mark({ accountIds = null, seesUses = false }: Reader = {}): number {
    if (!accountIds) return seesUses ? this.#publications : this.#version
    return [...accountIds].reduce(
      (sum, id) => sum + (this.#changes.get(id) ?? 0),
      this.#firstVersion + this.#stirs,
    )
  }
  /** Resolves with the mark as soon as it is not `seen`, or after `waitMs` anyway. */
  async past(
    seen: number,
    clock: Pick<Clock, 'after'>,
    waitMs: number,
    { signal, ...reader }: Reader & { readonly signal?: AbortSignal } = {},
  ): Promise<number> {
    await this.#until(() => this.mark(reader) !== seen, clock, waitMs, signal)
    return this.mark(reader)
  }

  async #until(
    isSo: () => boolean,
    clock: Pick<Clock, 'after'>,
    waitMs: number,
    signal?: AbortSignal,
  ): Promise<void> {
    if (isSo() || signal?.aborted) return
    await new Promise<void>((resolve) => {
      const end = () => {
        timer[Symbol.dispose]()
        this.#waiters.delete(wake)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const wake = () => isSo() && end()
      const timer = clock.after(waitMs, end)
      signal?.addEventListener('abort', end, { once: true })
      this.#waiters.add(wake)
    })
  }
  async #readOn(): Promise<void> {
    for (;;) {
      const page = await this.#store.feed.after(this.#latestSeq, pageSize)
      const { records, damaged } = page
      this.#latestSeq = Math.max(this.#latestSeq, endOfPage(page))
      // What is damaged tells nobody what it was about.
      if (damaged.length > 0) this.stir()
      if (records.length > 0) this.#publish(records)
      if (records.length + damaged.length < pageSize) return
    }
  }
  #publish(rows: readonly FeedRecord[]): void {
    this.#latestSeq = Math.max(this.#latestSeq, rows.at(-1)?.seq ?? 0)
    this.#publications++
    const changes = rows.filter(({ action }) => !isUse(action))
    if (changes.length > 0 || rows.length === 0) {
      this.#version++
      const isShared = changes.some(({ action, account }) => !account && houseActions.includes(action))
      if (rows.length === 0 || isShared) this.#stirs++
      for (const { account } of changes)
        if (account) this.#changes.set(account.id, (this.#changes.get(account.id) ?? 0) + 1)
      for (const listener of this.#listeners) listener(changes)
    }
    for (const wake of [...this.#waiters]) wake()
  }
}
