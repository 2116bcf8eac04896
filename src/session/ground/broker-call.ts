import type { Broker, BrokerReply, BrokerRequest, CallSite, Verdict } from '../../contracts/broker.ts'
import type { Egress, Net } from '../../contracts/net.ts'
import { NetError } from '../../contracts/net.ts'
import { BhorError, type ErrorCode } from '../../core/errors.ts'
import { tryParseJson } from '../../core/json.ts'
import { printable } from '../../core/redact.ts'

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
}

/**
 * Sends one broker request and says what the reply means. The only place where an adapter's request meets the
 * network.
 *
 * @throws NetError when no complete reply came, BhorError `broker_redirect` for any 3xx
 */
export async function callBroker(
  net: Net,
  broker: Broker,
  request: BrokerRequest,
  site: CallSite,
  { hosts, baseUrl, egress }: Way,
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
  const raw = await net.send({
    method: request.method,
    url: addressOf(request, hosts, baseUrl),
    headers,
    ...(body === undefined ? {} : { body }),
    timeoutMs,
    ...(egress ? { egress } : {}),
  })
  if (raw.status >= 300 && raw.status < 400) {
    throw new BhorError('broker_redirect', `${broker.name} answered with a redirect (HTTP ${raw.status}).`)
  }
  const reply: BrokerReply = { ...raw, json: tryParseJson(raw.text) }
  return { reply, verdict: broker.classify(reply, site) }
}

const codeOfVerdict = {
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

/** A failed call as an error that fits a caller who only wants to know whether the broker can be reached. */
export function errorOfNet(broker: Broker, error: unknown): BhorError {
  if (error instanceof BhorError) return error
  if (error instanceof NetError && error.reason === 'egress') {
    const text = 'This computer does not have the source address of this account; nothing was sent.'
    return new BhorError('egress_unavailable', text, { cause: error })
  }
  if (error instanceof NetError) {
    const code = error.reason === 'timeout' ? 'broker_timeout' : 'broker_unavailable'
    return new BhorError(code, `${broker.name} gave no complete answer (${error.reason}).`, {
      cause: error,
      facts: { reason: error.reason },
    })
  }
  return new BhorError('internal', 'The call to the broker failed inside bhor.', { cause: error })
}
