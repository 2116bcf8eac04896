import { createHash } from 'node:crypto'
import type { CallbackInput, CallbackReading, Grant, RedirectLogin, Step } from '../../contracts/broker.ts'
import { BhorError } from '../../core/errors.ts'
import { instantFromIst } from '../../core/ist.ts'
import { grantedTokens, objectOf, profileOf, required, textOf } from '../reading.ts'
import { sentTokens, tokens } from './tokens.ts'
import { cancelledStatus, requestTokenTtlMs } from './unverified.ts'

/** Kite has no `state`; what `redirect_params` holds comes back on the redirect. */
const carrier = 'redirect_params'

const exchange: Step = {
  name: 'exchange',
  request: ({ app, vars }) => ({
    method: 'POST',
    host: 'api',
    path: '/session/token',
    headers: versionHeader,
    body: { form: signedForm(app, 'request_token', required(vars, 'request_token')) },
  }),
  read: ({ json }, { now }) => {
    const data = dataOf(json)
    const profile = profileOf('Kite', data)
    return { grant: { ...grantOf(data, now), userId: profile.userId, profile } }
  },
}

/** `https://kite.zerodha.com/connect/login`; the redirect URL is fixed in the developer console and is not sent. */
export const login = {
  kind: 'redirect',
  state: 'echoed',
  callbackMethod: 'GET',
  grantTtlMs: requestTokenTtlMs,
  loginUrl: ({ app, state }) => ({
    host: 'login',
    path: '/connect/login',
    query: [
      ['v', '3'],
      ['api_key', required(app, 'apiKey')],
      [carrier, new URLSearchParams({ state }).toString()],
    ],
  }),
  readCallback,
  steps: [exchange],
} as const satisfies RedirectLogin

/** The header that every call to Kite Connect v3 carries. */
export const versionHeader = { 'x-kite-version': '3' } as const

/** The form of an exchange or a renewal: `checksum` is the hex SHA-256 of key, one-time value and secret, joined. */
export function signedForm(
  app: Readonly<Record<string, string>>,
  name: 'request_token' | 'refresh_token',
  value: string,
): readonly (readonly [string, string])[] {
  const apiKey = required(app, 'apiKey')
  const checksum = createHash('sha256')
    .update(apiKey + value + required(app, 'apiSecret'))
    .digest('hex')
  return [
    ['api_key', apiKey],
    [name, value],
    ['checksum', checksum],
  ]
}

/** The `data` of a success. @throws BhorError `bad_token_shape` */
export function dataOf(json: unknown): Readonly<Record<string, unknown>> {
  const data = objectOf(objectOf(json)?.data)
  if (data) return data
  throw new BhorError('bad_token_shape', 'Kite called it a success and sent no data.')
}

/** The tokens of a session and when it began. @throws BhorError `bad_token_shape` */
export function grantOf(data: Readonly<Record<string, unknown>>, now: Temporal.Instant): Grant {
  const grantedAt = loginTime(data.login_time, now)
  return { ...grantedTokens('Kite', tokens, sentTokens(data)), ...(grantedAt ? { grantedAt } : {}) }
}

/** Older than this, a `login_time` cannot be that of a token which Kite has given just now. */
const oldestLoginHours = 24

/** Indian time without a zone. One in the future is left out, for it would let the session outlive its day. */
function loginTime(value: unknown, now: Temporal.Instant): Temporal.Instant | undefined {
  const text = textOf(value)
  if (!text || !/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d$/.test(text)) return undefined
  try {
    const at = instantFromIst(text)
    const isPlausible =
      Temporal.Instant.compare(at, now) <= 0 &&
      Temporal.Instant.compare(at.add({ hours: oldestLoginHours }), now) > 0
    return isPlausible ? at : undefined
  } catch {
    // 31 February and its kind: it counts from when it was asked for
    return undefined
  }
}

function readCallback({ params }: CallbackInput): CallbackReading {
  const { state: brought, status, action, request_token: token } = params
  const state = brought ? { state: brought } : {}
  if (!token) {
    if (params.sess_id) return { kind: 'wrong_page', hint: finishHint }
    if (params.v || params.api_key) return { kind: 'wrong_page', hint: loginHint }
    if (status === cancelledStatus) return { kind: 'refused', ...state }
    if (params.error)
      return { kind: 'refused', ...state, brokerMessage: params.error_description || params.error }
  }
  // On success `status` and `action` may be missing, never different (kite.trade/forum comment 48197).
  if (status !== undefined && status !== 'success')
    return { kind: 'incomplete', ...state, missing: 'status=success' }
  if (action !== undefined && action !== 'login')
    return { kind: 'incomplete', ...state, missing: 'action=login' }
  if (!token || !/^[\x21-\x7e]{1,512}$/.test(token))
    return { kind: 'incomplete', ...state, missing: 'request_token' }
  return { kind: 'granted', ...state, vars: { request_token: token }, secretVars: ['request_token'] }
}

const finishHint =
  'This is Kite’s own page on the way. Wait until the browser goes on, then copy the address that holds request_token.'
const loginHint =
  'This is Kite’s login page. Log in there first, then copy the address of the page where the browser ends.'
