import { type Clock, longestTimerMs } from './clock.ts'

/**
 * Who named a time, the most trusted first: a broker by the `Date` of an answer over TLS, the database by its own clock,
 * the simulator by the `Date` of an answer from this very computer.
 */
const timeSources = ['broker', 'store', 'sandbox'] as const
export type TimeSource = (typeof timeSources)[number]

/** How far this computer's clock is from another one. */
export interface Skew {
  /** This computer's time minus the other one's: positive when this one is ahead. */
  readonly ms: number
  readonly source: TimeSource
  /** As people call it. */
  readonly name: string
}

/** From here on a skew is told, and reckoned with. A `Date` header knows whole seconds only. */
export const toldFromMs = 5_000

/**
 * The clock that bhor lives by: the host's, held against what others say.
 *
 * The end of every session is reckoned from it, and a host's clock can be hours wrong (a dual-boot machine, an empty
 * battery) or jump (a resumed laptop, a correction). A broker's word outranks the database's, then the simulator's,
 * then the host's: from 5 s of difference on, `now` is theirs. Until somebody has spoken since the start or the last
 * jump, the true time is only known to lie in a range, and what ends within it is unsure. A simulator reads the host's
 * own clock, so its word proves nothing but when its own sessions end.
 */
export class JudgedClock implements Clock {
  readonly #host: Clock
  readonly #heard = new Map<TimeSource, Skew>()
  readonly #listeners = new Set<() => void>()
  /** Wall clock minus monotonic: it changes only when somebody sets the clock, or the machine sleeps. */
  #offsetMs: number
  /** The true time is not earlier than this, at the monotonic time beside it. */
  #floor: { readonly ms: number; readonly monotonicMs: number } | undefined

  constructor(host: Clock) {
    this.#host = host
    this.#offsetMs = host.nowMs() - host.monotonicMs()
  }

  now(): Temporal.Instant {
    return Temporal.Instant.fromEpochMilliseconds(this.nowMs())
  }
  nowMs(): number {
    return this.#look() - (this.skew?.ms ?? 0)
  }
  monotonicMs(): number {
    return this.#host.monotonicMs()
  }
  after(delayMs: number, work: () => void): Disposable {
    return this.#host.after(delayMs, work)
  }
  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return this.#host.sleep(delayMs, signal)
  }

  /** The host's own clock, as every other program on this computer reads it. */
  hostNowMs(): number {
    return this.#look()
  }

  /**
   * Somebody has named the time.
   *
   * @param theirsMs their clock, epoch milliseconds
   * @param askedAtMs the monotonic time at which they were asked; what took longer than a timer may last says nothing
   */
  heard(source: TimeSource, name: string, theirsMs: number, askedAtMs: number): void {
    const tookMs = this.#host.monotonicMs() - askedAtMs
    if (tookMs > longestTimerMs) return
    const ms = Math.round(this.#look() - tookMs / 2 - theirsMs)
    // What the way took could be the whole difference.
    this.#heard.set(source, { ms: Math.abs(ms) <= tookMs / 2 ? 0 : ms, source, name })
  }

  /** bhor has written something at this time (epoch milliseconds): it is not earlier now. */
  notBefore(ms: number): void {
    this.#floor = { ms, monotonicMs: this.#host.monotonicMs() }
  }

  /** The difference that is reckoned with; undefined below {@link toldFromMs}, and where nobody has spoken. */
  get skew(): Skew | undefined {
    const source = timeSources.find((one) => this.#heard.has(one))
    const skew = source && this.#heard.get(source)
    return skew && Math.abs(skew.ms) >= toldFromMs ? skew : undefined
  }

  /** Whether somebody who has a clock of his own has named the time since the start and since the last jump. */
  get isConfirmed(): boolean {
    return this.#isConfirmed(false)
  }

  /** Whether anybody at all has named the time since the start and since the last jump. */
  get isCompared(): boolean {
    this.#look()
    return this.#heard.size > 0
  }

  /** Nobody has named the time, and the host's is earlier than what bhor has written. */
  isTurnedBack(isOfSandbox = false): boolean {
    return !this.#isConfirmed(isOfSandbox) && this.#look() < this.#floorMs() - toldFromMs
  }

  /**
   * Whether it is open if this instant (epoch milliseconds) has passed.
   *
   * @param isOfSandbox whether it is the end of a session at the simulator, which knows its own time
   */
  isUnsure(ms: number, isOfSandbox = false): boolean {
    if (this.#isConfirmed(isOfSandbox)) return false
    if (this.isTurnedBack(isOfSandbox)) return ms > this.#floorMs()
    return ms > this.#floorMs() && ms <= Math.max(this.#host.nowMs(), this.nowMs())
  }

  /** Calls `listener` when a jump was seen: a clock that was set, or a machine that slept. */
  onJump(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  #isConfirmed(isOfSandbox: boolean): boolean {
    this.#look()
    return this.#hasProof || (isOfSandbox && this.#heard.has('sandbox'))
  }

  get #hasProof(): boolean {
    return this.#heard.has('broker') || this.#heard.has('store')
  }

  #floorMs(): number {
    if (!this.#floor) return Number.NEGATIVE_INFINITY
    return this.#floor.ms + this.#host.monotonicMs() - this.#floor.monotonicMs
  }

  #look(): number {
    const hostMs = this.#host.nowMs()
    const monotonicMs = this.#host.monotonicMs()
    const jumpMs = hostMs - monotonicMs - this.#offsetMs
    if (Math.abs(jumpMs) < toldFromMs) return hostMs
    // What was certain before goes on by the monotonic clock, which a sleeping machine stops: from there on it can be.
    if (this.#hasProof) this.#floor = { ms: hostMs - jumpMs - (this.skew?.ms ?? 0), monotonicMs }
    this.#heard.clear()
    this.#offsetMs = hostMs - monotonicMs
    for (const listener of this.#listeners) listener()
    return hostMs
  }
}
