import type { Broker, BrokerReply, BrokerRequest, CallSite, Verdict } from '../../contracts/broker.ts'
import type { Egress, NetReason } from '../../contracts/net.ts'
import { NetError } from '../../contracts/net.ts'
import { BhorError, type ErrorCode } from '../../core/errors.ts'
import { msOfHttpDate } from '../../core/instant.ts'
import { tryParseJson } from '../../core/json.ts'
import { printable } from '../../core/redact.ts'
import type { SessionContext } from './context.ts'

const timeoutMs = 20_000
const userAgent = 'bhor'

export interface Answered {
  readonly reply: BrokerReply
  readonly verdict: Verdict
}

/** The absolute address of a request; role `session` is the session's own base URL. */
export function addressOf(
  request: Pick<BrokerRequest, 'host' | 'path' | 'query'>,
  hosts: Readonly<Record<string, string>>,
  sessionBaseUrl?: string,
): string {
  const origin = request.host === 'session' ? sessionBaseUrl : hosts[request.host]
  if (!origin) throw new BhorError('config_invalid', `No host is known for the role "${request.host}".`)
  const query = request.query?.length ? `?${new URLSearchParams(request.query.map(([k, v]) => [k, v]))}` : ''
  return origin.replace(/\/$/, '') + request.path + query
}

/** Where a request goes, and how it leaves. */
export interface Way {
  readonly hosts: Readonly<Record<string, string>>
  /** The session's own; empty for none. */
  readonly baseUrl: string
  readonly egress?: Egress
  /** Whether it leads to the simulator, whose clock is this computer's. */
  readonly isSandbox: boolean
  /** Less time than a call usually has. */
  readonly withinMs?: number
}

/**
 * Sends one broker request and says what the reply means. The only place where an adapter's request meets the
 * network, and where the broker's clock is read off its answer.
 *
 * @throws NetError when no complete reply came, BhorError `broker_redirect` for any 3xx
 */
export async function callBroker(
  { net, clock }: Pick<SessionContext, 'net' | 'clock'>,
  broker: Broker,
  request: BrokerRequest,
  site: CallSite,
  { hosts, baseUrl, egress, isSandbox, withinMs = timeoutMs }: Way,
): Promise<Answered> {
  const headers: Record<string, string> = {
    'user-agent': userAgent,
    accept: 'application/json',
    ...request.headers,
  }
  let body: string | undefined
  if (request.body && 'form' in request.body) {
    body = new URLSearchParams(request.body.form.map(([k, v]) => [k, v])).toString()
    headers['content-type'] = 'application/x-www-form-urlencoded'
  } else if (request.body && 'json' in request.body) {
    body = JSON.stringify(request.body.json)
    headers['content-type'] = 'application/json'
  } else if (request.body) {
    body = request.body.text
    headers['content-type'] = request.body.contentType
  }
  const askedAtMs = clock.monotonicMs()
  const raw = await net.send({
    method: request.method,
    url: addressOf(request, hosts, baseUrl),
    headers,
    ...(body === undefined ? {} : { body }),
    timeoutMs: Math.min(timeoutMs, withinMs),
    ...(egress ? { egress } : {}),
  })
  const theirsMs = msOfHttpDate(raw.headers.date)
  if (theirsMs !== undefined) clock.heard(isSandbox ? 'sandbox' : 'broker', broker.name, theirsMs, askedAtMs)
  if (raw.status >= 300 && raw.status < 400) {
    throw new BhorError('broker_redirect', `${broker.name} answered with a redirect (HTTP ${raw.status}).`)
  }
  const reply: BrokerReply = { ...raw, json: tryParseJson(raw.text) }
  return { reply, verdict: broker.classify(reply, site) }
}

/** The code of each thing that a broker can say. */
export const codeOfVerdict = {
  ok: 'internal',
  expired: 'session_revoked',
  bad_grant: 'bad_grant',
  app_invalid: 'app_invalid',
  user_not_enabled: 'user_not_enabled',
  needs_human: 'needs_login',
  ip_not_allowed: 'ip_not_allowed',
  not_permitted: 'not_permitted',
  rate_limited: 'broker_rate_limited',
  locked: 'account_locked',
  rejected: 'broker_rejected',
  closed: 'broker_closed',
  transient: 'broker_unavailable',
} as const satisfies Record<Verdict['kind'], ErrorCode>

/** A verdict other than `ok` as an error: our sentence, with the broker's own words made safe to show. */
export function errorOfVerdict(broker: Broker, verdict: Verdict, status: number): BhorError {
  const said = verdict.brokerMessage ? ` It says: “${printable(verdict.brokerMessage)}”` : ''
  const facts: Record<string, string | number> = { status }
  if (verdict.brokerCode) facts.brokerCode = printable(verdict.brokerCode, 60)
  return new BhorError(codeOfVerdict[verdict.kind], `${broker.name} answered with HTTP ${status}.${said}`, {
    facts,
    ...(verdict.retryAfterMs === undefined ? {} : { retryAfterMs: verdict.retryAfterMs }),
  })
}

const codesOfEgress = {
  egress: 'egress_unavailable',
  proxy: 'egress_unavailable',
  proxy_login: 'egress_proxy_login',
  proxy_refused: 'egress_proxy_refused',
  proxy_invalid: 'egress_proxy_invalid',
} as const satisfies Partial<Record<NetReason, ErrorCode>>

/** What a failure of the way out is called; undefined where the way is not to blame. */
export function codeOfEgress({
  reason,
}: NetError): (typeof codesOfEgress)[keyof typeof codesOfEgress] | undefined {
  return Object.hasOwn(codesOfEgress, reason)
    ? codesOfEgress[reason as keyof typeof codesOfEgress]
    : undefined
}

function egressError(error: NetError, code: ErrorCode): BhorError {
  const { reason } = error
  const missing = 'This computer does not have the source address of this account; nothing was sent.'
  const silent = 'The proxy of this account does not answer; nothing was sent another way.'
  const text = reason === 'egress' ? missing : reason === 'proxy' ? silent : undefined
  return new BhorError(code, text, { cause: error })
}

/** A failed call as an error that fits a caller who only wants to know whether the broker can be reached. */
export function errorOfNet(broker: Broker, error: unknown): BhorError {
  if (error instanceof BhorError) return error
  if (error instanceof NetError) {
    const ofEgress = codeOfEgress(error)
    if (ofEgress) return egressError(error, ofEgress)
    const code = error.reason === 'timeout' ? 'broker_timeout' : 'broker_unavailable'
    return new BhorError(code, `${broker.name} gave no complete answer (${error.reason}).`, {
      cause: error,
      facts: { reason: error.reason },
    })
  }
  return new BhorError('internal', 'The call to the broker failed inside bhor.', { cause: error })
}
