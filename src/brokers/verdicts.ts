import type { BrokerReply, CallSite, Verdict, VerdictKind } from '../contracts/broker.ts'
import { retryAfterMs } from './reading.ts'

/** At a login or renewal, a refused credential is never the session's death: there may be a live one beside it. */
export function isLogin(at: CallSite): boolean {
  return at === 'prelude' || at === 'exchange' || at === 'renewal'
}

export function isSuccessStatus(status: number): boolean {
  return status >= 200 && status < 300
}

/**
 * What the HTTP status alone decides, at every broker: throttled, locked, or not an answer of the API at all.
 * A redirect is one of those: a gateway or a login page speaks, and bhor follows none.
 */
export function kindOfStatus(status: number): VerdictKind | undefined {
  if (status === 429) return 'rate_limited'
  if (status === 423) return 'locked'
  if (status === 408 || status === 425) return 'transient'
  const isAnswer = isSuccessStatus(status) || (status >= 400 && status < 500)
  return isAnswer ? undefined : 'transient'
}

/** A verdict with the broker's own words, and when to come back where that matters. */
export function verdictOf(
  kind: VerdictKind,
  reply: BrokerReply,
  said: { readonly code?: string | undefined; readonly message?: string | undefined },
): Verdict {
  const waitMs = kind === 'rate_limited' || kind === 'transient' ? retryAfterMs(reply) : undefined
  return {
    kind,
    ...(said.code === undefined ? {} : { brokerCode: said.code }),
    ...(said.message === undefined ? {} : { brokerMessage: said.message }),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  }
}
