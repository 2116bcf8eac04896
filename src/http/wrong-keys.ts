import { hash } from 'node:crypto'
import type { App } from '../app/open.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import type { Principal } from '../session/ground/rights.ts'

/** A program with a stale key in a loop must not fill the audit log; a person who mistypes is far below. */
const mostPerMinute = 60
const minuteMs = 60_000

/** Client keys as they come in, with an end to guessing: beyond the limit only the good ones are looked at. */
export class WrongKeys {
  readonly #app: App
  #sinceMs = Number.NEGATIVE_INFINITY
  #count = 0

  constructor(app: App) {
    this.#app = app
  }

  /** @throws BhorError `key_malformed`, `key_invalid`, `rate_limited` */
  authenticate(presented: string): Promise<Principal> {
    if (this.isFlooded) return this.#onlyGood(presented)
    return this.#app.desk.keys.authenticate(presented).catch((error: unknown) => {
      if (isBhorError(error, 'key_invalid')) this.count()
      throw error
    })
  }
  /** One more refusal that was written to the audit log. */
  count(): void {
    const nowMs = this.#app.clock.monotonicMs()
    if (nowMs - this.#sinceMs >= minuteMs) {
      this.#sinceMs = nowMs
      this.#count = 0
    }
    this.#count++
  }
  get isFlooded(): boolean {
    return this.#count >= mostPerMinute && this.#app.clock.monotonicMs() - this.#sinceMs < minuteMs
  }

  async #onlyGood(presented: string): Promise<Principal> {
    const { store, clock, desk } = this.#app
    const record = await store.keys.byHash(hash('sha256', presented, 'hex'))
    const isOver = record?.expiresAtMs != null && clock.nowMs() >= record.expiresAtMs
    if (record && record.revokedAtMs === null && !isOver) return desk.keys.authenticate(presented)
    throw new BhorError('rate_limited', 'Too many wrong keys in the last minute.', { retryAfterMs: minuteMs })
  }
}
