import type { Broker, RedirectLogin } from '../../contracts/broker.ts'
import { BhorError } from '../../core/errors.ts'
import { type BrokerFixtures, replyOf } from './suite.ts'

/** The smallest adapter that is right; each defect below is one change of it. */
export const login: RedirectLogin = {
  kind: 'redirect',
  state: 'echoed',
  callbackMethod: 'GET',
  grantTtlMs: 60_000,
  loginUrl: ({ app, state }) => ({
    host: 'api',
    path: '/login',
    query: [
      ['key', `${app.apiKey}`],
      ['state', state],
    ],
  }),
  readCallback: ({ params: { state, code } }) =>
    code && /^[\x21-\x7e]{1,512}$/.test(code)
      ? { kind: 'granted', ...(state ? { state } : {}), vars: { code }, secretVars: ['code'] }
      : { kind: 'incomplete', ...(state ? { state } : {}), missing: 'code' },
  steps: [
    {
      name: 'exchange',
      request: ({ vars }) => ({
        method: 'POST',
        host: 'api',
        path: '/token',
        body: { form: [['code', `${vars.code}`]] },
      }),
      read: ({ json }) => {
        const { token, user } = Object(json) as { token?: unknown; user?: unknown }
        if (typeof token !== 'string' || typeof user !== 'string' || !/^[A-Za-z0-9]{8,64}$/.test(token)) {
          throw new BhorError('bad_token_shape', 'Not a token.')
        }
        return { grant: { tokens: { access: token }, userId: user } }
      },
    },
  ],
}

export const right: Broker = {
  id: 'right',
  name: 'Right',
  verifiedOn: '2026-11-21',
  console: { url: 'https://broker.example.com', registerHint: 'Create an app.' },
  hosts: { api: 'https://api.example.com' },
  app: {
    apiKey: { label: 'API key', secret: false, pattern: /^[a-z]{4,20}$/, help: 'In the console.' },
    apiSecret: { label: 'API secret', secret: true, pattern: /^[a-z]{4,20}$/, help: 'In the console.' },
  },
  account: {},
  userId: { label: 'User id', secret: false, pattern: /^[A-Z0-9]{2,12}$/, help: 'In the profile.' },
  logins: [login],
  tokens: { access: { canOrder: true, pattern: /^[A-Za-z0-9]{8,64}$/ } },
  handsOut: 'token',
  expiry: { kind: 'daily_at', time: '03:30' },
  liveSessions: 'many',
  probe: {
    request: () => ({ method: 'GET', host: 'api', path: '/me' }),
    read: ({ json }) => {
      const { user } = Object(json) as { user?: unknown }
      if (typeof user !== 'string') throw new BhorError('bad_token_shape', 'Nobody.')
      return { userId: user }
    },
  },
  sign: (request, { tokens }) => ({
    ...request,
    headers: { ...request.headers, authorization: `Bearer ${tokens.access}` },
  }),
  classify: ({ status, json, headers }, at) => {
    if (status === 429)
      return /^\d+$/.test(headers['retry-after'] ?? '')
        ? { kind: 'rate_limited', retryAfterMs: Number(headers['retry-after']) * 1000 }
        : { kind: 'rate_limited' }
    if (status === 423) return { kind: 'locked' }
    if (!(status >= 200 && status < 300) && !(status >= 400 && status < 500)) return { kind: 'transient' }
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return { kind: 'transient' }
    if (status < 300) return { kind: 'ok' }
    const isLogin = at === 'exchange' || at === 'renewal' || at === 'prelude'
    return status === 401 ? { kind: isLogin ? 'bad_grant' : 'expired' } : { kind: 'rejected' }
  },
  orders: ['POST /orders/*'],
  limits: { probesPerMinute: 6, ordersPerSecond: 10, callsPerSecond: 10 },
}

const now = Temporal.Instant.from('2026-11-23T03:02:00Z')
const app = { apiKey: 'appkey', apiSecret: 'appsecret' }
const context = {
  app,
  account: {},
  redirectUrl: 'http://127.0.0.1:7878/callback/right',
  vars: { code: 'c0de' },
  now,
}
const token = 'demoToken12345678'
export const fixtures: BrokerFixtures = {
  redirect: {
    context: { ...context, state: 'st4te' },
    url: 'https://api.example.com/login?key=appkey&state=st4te',
    callbacks: [
      {
        name: 'success',
        query: 'code=c0de&state=s1',
        reading: { kind: 'granted', state: 's1', vars: { code: 'c0de' }, secretVars: ['code'] },
      },
      { name: 'no code', query: 'state=s1', reading: { kind: 'incomplete', state: 's1', missing: 'code' } },
    ],
  },
  steps: [
    {
      name: 'exchange',
      context,
      request: { method: 'POST', host: 'api', path: '/token', body: { form: [['code', 'c0de']] } },
      reply: replyOf(200, { token, user: 'DM0001' }),
      result: { grant: { tokens: { access: token }, userId: 'DM0001' } },
    },
  ],
  session: { app, account: {}, tokens: { access: token }, userId: 'DM0001', now },
  signed: { headers: { authorization: `Bearer ${token}` } },
  probe: {
    request: { method: 'GET', host: 'api', path: '/me' },
    reply: replyOf(200, { user: 'DM0001' }),
    profile: { userId: 'DM0001' },
  },
  verdicts: [{ name: 'a dead token', reply: replyOf(401, {}), at: ['probe'], kind: 'expired' }],
}
