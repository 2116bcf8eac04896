import type { AnswerOf, ArgumentsOf, Endpoint } from '../contracts/endpoints.ts'
import type { FeedEvent } from '../contracts/events.ts'
import type { Fault } from './errors.ts'

/** What a program asks of bhor. */
export type Asked = Extract<
  Endpoint,
  | 'GET /v1/accounts'
  | 'POST /v1/accounts'
  | 'GET /v1/accounts/{account}'
  | 'POST /v1/accounts/{account}/login'
  | 'POST /v1/accounts/{account}/login/complete'
  | 'GET /v1/accounts/{account}/session'
  | 'DELETE /v1/accounts/{account}/session'
  | 'POST /v1/accounts/{account}/report'
  | 'POST /v1/accounts/{account}/test'
  | 'POST /v1/accounts/{account}/renew'
  | 'GET /v1/accounts/{account}/gate'
  | 'GET /v1/portfolio'
>

/** A sign of life, perhaps with the number from which to go on, perhaps with an event. */
export interface Heard {
  readonly id?: string
  readonly event?: FeedEvent
}

/** bhor as a program reaches it, wherever it is. */
export interface Line {
  ask<E extends Asked>(endpoint: E, ...input: ArgumentsOf<E>): Promise<AnswerOf<E>>
  /**
   * What happens, behind the event of this id or from now on. The first thing comes as soon as nothing can be missed any
   * more. It ends where the other side ends it, and when the signal aborts.
   */
  follow(after: string | undefined, signal: AbortSignal): AsyncIterable<Heard>
  /** After so long without a sign of life nobody can be sure to have heard of everything. */
  readonly longestSilenceMs: number
  readonly fault: Fault
}
