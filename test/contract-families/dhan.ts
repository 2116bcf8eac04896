import { objectOf, required, textOf, tokensOf, userIdOf, withHeaders } from '../../src/brokers/reading.ts'
import { isLogin, isSuccessStatus, kindOfStatus, verdictOf } from '../../src/brokers/verdicts.ts'
import {
  type CallSite,
  defineBroker,
  type StepResult,
  type Values,
  type VerdictKind,
} from '../../src/contracts/broker.ts'
import { BhorError } from '../../src/core/errors.ts'
import { instantFromIst } from '../../src/core/ist.ts'

const tokens = { access: { canOrder: true, pattern: /^[A-Za-z0-9._-]{8,8192}$/ } } as const
const appHeaders = (app: Values): Values => ({
  app_id: required(app, 'apiKey'),
  app_secret: required(app, 'apiSecret'),
})

function readSession(json: unknown): StepResult {
  const data = objectOf(json) ?? {}
  const expiresAt = expiryOf(data.expiryTime)
  return {
    grant: {
      tokens: tokensOf('Dhan', tokens, { access: data.accessToken }),
      userId: userIdOf('Dhan', data.dhanClientId),
      ...(expiresAt ? { expiresAt } : {}),
    },
  }
}

/** ISO without a zone, which is Indian time. */
function expiryOf(value: unknown): Temporal.Instant | undefined {
  const text = textOf(value)
  try {
    return text && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?$/.test(text)
      ? instantFromIst(text)
      : undefined
  } catch {
    // no such day: the other parts of the rule bound the session
    return undefined
  }
}

function kindOf(code: string | undefined, at: CallSite): VerdictKind {
  if (code === 'DH-904') return 'rate_limited'
  if (code === 'DH-911') return 'ip_not_allowed'
  if (code === 'DH-902') return 'not_permitted'
  if (code === 'DH-901' || code === '807' || code === '808' || code === '809')
    return isLogin(at) ? 'bad_grant' : 'expired'
  return 'rejected'
}

/** Three ways to one JWT: a consent before the redirect and no state, PIN and TOTP, or a token that the user pastes. */
export const dhan = defineBroker({
  id: 'dhan',
  name: 'Dhan',
  verifiedOn: '2026-11-21',
  console: { url: 'https://web.dhan.co', registerHint: 'Create an API key under DhanHQ Trading APIs.' },
  hosts: { auth: 'https://auth.dhan.co', api: 'https://api.dhan.co' },
  app: {
    apiKey: { label: 'API key', secret: false, pattern: /^[\w-]{4,64}$/, help: 'The app id.' },
    apiSecret: { label: 'API secret', secret: true, pattern: /^[\w-]{4,128}$/, help: 'Beside the app id.' },
  },
  account: {
    clientId: { label: 'Client id', secret: false, pattern: /^\d{6,12}$/, help: 'In the profile.' },
    pin: {
      label: 'PIN',
      secret: true,
      pattern: /^\d{6}$/,
      help: 'For the login without a browser.',
      optional: true,
    },
    totpSeed: {
      label: 'TOTP seed',
      secret: true,
      pattern: /^[A-Z2-7]{16,64}$/,
      help: 'The text under the QR code.',
      optional: true,
    },
  },
  userId: { label: 'Client id', secret: false, pattern: /^\d{6,12}$/, help: 'In the profile.' },
  userIdField: 'clientId',
  logins: [
    {
      kind: 'redirect',
      prelude: [
        {
          name: 'consent',
          request: ({ app, account }) => ({
            method: 'POST',
            host: 'auth',
            path: '/app/generate-consent',
            query: [['client_id', required(account, 'clientId')]],
            headers: appHeaders(app),
          }),
          read: ({ json }) => {
            const consentAppId = textOf(objectOf(json)?.consentAppId)
            if (!consentAppId) throw new BhorError('bad_token_shape', 'Dhan sent no consent id.')
            return { carry: { consentAppId } }
          },
        },
      ],
      loginUrl: ({ vars }) => ({
        host: 'auth',
        path: '/login/consentApp-login',
        query: [['consentAppId', required(vars, 'consentAppId')]],
      }),
      state: 'none',
      callbackMethod: 'GET',
      grantTtlMs: 5 * 60_000,
      readCallback: ({ params: { tokenId } }) =>
        tokenId && /^[\x21-\x7e]{1,512}$/.test(tokenId)
          ? { kind: 'granted', vars: { tokenId }, secretVars: ['tokenId'] }
          : { kind: 'incomplete', missing: 'tokenId' },
      steps: [
        {
          name: 'consume',
          request: ({ app, vars }) => ({
            method: 'POST',
            host: 'auth',
            path: '/app/consumeApp-consent',
            query: [['tokenId', required(vars, 'tokenId')]],
            headers: appHeaders(app),
          }),
          read: ({ json }) => readSession(json),
        },
      ],
    },
    {
      kind: 'direct',
      steps: [
        {
          name: 'pin and totp',
          asks: [
            { name: 'pin', label: 'PIN', kind: 'pin', storedIn: 'pin' },
            { name: 'totp', label: 'Code of the authenticator', kind: 'totp', storedIn: 'totpSeed' },
          ],
          request: ({ account, vars }) => ({
            method: 'POST',
            host: 'auth',
            path: '/app/generateAccessToken',
            query: [
              ['dhanClientId', required(account, 'clientId')],
              ['pin', required(vars, 'pin')],
              ['totp', required(vars, 'totp')],
            ],
          }),
          read: ({ json }) => readSession(json),
        },
      ],
    },
    {
      kind: 'pasted',
      asks: [{ name: 'token', label: 'Access token from web.dhan.co', kind: 'password' }],
      read: ({ token }) => ({ tokens: tokensOf('Dhan', tokens, { access: token }) }),
    },
  ],
  tokens,
  handsOut: 'token',
  expiry: {
    kind: 'earliest',
    of: [
      { kind: 'after', ms: 24 * 60 * 60_000 },
      { kind: 'as_granted' },
      { kind: 'jwt_exp', token: 'access' },
    ],
  },
  liveSessions: 'one per app',
  probe: {
    request: () => ({ method: 'GET', host: 'api', path: '/v2/profile' }),
    read: ({ json }) => ({ userId: userIdOf('Dhan', objectOf(json)?.dhanClientId) }),
  },
  sign: (request, session) => withHeaders(request, { 'access-token': required(session.tokens, 'access') }),
  classify(reply, at) {
    const body = objectOf(reply.json)
    const said = { code: textOf(body?.errorCode), message: textOf(body?.errorMessage) }
    const decided = kindOfStatus(reply.status) ?? (body ? undefined : 'transient')
    if (decided) return verdictOf(decided, reply, said)
    const isOk = isSuccessStatus(reply.status) && said.code === undefined && body?.errorType === undefined
    return verdictOf(isOk ? 'ok' : kindOf(said.code, at), reply, said)
  },
  orders: ['POST /v2/orders', 'PUT /v2/orders/*', 'DELETE /v2/orders/*', 'POST /v2/orders/slicing'],
  limits: { probesPerMinute: 6, ordersPerSecond: 10, callsPerSecond: 20 },
})
