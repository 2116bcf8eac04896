import type { WorkKind, WorkRecord } from '../../contracts/work.ts'
import { neverMs } from '../../contracts/work.ts'
import { type BhorError, type ErrorCode, errorTable } from '../../core/errors.ts'
import { fraction, type Random } from '../../core/random.ts'

/** How a kind of trouble is met. */
interface Retry {
  /** `later`: it passes, however long it takes. `a while`: a renewal that fails by it again and again is given up. */
  readonly again: 'later' | 'a while' | 'never'
  readonly because: string
}
const later = (because: string): Retry => ({ again: 'later', because })
const aWhile = (because: string): Retry => ({ again: 'a while', because })
const never = (because: string): Retry => ({ again: 'never', because })

/**
 * What is tried again, and what is not. `never` lasts until there is another session or the account has changed:
 * repeating what a broker has refused gets a user locked. Of what is not named here passes what errors call retryable.
 */
const retries: Partial<Record<ErrorCode, Retry>> = {
  bad_grant: never('the refresh token is spent or dead; only a login brings another'),
  app_invalid: never('the secret is wrong until somebody corrects it'),
  user_not_enabled: never('only the broker’s console can allow this user'),
  account_locked: never('each further try keeps the user locked'),
  wrong_user: never('the token belongs to somebody else'),
  needs_login: never('the broker wants a person'),
  not_permitted: never('the broker does not permit it'),
  broker_rejected: never('the broker has understood and refused'),
  bad_token_shape: never('the broker sends something that is no token'),
  answer_lost: never('a single-use token may be spent; a probe says what is left'),
  renewal_unavailable: never('there is nothing to renew with'),
  ip_not_allowed: aWhile('the address can be allowed, and each try is refused until then'),
  broker_unavailable: later('the broker is down, or the network'),
  broker_timeout: later('the broker is slow'),
  broker_rate_limited: later('the broker asks to slow down'),
  broker_closed: later('the broker opens in the morning'),
  broker_redirect: later('something stands between us and the broker'),
  egress_unavailable: later('the way out can come back'),
  egress_proxy_login: later('the login of the proxy can be corrected; nothing was sent'),
  egress_proxy_refused: later('the proxy can open the way; nothing was sent'),
  egress_proxy_invalid: later('the proxy can be put right; nothing was sent'),
  egress_different: later('the way out can be put right; nothing was sent'),
  rate_limited: later('bhor has asked often enough'),
  login_in_progress: later('somebody logs in just now'),
  clock_wrong: later('the clock can be set'),
  clock_doubtful: later('the clock can be confirmed'),
  secret_source_failed: later('the place of the secret can be unlocked'),
  mirror_conflict: later('somebody decides what the file shall hold'),
  mirror_unwritable: later('the folder can be made writable, the disk freed'),
  sealed: later('the operator unseals'),
}

const firstMs = 30_000
const longestMs = 15 * 60_000
/** After this many failures in a row a renewal is given up, but for what passes; a question to the broker never is. */
const mostRenewals = 20

/** Whether a renewal that ended so is not tried again by itself. */
export function endsRenewal(code: ErrorCode): boolean {
  return retries[code]?.again === 'never'
}

/** When a piece of work that failed may be tried again, with full jitter; {@link neverMs} for not at all. */
export function notBefore(random: Random, nowMs: number, work: WorkRecord, error: BhorError): number {
  if (againFor(work.kind, work.attempt, error.code) === 'never') return neverMs
  const capMs = Math.min(longestMs, firstMs * 2 ** Math.min(work.attempt, 10))
  return nowMs + Math.round(Math.max(1_000, error.retryAfterMs ?? 0, capMs * fraction(random)))
}

/** @param attempt how often it had failed before this time */
export function againFor(kind: WorkKind, attempt: number, code: ErrorCode): 'later' | 'never' {
  if (kind !== 'renewal') return 'later'
  const again = retries[code]?.again ?? (errorTable[code].retryable ? 'later' : 'a while')
  if (again === 'a while') return attempt + 1 >= mostRenewals ? 'never' : 'later'
  return again
}
