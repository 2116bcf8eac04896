import type { Lease, WorkKind, WorkRecord } from '../../contracts/work.ts'
import type { SessionContext } from '../ground/context.ts'

/** The longest time between two looks at the wall clock. */
export const longestLookMs = 60_000
/** Others are at what is due; what one that died was at is free by then, or soon. */
const othersAreAtItMs = 5_000

/** What a loop is for. */
export interface WorkOf {
  readonly kinds: readonly WorkKind[]
  readonly owner: string
  readonly leaseMs: number
  /** How many pieces are claimed at once. */
  readonly limit: number
  /** Whether nothing may be done now, whatever is due. */
  isIdle(): boolean
  doAll(claimed: readonly WorkRecord[], isStopped: () => boolean): Promise<unknown>
}

/** Does what is due of some kinds, one look at a time, until nothing is left that nobody else is at. */
export class WorkLoop {
  readonly #context: Pick<SessionContext, 'store' | 'clock'>
  readonly #work: WorkOf
  #looking: Promise<number> | undefined
  #looksAgain = false

  constructor(context: Pick<SessionContext, 'store' | 'clock'>, work: WorkOf) {
    this.#context = context
    this.#work = work
  }

  /**
   * @param isStopped asked before each piece, so that a server that ends waits for those under way only
   * @param before done first, by whoever begins a look
   * @returns in how many milliseconds to look again
   */
  look(isStopped: () => boolean, before: () => Promise<void> = async () => {}): Promise<number> {
    if (this.#looking) {
      this.#looksAgain = true
      return this.#looking
    }
    this.#looking = before()
      .then(() => this.#lookAll(isStopped))
      .finally(() => {
        this.#looking = undefined
      })
    return this.#looking
  }

  async #lookAll(isStopped: () => boolean): Promise<number> {
    const { store, clock } = this.#context
    const { kinds, owner, leaseMs, limit } = this.#work
    for (;;) {
      if (this.#work.isIdle()) return longestLookMs
      this.#looksAgain = false
      const nextMs = await store.work.next(kinds)
      const waitMs = nextMs === undefined ? longestLookMs : nextMs - clock.nowMs()
      if (waitMs > 0) return Math.min(waitMs, longestLookMs)
      if (isStopped()) return longestLookMs
      const claimed = await store.claimWork({ owner, nowMs: clock.nowMs(), leaseMs, limit, kinds })
      if (claimed.length === 0 && !this.#looksAgain) return othersAreAtItMs
      await this.#work.doAll(claimed, isStopped)
    }
  }
}

/** Prolongs all leases of an owner until it is disposed of. */
export function prolonging(
  { store, clock }: Pick<SessionContext, 'store' | 'clock'>,
  owner: string,
  leaseMs: number,
): Disposable {
  let beat: Disposable
  const next = () => {
    beat = clock.after(leaseMs / 3, () => {
      // Without it the lease runs out and what its holder writes is refused: nothing is lost.
      store.prolongWork(owner, leaseMs).catch(() => {})
      next()
    })
  }
  next()
  return { [Symbol.dispose]: () => beat[Symbol.dispose]() }
}

export function leaseOf({ accountId, kind, generation, owner, epoch }: WorkRecord): Lease {
  return { accountId, kind, generation, owner, epoch }
}
