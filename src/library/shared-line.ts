import { isNotSent } from '../client/http-line.ts'
import type { Asked, Heard, Line } from '../client/line.ts'
import type { AnswerOf, ArgumentsOf } from '../contracts/endpoints.ts'
import type { Clock } from '../core/clock.ts'
import { type BhorError, isBhorError } from '../core/errors.ts'
import { SingleFlight } from '../core/single-flight.ts'
import type { Standing } from './owner.ts'

/** Before one of the others takes over from an owner that has ended: a server that is started again comes back. */
const graceMs = 2_000
const lookAgainMs = 100

/**
 * The data folder for as long as this program wants it, whoever owns it. When the owner ends, one of the others becomes
 * it, and the rest go on through that one's socket.
 */
export class SharedLine implements Line, AsyncDisposable {
  readonly #take: () => Promise<Standing>
  readonly #clock: Clock
  readonly #taking = new SingleFlight<void>()
  readonly #ending = new AbortController()
  #standing: Standing

  constructor(standing: Standing, take: () => Promise<Standing>, clock: Clock) {
    this.#standing = standing
    this.#take = take
    this.#clock = clock
  }

  get fault(): Line['fault'] {
    return this.#standing.line.fault
  }
  get longestSilenceMs(): number {
    return this.#standing.line.longestSilenceMs
  }

  async ask<E extends Asked>(endpoint: E, ...input: ArgumentsOf<E>): Promise<AnswerOf<E>> {
    const standing = this.#standing
    try {
      return await standing.line.ask(endpoint, ...input)
    } catch (error) {
      if (standing.isOwner || !isLost(error)) throw error
      // Of what was under way nobody knows what became of it; what only reads is asked again.
      const isRepeatable = isNotSent(error) || endpoint.startsWith('GET ')
      if (!isRepeatable) throw error
      await this.#settle(standing)
      return this.#standing.line.ask(endpoint, ...input)
    }
  }

  async *follow(after: string | undefined, signal: AbortSignal): AsyncGenerator<Heard, void> {
    const standing = this.#standing
    try {
      yield* standing.line.follow(after, signal)
    } catch (error) {
      if (standing.isOwner || !isLost(error)) throw error
    }
    // Nobody asks anything of whoever only waits: it takes over all the same.
    if (!standing.isOwner && !signal.aborted) await this.#settle(standing)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort()
    await this.#taking.run('settle', async () => {}).catch(() => undefined)
    await this.#standing[Symbol.asyncDispose]()
  }

  /** Has an owner again: the same one, another one, or this program. */
  #settle(lost: Standing): Promise<void> {
    return this.#taking.run('settle', async () => {
      if (this.#standing !== lost || (await this.#isBack(lost))) return
      if (this.#ending.signal.aborted) return
      const standing = await this.#take()
      if (this.#ending.signal.aborted) return standing[Symbol.asyncDispose]()
      this.#standing = standing
    })
  }

  async #isBack({ line }: Standing): Promise<boolean> {
    const untilMs = this.#clock.monotonicMs() + graceMs
    while (this.#clock.monotonicMs() < untilMs && !this.#ending.signal.aborted) {
      try {
        await line.ask('GET /v1/accounts')
        return true
      } catch (error) {
        if (!isLost(error)) return true
      }
      await this.#clock.sleep(lookAgainMs)
    }
    return false
  }
}

/** The owner has gone, or is going. */
function isLost(error: unknown): error is BhorError {
  return isBhorError(error, 'server_unreachable') || isBhorError(error, 'stopping')
}
