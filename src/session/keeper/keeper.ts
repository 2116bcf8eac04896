import {
  type AccountWorkKind,
  accountWorkKinds,
  neverMs,
  type WorkOutcome,
  type WorkRecord,
} from '../../contracts/work.ts'
import { type BhorError, isBhorError, toBhorError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { settleHouse } from '../gate/settle.ts'
import { type Change, planAll, settleWork } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { giveUpRenewal } from '../ground/login-need.ts'
import { notBefore } from '../ground/retries.ts'
import { keeper } from '../ground/rights.ts'
import { Breakers } from './breakers.ts'
import { deeds, type Means } from './deeds.ts'
import { giveUpAll } from './lost.ts'
import { leaseOf, prolonging, WorkLoop } from './work-loop.ts'

/** Longer than any deed goes without its lease being prolonged. */
const leaseMs = 30_000
const atOnce = 16
const perClaim = 100
/** A deed after which the same is due again has changed nothing; it is not repeated at once. */
const sameAgainAfterMs = 5 * 60_000

/**
 * Does what is due: ends what has ended, asks the broker, renews. Several keepers share the work of one store; each piece
 * is leased, and what one that died was at is taken over when its lease runs out.
 */
export class Keeper {
  readonly #context: SessionContext
  readonly #means: Means
  readonly #breakers: Breakers
  readonly #owner: string
  readonly #loop: WorkLoop

  constructor(context: SessionContext, means: Means) {
    this.#context = context
    this.#means = means
    this.#breakers = new Breakers(context.clock)
    this.#owner = newId('keeper', context.random)
    this.#loop = new WorkLoop(context, {
      kinds: accountWorkKinds,
      owner: this.#owner,
      leaseMs,
      limit: perClaim,
      // What a store that went back says of sessions is no ground to do anything.
      isIdle: () => context.store.rollback() !== undefined,
      doAll: (claimed, isStopped) => this.#doAll(claimed, isStopped),
    })
  }

  /** Before anything is handed out. @param isAlone whether no other process works on this store */
  async start(isAlone: boolean): Promise<void> {
    const { store, planner } = this.#context
    if (store.rollback()) return
    if ((await store.meta.get(planner.versionName)) !== planner.version) await planAll(this.#context)
    if (isAlone) {
      await store.freeWork()
      await giveUpAll(this.#context)
    }
    await this.look()
  }

  /**
   * Does everything that is due by now.
   *
   * @param isStopped asked before each piece, so that a server that ends waits for those under way only
   * @returns in how many milliseconds to look again
   */
  look(isStopped: () => boolean = () => false): Promise<number> {
    return this.#loop.look(isStopped, async () => {
      await this.#hearStore()
      await settleHouse(this.#context)
    })
  }

  /** The database's clock is evidence, and what leases go by. */
  async #hearStore(): Promise<void> {
    const { store, clock } = this.#context
    const askedAtMs = clock.monotonicMs()
    const theirsMs = await store.nowMs()
    if (theirsMs !== undefined) clock.heard('store', 'the database', theirsMs, askedAtMs)
  }

  async #doAll(claimed: readonly WorkRecord[], isStopped: () => boolean): Promise<void> {
    using _kept = prolonging(this.#context, this.#owner, leaseMs)
    const one = (work: WorkRecord) => (isStopped() ? this.#handBack(work, 0) : this.#do(work))
    const { gate: gates = [], rest = [] } = Object.groupBy(claimed, ({ kind }) =>
      kind === 'gate' ? 'gate' : 'rest',
    )
    await sideBySide(rest, one)
    // They follow from what the rest has found out.
    await sideBySide(gates, one)
  }

  async #do(work: WorkRecord): Promise<void> {
    const { store, clock, random } = this.#context
    const account = await store.accounts.byId(work.accountId).catch(() => undefined)
    const deed = deeds[work.kind as AccountWorkKind]
    const site = account && deed.site && `${account.broker} ${deed.site}`
    const restMs = site ? this.#breakers.restMs(site, work.attempt > 0) : 0
    if (restMs > 0) return this.#handBack(work, clock.nowMs() + restMs)
    let error: BhorError | undefined
    let done: unknown
    try {
      if (account) done = await deed.do({ ...this.#context, lease: leaseOf(work) }, account, this.#means)
    } catch (cause) {
      error = toBhorError(cause)
    }
    if (site) this.#breakers.record(site, error?.code)
    if (error?.code === 'lease_lost') return
    const isOver = error === undefined || error.code === 'account_not_found'
    const againMs = done === 'over' ? neverMs : clock.nowMs() + sameAgainAfterMs
    const { plannedAtMs } = work
    if (isOver) return this.#settle(work, { failed: false, plannedAtMs, notBeforeMs: againMs })
    const notBeforeMs = notBefore(random, clock.nowMs(), work, error!)
    return this.#settle(work, { failed: true, plannedAtMs, notBeforeMs })
  }

  /** Nothing was begun. */
  #handBack(work: WorkRecord, notBeforeMs: number): Promise<void> {
    return this.#settle(work, { failed: false, untried: true, plannedAtMs: work.plannedAtMs, notBeforeMs })
  }

  async #settle(work: WorkRecord, outcome: WorkOutcome): Promise<void> {
    const isGivenUp = work.kind === 'renewal' && outcome.notBeforeMs === neverMs
    const also = isGivenUp ? (c: Change) => tellGivenUp(c, work) : undefined
    try {
      await settleWork(this.#context, leaseOf(work), outcome, also)
    } catch (error) {
      // Somebody else is at it, and will tell.
      if (!isBhorError(error, 'lease_lost')) throw error
    }
  }
}

async function tellGivenUp(c: Change, { accountId, generation }: WorkRecord): Promise<void> {
  const account = await c.reads.accounts.byId(accountId)
  // What was tried for another session says nothing of the one that has taken its place.
  if (account?.generation === generation) await giveUpRenewal(c, keeper.actor, account)
}

/** A few at once. What fails stops none of the others: a store that is away fails them all, and their leases run out. */
async function sideBySide(
  claimed: readonly WorkRecord[],
  one: (work: WorkRecord) => Promise<void>,
): Promise<void> {
  const queue = [...claimed]
  const worker = async () => {
    for (let work = queue.shift(); work; work = queue.shift()) await one(work)
  }
  const workers = Array.from({ length: Math.min(atOnce, queue.length) }, worker)
  const failed = (await Promise.allSettled(workers)).find(({ status }) => status === 'rejected')
  if (failed) throw (failed as PromiseRejectedResult).reason
}
