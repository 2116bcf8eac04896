import type { Broker } from '../../contracts/broker.ts'
import { NetError } from '../../contracts/net.ts'
import type { AccountRecord } from '../../contracts/store.ts'
import type { Clock } from '../../core/clock.ts'
import { Allowance } from './allowance.ts'

export type Rate = NonNullable<AccountRecord['settings']['rateLimit']>

/** How often bhor may ask the broker for an account: as its settings say, else as the broker permits. */
export function allowedRate(
  { limits }: Pick<Broker, 'limits'>,
  { settings }: Pick<AccountRecord, 'settings'>,
): Rate {
  const { callsPerSecond } = limits
  return settings.rateLimit ?? { requestsPerSecond: callsPerSecond, burstSize: 2 * callsPerSecond }
}

/** Holds back the calls of accounts that have a rate of their own. Each server counts for itself. */
export class Pace {
  readonly #clock: Pick<Clock, 'monotonicMs' | 'sleep'>
  /** By the rate: accounts of one rate share the counting, each under its own name. */
  readonly #allowances = new Map<string, Allowance>()

  constructor(clock: Pick<Clock, 'monotonicMs' | 'sleep'>) {
    this.#clock = clock
  }

  /**
   * Waits until the account may be asked for again.
   *
   * @param withinMs no longer than this
   * @throws NetError `not_sent` where it would take longer
   */
  async turn({ id, settings: { rateLimit } }: AccountRecord, withinMs = Number.POSITIVE_INFINITY) {
    if (!rateLimit) return
    const { requestsPerSecond, burstSize } = rateLimit
    const rate = `${requestsPerSecond}/${burstSize}`
    const allowance =
      this.#allowances.get(rate) ??
      new Allowance(this.#clock, { atOnce: burstSize, everyMs: 1000 / requestsPerSecond })
    this.#allowances.set(rate, allowance)
    const startedMs = this.#clock.monotonicMs()
    for (let waitMs = allowance.spend(id); waitMs > 0; waitMs = allowance.spend(id)) {
      if (this.#clock.monotonicMs() - startedMs + waitMs > withinMs) throw new NetError('not_sent', 'timeout')
      await this.#clock.sleep(Math.ceil(waitMs))
    }
  }
}
