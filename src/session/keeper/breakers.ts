import type { ErrorCode } from '../../core/errors.ts'
import type { JudgedClock } from '../../core/judged-clock.ts'

const mostFailures = 5
const restMs = 30_000

/** Trouble of the broker itself, and not of one account. */
const brokerTrouble: ReadonlySet<ErrorCode> = new Set([
  'broker_unavailable',
  'broker_timeout',
  'broker_rate_limited',
  'broker_closed',
])

/** The broker has answered, and says something of one account. */
const answered: ReadonlySet<ErrorCode> = new Set([
  'bad_grant',
  'app_invalid',
  'user_not_enabled',
  'account_locked',
  'wrong_user',
  'needs_login',
  'not_permitted',
  'ip_not_allowed',
  'broker_rejected',
  'bad_token_shape',
])

/** A second try takes one from the stock, an answer puts one back, and so does time. */
const mostRetries = 100
const oneMoreAfterMs = 2_000

interface State {
  readonly failures: number
  readonly restsUntilMs: number
  /** How many second tries are left, as of `countedMs`. */
  readonly retries: number
  readonly countedMs: number
}

/**
 * A broker that fails for one account after the other is left alone for half a minute, for each kind of call by itself;
 * then one call tries. One that fails now and then is not asked again for more accounts than its answers and a little time
 * allow. Not a library's, because those read the machine's clock, and the keeper runs in a simulation.
 */
export class Breakers {
  readonly #clock: Pick<JudgedClock, 'monotonicMs'>
  readonly #states = new Map<string, State>()

  constructor(clock: Pick<JudgedClock, 'monotonicMs'>) {
    this.#clock = clock
  }

  /**
   * How long this kind of call should wait; 0 for not at all, and for the one that tries after a rest.
   *
   * @param isRetry it has failed before
   */
  restMs(name: string, isRetry = false): number {
    const nowMs = this.#clock.monotonicMs()
    const state = this.#stateOf(name, nowMs)
    if (state.failures >= mostFailures) {
      if (nowMs < state.restsUntilMs) return state.restsUntilMs - nowMs
      this.#states.set(name, { ...state, restsUntilMs: nowMs + restMs })
      return 0
    }
    if (!isRetry) return 0
    if (state.retries < 1) return restMs
    this.#states.set(name, { ...state, retries: state.retries - 1 })
    return 0
  }

  /**
   * What never came to the broker, or was lost on the way, says nothing of it.
   *
   * @param code how a call ended; undefined for an answer that says something
   */
  record(name: string, code: ErrorCode | undefined): void {
    const nowMs = this.#clock.monotonicMs()
    const state = this.#stateOf(name, nowMs)
    if (code === undefined || answered.has(code))
      this.#states.set(name, { ...state, failures: 0, retries: Math.min(mostRetries, state.retries + 1) })
    else if (brokerTrouble.has(code))
      this.#states.set(name, { ...state, failures: state.failures + 1, restsUntilMs: nowMs + restMs })
  }

  #stateOf(name: string, nowMs: number): State {
    const known = this.#states.get(name)
    if (!known) return { failures: 0, restsUntilMs: 0, retries: mostRetries, countedMs: nowMs }
    const more = (nowMs - known.countedMs) / oneMoreAfterMs
    return { ...known, retries: Math.min(mostRetries, known.retries + more), countedMs: nowMs }
  }
}
