import type { BrokerReply, CallSite, Verdict, VerdictKind } from '../../contracts/broker.ts'
import { objectOf, textOf } from '../reading.ts'
import { isLogin, isSuccessStatus, kindOfStatus, verdictOf } from '../verdicts.ts'
import { closedStatus, ipRefusal } from './unverified.ts'

/**
 * The codes of https://upstox.com/developer/api-documentation/error-codes as [at the login, elsewhere]. The code
 * decides, not the HTTP status, which is documented only as "4XX" for most of them. Any other code is a refusal of
 * the request: not even 401 alone says that a token is dead (`UDAPI1221`).
 */
const byCode: Readonly<Record<string, readonly [VerdictKind, VerdictKind]>> = {
  // Invalid token. Order calls have said so of tokens that live: the engine asks for the profile before it believes it.
  UDAPI100050: ['bad_grant', 'expired'],
  // Invalid code, used or expired. On orders of the sandbox the same code says that the market is closed.
  UDAPI100057: ['bad_grant', 'rejected'],
  UDAPI1022: ['bad_grant', 'rejected'],
  // "No segments for these users are active. Manual reactivation is recommended from Upstox app/web."
  UDAPI100058: ['needs_human', 'needs_human'],
  UDAPI1155: ['needs_human', 'needs_human'],
  UDAPI100016: ['app_invalid', 'app_invalid'],
  UDAPI100068: ['app_invalid', 'app_invalid'],
  UDAPI100069: ['app_invalid', 'app_invalid'],
  UDAPI100070: ['app_invalid', 'app_invalid'],
  UDAPI100073: ['app_invalid', 'app_invalid'],
  UDAPI1157: ['app_invalid', 'app_invalid'],
  UDAPI1017: ['app_invalid', 'rejected'],
  UDAPI1018: ['app_invalid', 'rejected'],
  UDAPI1024: ['app_invalid', 'rejected'],
  // The access token request: no notifier URL, not an individual user.
  UDAPI1123: ['app_invalid', 'app_invalid'],
  UDAPI1124: ['user_not_enabled', 'not_permitted'],
  UDAPI100067: ['not_permitted', 'not_permitted'],
  // "needs Upstox Plus", with HTTP 401, and "use Uplink Business": other calls work.
  UDAPI1149: ['not_permitted', 'not_permitted'],
  UDAPI100049: ['not_permitted', 'not_permitted'],
  UDAPI1154: ['ip_not_allowed', 'ip_not_allowed'],
  UDAPI1221: ['ip_not_allowed', 'ip_not_allowed'],
  // About the settings of static IPs, not about the address that asks.
  UDAPI1179: ['rejected', 'rejected'],
  UDAPI1180: ['rejected', 'rejected'],
  UDAPI10005: ['rate_limited', 'rate_limited'],
  UDAPI100099: ['rate_limited', 'rate_limited'],
  // "The Funds service is accessible from 5:30 AM to 12:00 AM IST daily", and the same of orders.
  UDAPI100072: ['closed', 'closed'],
  UDAPI100074: ['closed', 'closed'],
  UDAPI100500: ['transient', 'transient'],
}

export function classify(reply: BrokerReply, at: CallSite): Verdict {
  const body = objectOf(reply.json)
  const said = saidIn(body)
  return verdictOf(kindOf(reply, at, body, said), reply, said)
}

interface Said {
  readonly code?: string | undefined
  readonly message?: string | undefined
}

function kindOf(
  reply: BrokerReply,
  at: CallSite,
  body: Readonly<Record<string, unknown>> | undefined,
  { code, message = '' }: Said,
): VerdictKind {
  const decided = reply.status === closedStatus ? undefined : kindOfStatus(reply.status)
  if (decided) return decided
  if (!body) return 'transient'
  if (isSuccessStatus(reply.status) && isSuccess(body, at)) return 'ok'
  const kinds = code !== undefined && Object.hasOwn(byCode, code) ? byCode[code] : undefined
  if (kinds) return kinds[isLogin(at) ? 0 : 1]
  if (reply.status === closedStatus) return 'closed'
  if (ipRefusal.test(message.slice(0, 1000))) return 'ip_not_allowed'
  // A 200 that is neither a success nor an error that anybody knows is no answer.
  return isSuccessStatus(reply.status) && code === undefined ? 'transient' : 'rejected'
}

/** `partial_success` answers a basket of orders of which some were refused: the call itself went through. */
function isSuccess(body: Readonly<Record<string, unknown>>, at: CallSite): boolean {
  const status = body.status
  if (status === 'error') return false
  if (status === 'success' || status === 'partial_success') return true
  return at === 'api' ? body.errors === undefined : isLogin(at) && 'access_token' in body
}

/** The first error whose code is known, else the first one. `errorCode` is the deprecated spelling. */
function saidIn(body: Readonly<Record<string, unknown>> | undefined): Said {
  const errors = Array.isArray(body?.errors) ? body.errors.slice(0, 20) : []
  const said = errors.flatMap((entry): Said[] => {
    const error = objectOf(entry)
    return error
      ? [
          {
            code: textOf(error.error_code) ?? textOf(error.errorCode),
            message: textOf(error.message),
          },
        ]
      : []
  })
  return said.find(({ code }) => code !== undefined && Object.hasOwn(byCode, code)) ?? said[0] ?? {}
}
