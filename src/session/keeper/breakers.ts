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

/**
 * A broker that fails for one account after the other is left alone for half a minute, for each kind of call by itself;
 * then one call tries. Not a library's, because those read the machine's clock, and the keeper runs in a simulation.
 */
export class Breakers {
  readonly #clock: Pick<JudgedClock, 'monotonicMs'>
  readonly #states = new Map<string, { failures: number; restsUntilMs: number }>()

  constructor(clock: Pick<JudgedClock, 'monotonicMs'>) {
    this.#clock = clock
  }

  /** How long this kind of call should wait; 0 for not at all, and for the one that tries after a rest. */
  restMs(name: string): number {
    const state = this.#states.get(name)
    if (!state || state.failures < mostFailures) return 0
    const nowMs = this.#clock.monotonicMs()
    if (nowMs < state.restsUntilMs) return state.restsUntilMs - nowMs
    state.restsUntilMs = nowMs + restMs
    return 0
  }

  /**
   * What never came to the broker, or was lost on the way, says nothing of it.
   *
   * @param code how a call ended; undefined for an answer that says something
   */
  record(name: string, code: ErrorCode | undefined): void {
    if (code === undefined || answered.has(code)) {
      this.#states.delete(name)
      return
    }
    if (!brokerTrouble.has(code)) return
    const state = this.#states.get(name) ?? { failures: 0, restsUntilMs: 0 }
    state.failures++
    state.restsUntilMs = this.#clock.monotonicMs() + restMs
    this.#states.set(name, state)
  }
}
