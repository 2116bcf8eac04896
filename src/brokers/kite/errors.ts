import type { BrokerReply, CallSite, Verdict, VerdictKind } from '../../contracts/broker.ts'
import { objectOf, textOf } from '../reading.ts'
import { isLogin, isSuccessStatus, kindOfStatus, verdictOf } from '../verdicts.ts'
import { ipRefusal, orderLimit, unknownOutcome } from './unverified.ts'

/** What the message decides, whatever the type: Kite uses one type for several causes. */
const byWords: readonly (readonly [RegExp, VerdictKind])[] = [
  [/user is not enabled for the app/i, 'user_not_enabled'],
  [/too many requests/i, 'rate_limited'],
  [orderLimit, 'rate_limited'],
  [unknownOutcome, 'transient'],
  // "TOTP is mandatory to place orders on third-party apps": the user enables it once, on Kite web.
  [/TOTP is mandatory/i, 'needs_human'],
]

/**
 * The types of https://kite.trade/docs/connect/v3/exceptions, and those that only the official clients name, as
 * [at a login or renewal, elsewhere]. Any other type is a refusal of the request.
 */
const byType: Readonly<Record<string, readonly [VerdictKind, VerdictKind]>> = {
  TokenException: ['bad_grant', 'expired'],
  // Elsewhere, e.g. "Insufficient permission for that call." (kite.trade/forum comment 51653): other calls work.
  PermissionException: ['user_not_enabled', 'not_permitted'],
  PermissionError: ['user_not_enabled', 'not_permitted'],
  UserException: ['needs_human', 'needs_human'],
  TwoFAException: ['needs_human', 'needs_human'],
  NetworkException: ['transient', 'transient'],
  DataException: ['transient', 'transient'],
}

/**
 * Only a `TokenException` away from the login marks a session as dead: 403 alone can be a refused address, a missing
 * permission or a wrong checksum.
 */
export function classify(reply: BrokerReply, at: CallSite): Verdict {
  const body = objectOf(reply.json)
  const said = { code: textOf(body?.error_type), message: textOf(body?.message) }
  return verdictOf(kindOf(reply, at, body, said.code, said.message), reply, said)
}

function kindOf(
  reply: BrokerReply,
  at: CallSite,
  body: Readonly<Record<string, unknown>> | undefined,
  type: string | undefined,
  message = '',
): VerdictKind {
  const words = message.slice(0, 1000)
  const isRefusal = type !== undefined || body?.status === 'error'
  if (isRefusal && ipRefusal.test(words)) return 'ip_not_allowed'
  const decided = kindOfStatus(reply.status)
  if (decided) return decided
  if (!body) return isTable(reply, at) ? 'ok' : 'transient'
  if (isSuccessStatus(reply.status) && !isRefusal) {
    return body.status === 'success' || at === 'api' ? 'ok' : 'transient'
  }
  const worded = byWords.find(([pattern]) => pattern.test(words))
  if (worded) return worded[1]
  if (isLogin(at) && (type === 'TokenException' || type === 'InputException')) {
    // "Invalid `checksum`." is a wrong secret (kite.trade/forum/discussion/3016); a new login would meet it again.
    if (/checksum|api_key/i.test(words)) return 'app_invalid'
    if (/request_token|refresh_token/i.test(words)) return 'bad_grant'
  }
  const kinds = type !== undefined && Object.hasOwn(byType, type) ? byType[type] : undefined
  return kinds?.[isLogin(at) ? 0 : 1] ?? 'rejected'
}

/** The instruments and nothing else come as CSV. */
function isTable(reply: BrokerReply, at: CallSite): boolean {
  return (
    at === 'api' && isSuccessStatus(reply.status) && /^text\/csv\b/i.test(reply.headers['content-type'] ?? '')
  )
}
