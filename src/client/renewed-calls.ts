import type { HandOut, ReportView } from '../contracts/api.ts'
import type { Bhor, CallFailure, CallWish } from '../contracts/client.ts'
import type { Clock } from '../core/clock.ts'
import { SingleFlight } from '../core/single-flight.ts'
import { failureOfAnswer, failureOfThrown } from './failure.ts'
import type { Line } from './line.ts'
import type { Turns } from './turns.ts'

/** Before what never left this computer is tried once more. */
const notSentPauseMs = 250
/** As long as a broker that names no time is given. */
const throttledMs = 1_000

type Refused = Extract<CallFailure, { readonly kind: 'refused' }>
type Outcome<Answer> = ({ readonly answer: Answer } | { readonly thrown: unknown }) & {
  readonly failure: CallFailure | undefined
}

export interface RenewedCallsParts {
  readonly line: Line
  /** Its timers keep the process alive: somebody waits. */
  readonly clock: Clock
  readonly turns: Turns
  readonly session: Bhor['session']
  readonly peek: Bhor['peek']
  /** Takes a session out of the memory. */
  readonly drop: (account: string) => void
}

/** Calls at a broker, with the session that counts. */
export class RenewedCalls {
  readonly #parts: RenewedCallsParts
  readonly #reports = new SingleFlight<ReportView['state'] | undefined>()
  readonly #renewals = new SingleFlight<void>()

  constructor(parts: RenewedCallsParts) {
    this.#parts = parts
  }

  /** See {@link Bhor.withSession}. */
  async run<Answer>(
    account: string,
    call: (session: HandOut) => Answer | Promise<Answer>,
    wish: CallWish = {},
  ): Promise<Answer> {
    for (let isRepeated = false; ; isRepeated = true) {
      const session = await this.#turn(account, wish)
      const outcome = await outcomeOf(session, call, wish)
      const { failure } = outcome
      if (!failure || !(await this.#mayRepeat(session, failure, wish, outcome)) || isRepeated) {
        if ('thrown' in outcome) throw outcome.thrown
        return outcome.answer
      }
    }
  }

  /** The session as it counts when it is this call's turn. */
  async #turn(account: string, { kind, signal }: CallWish): Promise<HandOut> {
    const { turns, session, peek } = this.#parts
    signal?.throwIfAborted()
    const first = await session(account)
    const hasWaited = await turns.take(first, kind, signal)
    return hasWaited ? (peek(account) ?? session(account)) : first
  }

  async #mayRepeat(
    session: HandOut,
    failure: CallFailure,
    { kind, signal }: CallWish,
    outcome: Outcome<unknown>,
  ): Promise<boolean> {
    if (failure.kind === 'refused') return this.#isReplaced(session, failure, outcome)
    if (failure.kind === 'throttled') {
      this.#parts.turns.hold(session, kind, failure.retryAfterMs ?? throttledMs)
      return true
    }
    if (failure.kind === 'not sent') {
      await this.#parts.clock.sleep(notSentPauseMs, signal)
      return true
    }
    return kind !== undefined && kind !== 'order'
  }

  /** Whether there is another session to call with. @throws BhorError `session_…` where there is none any more */
  async #isReplaced(session: HandOut, refused: Refused, outcome: Outcome<unknown>): Promise<boolean> {
    const { account, generation } = session
    const known = this.#parts.peek(account)
    if (known && known.generation > generation) return true
    const state = await this.#report(session, refused)
    if (state === undefined || state === 'alive') return false
    this.#parts.drop(account)
    if (state === 'doubted') return false
    if (state === 'dead') await this.#renewals.run(`${account} ${generation}`, () => this.#renew(account))
    try {
      return (await this.#parts.session(account)).generation > generation
    } catch (error) {
      if (error instanceof Error) error.cause ??= 'thrown' in outcome ? outcome.thrown : undefined
      throw error
    }
  }

  /** What bhor believes of the session afterwards; undefined where the refusal was not about it, or bhor cannot say. */
  #report(session: HandOut, refused: Refused): Promise<ReportView['state'] | undefined> {
    const { account, generation } = session
    const { kind: _kind, ...said } = refused
    return this.#reports.run(`${account} ${generation} ${said.status} ${said.body ?? ''}`, async () => {
      try {
        const body = { generation, ...said }
        const ask = { params: { account }, body }
        const { verdict, state } = await this.#parts.line.ask('POST /v1/accounts/{account}/report', ask)
        return verdict === 'expired' ? state : undefined
      } catch {
        // The program is told what the broker has said, whatever keeps bhor from hearing of it.
        return undefined
      }
    })
  }

  /** Where nothing can be renewed, or somebody else does it, asking for the session says what is so. */
  async #renew(account: string): Promise<void> {
    await this.#parts.line
      .ask('POST /v1/accounts/{account}/renew', { params: { account } })
      .catch(() => undefined)
  }
}

async function outcomeOf<Answer>(
  session: HandOut,
  call: (session: HandOut) => Answer | Promise<Answer>,
  { failureOf = failureOfThrown }: CallWish,
): Promise<Outcome<Answer>> {
  try {
    const answer = await call(session)
    return { answer, failure: await failureOfAnswer(answer) }
  } catch (thrown) {
    return { thrown, failure: failureOf(thrown) }
  }
}
