import type { HandOut } from '../contracts/api.ts'
import type { AccountChanged, FeedEvent, GateChanged } from '../contracts/events.ts'
import type { Clock } from '../core/clock.ts'

/** Why a gate closes without a token being withheld. Anything else, also what is not known yet, may withhold. */
const withholdNothing: ReadonlySet<string | null> = new Set([
  'session_expiring',
  'market_closed',
  'market_unconfirmed',
  'egress_different',
  'egress_unmeasured',
])

/** After these the desk has to be asked whether the token may still leave. */
const asksAnew: ReadonlySet<AccountChanged['change']> = new Set([
  'doubted',
  'paused',
  'compromised',
  'unconfirmed',
])
/** After these the names in memory may be those of other accounts. */
const renames: ReadonlySet<AccountChanged['change']> = new Set(['edited', 'removed'])

/** The sessions that were handed out to this program, each for as long as it is certain to be the one that counts. */
export class Memory {
  readonly #clock: Clock
  readonly #held = new Map<string, HandOut>()
  readonly #endsAtMs = new Map<string, number>()
  /** The oldest generation that may still be kept, by account: of what was told while a hand-out was under way. */
  readonly #oldest = new Map<string, number>()
  #trustedUntilMs = Number.NEGATIVE_INFINITY
  #drops = 0
  /** What is over was taken out already since the program last gave way. */
  #isSwept = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Reading the clock costs many times what the look does: once is enough for as long as a program does not give way. */
  peek(account: string): HandOut | undefined {
    if (!this.#isSwept) this.#sweep()
    return this.#held.get(account)
  }

  /** To be taken before a hand-out is asked for. */
  get mark(): number {
    return this.#drops
  }

  /** Keeps a hand-out, unless what was heard since the mark speaks against it. */
  keep(handOut: HandOut, mark: number): void {
    const { account, generation, expiresAt } = handOut
    if (this.#clock.nowMs() >= this.#trustedUntilMs || mark !== this.#drops) return
    if (generation < (this.#oldest.get(account) ?? 0)) return
    this.#held.set(account, handOut)
    this.#endsAtMs.set(account, Date.parse(expiresAt))
    this.#isSwept = false
  }

  /** Everything that the desk has told until now was heard, and so will be what it tells until then. */
  trustUntil(ms: number): void {
    this.#trustedUntilMs = ms
  }

  /** Nobody knows any more what counts. */
  distrust(): void {
    this.#trustedUntilMs = Number.NEGATIVE_INFINITY
    this.#clear()
  }

  drop(account: string): void {
    this.#drops++
    this.#held.delete(account)
  }

  hear({ event, data }: FeedEvent): void {
    if (event === 'reset') {
      this.#clear()
      return
    }
    if (event === 'gate.changed') {
      this.#hearGate(data)
      return
    }
    if (event === 'house.changed') return
    const { account, generation } = data
    this.#replacedBefore(account, event === 'session.ended' ? generation + 1 : generation)
    if (event !== 'account.changed') return
    if (renames.has(data.change)) this.#clear()
    else if (asksAnew.has(data.change)) this.drop(account)
  }

  #hearGate({ account, state, reason }: GateChanged): void {
    if (state === 'open' || withholdNothing.has(reason)) return
    if (account === null) this.#clear()
    else this.drop(account)
  }

  #replacedBefore(account: string, generation: number): void {
    if (generation <= (this.#oldest.get(account) ?? 0)) return
    this.#oldest.set(account, generation)
    const held = this.#held.get(account)
    if (held && held.generation < generation) this.#held.delete(account)
  }

  #sweep(): void {
    this.#isSwept = true
    queueMicrotask(() => {
      this.#isSwept = false
    })
    if (this.#held.size === 0) return
    const nowMs = this.#clock.nowMs()
    if (nowMs >= this.#trustedUntilMs) this.#held.clear()
    for (const [account, endsAtMs] of this.#endsAtMs) if (nowMs >= endsAtMs) this.#held.delete(account)
  }

  #clear(): void {
    this.#drops++
    this.#held.clear()
    // A name may be given to another account, which begins anew.
    this.#oldest.clear()
  }
}
