import type { Actor } from '../../contracts/audit.ts'
import { type ErrorCode, isBhorError } from '../../core/errors.ts'
import { entryOf } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'

/** Anybody who can reach the callback address can cause these; the audit must not grow at their will. */
const mostPerMinute = 10

const recorded: readonly ErrorCode[] = [
  'login_state_invalid',
  'login_expired',
  'login_used',
  'login_ambiguous',
  'callback_incomplete',
  'wrong_page',
]

/** Records callbacks that were turned away before they touched a login, at most ten a minute. */
export class CallbackRefusals {
  readonly #context: SessionContext
  #minute = 0
  #count = 0

  constructor(context: SessionContext) {
    this.#context = context
  }

  async record(actor: Actor, error: unknown): Promise<void> {
    if (!isBhorError(error) || !recorded.includes(error.code)) return
    const minute = Math.floor(this.#context.clock.nowMs() / 60_000)
    if (minute !== this.#minute) [this.#minute, this.#count] = [minute, 0]
    if (++this.#count > mostPerMinute) return
    const refusal = { action: 'login.callback', result: 'refused', code: error.code } as const
    await this.#context.audit.record(entryOf(this.#context, { actor, ...refusal }))
  }
}
