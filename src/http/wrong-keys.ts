import type { App } from '../app/open.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import type { Principal } from '../session/ground/rights.ts'

/** A person who mistypes is far below. */
const mostPerMinute = 60
const minuteMs = 60_000

/** Client keys as they come in. Beyond a number of wrong ones each is told to wait, whatever is wrong with it. */
export class WrongKeys {
  readonly #app: App
  #sinceMs = Number.NEGATIVE_INFINITY
  #count = 0

  constructor(app: App) {
    this.#app = app
  }

  /** @throws BhorError `key_malformed`, `key_invalid`, `rate_limited` */
  async authenticate(presented: string): Promise<Principal> {
    try {
      return await this.#app.desk.keys.authenticate(presented)
    } catch (error) {
      if (isBhorError(error, 'key_invalid') && this.#isFlooded())
        throw new BhorError('rate_limited', 'Too many wrong keys in the last minute.', {
          retryAfterMs: minuteMs,
        })
      throw error
    }
  }

  /** Counts one more. */
  #isFlooded(): boolean {
    const nowMs = this.#app.clock.monotonicMs()
    if (nowMs - this.#sinceMs >= minuteMs) [this.#sinceMs, this.#count] = [nowMs, 0]
    return ++this.#count > mostPerMinute
  }
}
