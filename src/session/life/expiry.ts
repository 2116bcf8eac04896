import type { ExpiryRule, Values } from '../../contracts/broker.ts'
import { nextIst } from '../../core/ist.ts'
import { tryParseJson } from '../../core/json.ts'

export interface GrantFacts {
  readonly grantedAt: Temporal.Instant
  /** By kind, revealed. */
  readonly tokens: Values
  /** The end that the broker itself named. */
  readonly grantExpiresAt?: Temporal.Instant
}

/**
 * For a rule that gives no bound at all (an unreadable JWT, an end that the broker did not name). SEBI's circular of
 * 4 February 2025, A.8, has every API session logged out daily, so none lives longer.
 */
const unboundedMs = 24 * 60 * 60_000

/**
 * The instant from which a session counts as expired: the earliest of all that the rule says. It may lie in the
 * past; the session has expired then, and nothing pretends otherwise.
 */
export function expiresAt(rule: ExpiryRule, facts: GrantFacts): Temporal.Instant {
  const bounds = boundsOf(rule, facts)
  const first = bounds.length === 0 ? facts.grantedAt.epochMilliseconds + unboundedMs : Math.min(...bounds)
  return Temporal.Instant.fromEpochMilliseconds(first)
}

/** When a session of this broker would end that is granted at `grantedAt`; undefined where only its token says. */
export function endOfLogin(rule: ExpiryRule, grantedAt: Temporal.Instant): Temporal.Instant | undefined {
  const bounds = boundsOf(rule, { grantedAt, tokens: {} })
  return bounds.length === 0 ? undefined : Temporal.Instant.fromEpochMilliseconds(Math.min(...bounds))
}

/** In epoch milliseconds. */
function boundsOf(rule: ExpiryRule, facts: GrantFacts): readonly number[] {
  switch (rule.kind) {
    case 'daily_at':
      return [nextIst(rule.time, facts.grantedAt).epochMilliseconds]
    case 'after':
      return [facts.grantedAt.epochMilliseconds + rule.ms]
    case 'jwt_exp':
      return jwtExpiryMs(facts.tokens[rule.token] ?? '')
    case 'as_granted':
      return facts.grantExpiresAt ? [facts.grantExpiresAt.epochMilliseconds] : []
    case 'earliest':
      return rule.of.flatMap((part) => boundsOf(part, facts))
  }
}

/** No `Temporal.Instant` lies beyond. */
const latestMs = 8.64e15

/**
 * The `exp` of a JWT. The signature stays unchecked: the token came from the broker itself, over TLS, and `exp` can
 * only shorten the session.
 */
function jwtExpiryMs(token: string): readonly number[] {
  const parts = token.split('.')
  if (parts.length !== 3) return []
  const claims = tryParseJson(Buffer.from(parts[1] ?? '', 'base64url').toString())
  const exp = typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? claims.exp : undefined
  if (typeof exp !== 'number') return []
  const ms = Math.floor(exp * 1000)
  return Number.isFinite(ms) && Math.abs(ms) <= latestMs ? [ms] : []
}
