import type { FeedEvent, FeedEventName, Reset } from '../../contracts/events.ts'
import type { FeedPart } from '../../contracts/store.ts'
import { isBhorError } from '../../core/errors.ts'
import { iso } from '../../core/instant.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { healthOf } from '../gate/health.ts'
import type { SessionContext } from '../ground/context.ts'
import { endOfPage, houseActions } from '../ground/feed.ts'
import { hasRight, type Principal, requireRight } from '../ground/rights.ts'
import type { ClientKeys } from '../handout/client-keys.ts'
import { eventOf } from './wire.ts'

const pageSize = 200
/** Nobody relies on being woken alone: after this long everybody looks. */
const lookAgainMs = 15_000
const tryAgainMs = 1_000

/** Some events, and the number from which to go on behind them. */
export interface Page {
  readonly seq: number
  readonly events: readonly FeedEvent[]
}

/** Events as somebody follows them. */
export interface Following {
  /** The first page comes at once, without events where there are none. Ends when aborted. @throws as {@link over} resolves */
  readonly pages: AsyncGenerator<Page, void>
  /** Resolves with the reason as soon as whoever follows may not any more. */
  readonly over: Promise<unknown>
}

/** The feed as people and programs follow it: what each may see, from any number on, without a hole. */
export class Events {
  readonly #context: SessionContext
  readonly #accounts: Accounts
  readonly #keys: ClientKeys

  constructor(context: SessionContext, accounts: Accounts, keys: ClientKeys) {
    this.#context = context
    this.#accounts = accounts
    this.#keys = keys
  }

  /**
   * Follows the feed behind the number `after`; 0 is before the oldest that is kept, without one it begins now. What
   * was forgotten since that number, or was never told, is a `reset` with the present state.
   *
   * @throws BhorError `scope_missing`
   */
  async follow(principal: Principal, after: number | undefined, signal: AbortSignal): Promise<Following> {
    requireRight(principal, 'status', 'own')
    const first = await this.#first(principal, after)
    return { pages: this.#pages(principal, first, signal), over: this.#untilOver(principal, signal) }
  }

  /** Calls `listener` with every event from now on, until disposed of or the signal aborts; for code in this process. */
  listen(principal: Principal, listener: (event: FeedEvent) => void, signal: AbortSignal): Disposable {
    const ending = new AbortController()
    const either = AbortSignal.any([ending.signal, signal])
    void this.#listen(principal, listener, either)
    return { [Symbol.dispose]: () => ending.abort() }
  }

  async #listen(
    principal: Principal,
    listener: (event: FeedEvent) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { feed, clock } = this.#context
    let after = feed.latestSeq
    while (!signal.aborted) {
      try {
        const { pages } = await this.follow(principal, after, signal)
        for await (const { seq, events } of pages) {
          for (const event of events) if (!signal.aborted) callSafely(listener, event)
          after = seq
        }
      } catch (error) {
        // The store does not answer: nothing is lost, it goes on from there.
        if (!isBhorError(error) || !error.retryable) throw error
        await clock.sleep(tryAgainMs, signal).catch(() => undefined)
      }
    }
  }

  /** Where reading begins, and what is said first. */
  async #first(principal: Principal, after: number | undefined): Promise<Page & { readonly from: number }> {
    const { feed } = this.#context.store
    const part = partOf(principal)
    const house = await feed.range()
    const { oldest, newest } = part ? await feed.range(part) : house
    // A number that says nothing of what others do: the newest of one's own. Not 0, which means all that is kept.
    const now = Math.max(newest, house.forgotten, 1)
    if (after === undefined) return { seq: now, from: house.newest, events: [] }
    if (after === 0) return { seq: oldest > 0 ? oldest - 1 : now, from: 0, events: [] }
    if (after >= house.forgotten && after <= now) return { seq: after, from: after, events: [] }
    const reason = after < house.forgotten ? 'too_old' : 'unknown_number'
    return { seq: now, from: house.newest, events: [await this.#reset(principal, now, reason)] }
  }

  async *#pages(
    principal: Principal,
    { from, ...first }: Page & { readonly from: number },
    signal: AbortSignal,
  ): AsyncGenerator<Page, void> {
    const { store, feed, clock } = this.#context
    const part = partOf(principal)
    const seesHouse = hasRight(principal, 'admin', 'house')
    const reader = { accountIds: principal.accountIds, seesUses: seesHouse }
    const troublesNow = () =>
      healthOf(this.#context)
        .map(({ reason }) => reason)
        .join()
    let troubles = troublesNow()
    yield first
    for (let at = from; !signal.aborted; ) {
      const mark = feed.mark(reader)
      const rows = await store.feed.after(at, pageSize, part)
      at = Math.max(at, endOfPage(rows))
      const told = rows.records.map(eventOf).filter((event) => event !== undefined)
      const seen = told.filter(({ event }) => seesHouse || !ofHouse.includes(event))
      // Nothing is written any more in which it could stand.
      if (troubles !== troublesNow()) {
        troubles = troublesNow()
        if (seesHouse) seen.push(troubleChanged(at, clock.nowMs()))
      }
      if (rows.damaged.length > 0) seen.push(await this.#reset(principal, at, 'damaged'))
      // Asked after they were read: whoever may see them now could see them when they happened.
      await this.#keys.endOf(principal)
      const last = seen.at(-1)
      if (last) yield { seq: last.data.seq, events: seen }
      if (rows.records.length + rows.damaged.length < pageSize)
        await feed.past(mark, clock, lookAgainMs, { ...reader, signal })
    }
  }

  async #untilOver(principal: Principal, signal: AbortSignal): Promise<unknown> {
    const { feed, clock } = this.#context
    while (!signal.aborted) {
      const mark = feed.mark()
      try {
        const leftMs = (await this.#keys.endOf(principal)) - clock.nowMs()
        await feed.past(mark, clock, Math.min(leftMs, lookAgainMs), { signal })
      } catch (error) {
        return error
      }
    }
    return undefined
  }

  async #reset(principal: Principal, seq: number, reason: Reset['reason']): Promise<FeedEvent> {
    const views = await this.#accounts.list(principal)
    const accounts = views.map(({ account, broker, kind, generation, status, session }) => ({
      account,
      broker,
      kind,
      generation,
      status,
      expiresAt: session && session.expiresInMs > 0 ? session.expiresAt : null,
    }))
    return { event: 'reset', data: { seq, at: iso(this.#context.clock.nowMs()), reason, accounts } }
  }
}

/** For who has the right `admin` over the house. */
const ofHouse: readonly FeedEventName[] = ['house.changed', 'key.used']

function troubleChanged(seq: number, atMs: number): FeedEvent {
  return { event: 'house.changed', data: { seq, at: iso(atMs), change: 'trouble' } }
}

/** Undefined for who may see all accounts. */
function partOf({ accountIds }: Principal): FeedPart | undefined {
  return accountIds ? { accountIds: [...accountIds], houseActions } : undefined
}

/** A listener's own fault is told as such, and keeps nothing from the others. */
function callSafely(listener: (event: FeedEvent) => void, event: FeedEvent): void {
  try {
    listener(event)
  } catch (error) {
    void Promise.reject(error)
  }
}
