import type { AuditAction } from '../../contracts/audit.ts'
import type { AccountRecord } from '../../contracts/store.ts'
import type { Clock } from '../../core/clock.ts'
import { BhorError } from '../../core/errors.ts'
import type { Refusals } from './refusals.ts'
import type { Principal } from './rights.ts'

/** So many at once, and one more each time that `everyMs` have passed. */
interface Limit {
  readonly atOnce: number
  readonly everyMs: number
  /** What a refusal is recorded as. */
  readonly action: AuditAction
}

/** What a client key may do how often: at one account, or in the house where the action is about no single one. */
const limits = {
  // Below the ten open logins of an account, so that no key takes back the link that somebody has in front of him.
  login: { atOnce: 5, everyMs: 150_000, action: 'login.start' },
  answer: { atOnce: 30, everyMs: 2_000, action: 'login.question' },
  // A broker's budget of probes is for everybody; one key gets about half of the smallest.
  test: { atOnce: 2, everyMs: 30_000, action: 'session.probe' },
  // Every program of a key may report at the same moment; one record a minute comes of it.
  report: { atOnce: 1_000, everyMs: 500, action: 'session.report' },
  renew: { atOnce: 3, everyMs: 60_000, action: 'session.renew' },
  logout: { atOnce: 3, everyMs: 60_000, action: 'session.logout' },
  egress: { atOnce: 6, everyMs: 30_000, action: 'egress.measure' },
  learn: { atOnce: 30, everyMs: 120_000, action: 'account.learn' },
  account: { atOnce: 60, everyMs: 1_000, action: 'account.edit' },
  key: { atOnce: 60, everyMs: 1_000, action: 'key.add' },
  // Whoever reads the channel sees each of them.
  alertTest: { atOnce: 3, everyMs: 60_000, action: 'alert.check' },
  calendar: { atOnce: 60, everyMs: 1_000, action: 'calendar.change' },
} as const satisfies Record<string, Limit>

/** Entries that no longer hold anybody back are forgotten when there are so many. */
const mostEntries = 1_000

/**
 * How often one client key does what writes or asks a broker. People are not held back, and a hand-out is no such
 * thing: its limit is the connection. Each server counts for itself.
 */
export class RateLimits {
  readonly #refusals: Refusals
  readonly #clock: Clock
  /** When the last of what was granted would be due at an even pace, by key, action and account. */
  readonly #dueMs = new Map<string, number>()

  constructor(refusals: Refusals, clock: Clock) {
    this.#refusals = refusals
    this.#clock = clock
  }

  /** @throws BhorError `rate_limited`, recorded */
  async spend({ actor }: Principal, what: keyof typeof limits, account?: AccountRecord): Promise<void> {
    if (actor.kind !== 'key') return
    const { atOnce, everyMs, action } = limits[what]
    const name = `${actor.id} ${what} ${account?.id ?? ''}`
    const nowMs = this.#clock.monotonicMs()
    const dueMs = Math.max(this.#dueMs.get(name) ?? 0, nowMs)
    const waitMs = dueMs - (atOnce - 1) * everyMs - nowMs
    if (waitMs <= 0) {
      if (this.#dueMs.size >= mostEntries) this.#forget(nowMs)
      this.#dueMs.set(name, dueMs + everyMs)
      return
    }
    const code = 'rate_limited'
    await this.#refusals.record({ actor, action, result: 'refused', code, account, detail: { what } })
    const where = account ? ` with ${account.alias}` : ''
    throw new BhorError(code, `This key has done that too often${where}.`, { retryAfterMs: waitMs })
  }

  #forget(nowMs: number): void {
    for (const [name, dueMs] of this.#dueMs) if (dueMs <= nowMs) this.#dueMs.delete(name)
  }
}
