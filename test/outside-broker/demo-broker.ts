import {
  BhorError,
  defineBroker,
  isLogin,
  isSuccessStatus,
  kindOfStatus,
  objectOf,
  required,
  textOf,
  tokensOf,
  userIdOf,
  type VerdictKind,
  verdictOf,
  withHeaders,
} from 'bhor/broker'

const tokens = { access: { canOrder: true, pattern: /^[A-Za-z0-9._-]{8,512}$/ } } as const

/** The broker's own words, as [at a login, elsewhere]. What is not listed is a refused request, never a dead session. */
const byCode: Readonly<Record<string, readonly [VerdictKind, VerdictKind]>> = {
  session_over: ['bad_grant', 'expired'],
  bad_code: ['bad_grant', 'rejected'],
  unknown_app: ['app_invalid', 'app_invalid'],
  wrong_address: ['ip_not_allowed', 'ip_not_allowed'],
}

export const broker = defineBroker({
  id: 'demo-broker',
  name: 'Demo Broker',
  verifiedOn: '2026-11-25',
  console: {
    url: 'https://console.example.com',
    registerHint: 'Create an app with the Redirect URL that bhor shows.',
  },
  hosts: { login: 'https://login.example.com', api: 'https://api.example.com' },
  app: {
    apiKey: { label: 'API key', secret: false, pattern: /^[a-z0-9]{4,40}$/, help: 'On the page of the app.' },
    apiSecret: { label: 'API secret', secret: true, pattern: /^[a-z0-9]{4,40}$/, help: 'Below the API key.' },
  },
  account: {},
  userId: { label: 'User id', secret: false, pattern: /^[A-Z0-9]{2,12}$/, help: 'In the profile.' },
  logins: [
    {
      kind: 'redirect',
      state: 'echoed',
      callbackMethod: 'GET',
      grantTtlMs: 60_000,
      loginUrl: ({ app, redirectUrl, state }) => ({
        host: 'login',
        path: '/authorize',
        query: [
          ['key', required(app, 'apiKey')],
          ['redirect', redirectUrl],
          ['state', state],
        ],
      }),
      readCallback({ params }) {
        const state = params.state ? { state: params.state } : {}
        if (params.error) return { kind: 'refused', ...state, brokerMessage: params.error }
        const code = params.code ?? ''
        if (!/^[\x21-\x7e]{1,128}$/.test(code)) return { kind: 'incomplete', ...state, missing: 'code' }
        return { kind: 'granted', ...state, vars: { code }, secretVars: ['code'] }
      },
      steps: [
        {
          name: 'exchange',
          request: ({ app, vars }) => ({
            method: 'POST',
            host: 'api',
            path: '/token',
            body: {
              form: [
                ['key', required(app, 'apiKey')],
                ['secret', required(app, 'apiSecret')],
                ['code', required(vars, 'code')],
              ],
            },
          }),
          read({ json }) {
            const data = objectOf(json)
            if (!data) throw new BhorError('bad_token_shape', 'Demo Broker sent no session.')
            return {
              grant: {
                tokens: tokensOf('Demo Broker', tokens, { access: data.token }),
                userId: userIdOf('Demo Broker', data.user),
              },
            }
          },
        },
      ],
    },
  ],
  tokens,
  handsOut: 'token',
  expiry: { kind: 'daily_at', time: '06:00' },
  liveSessions: 'one per app',
  // 'session' where it grants or serves a session only from the registered address; 'orders' when left out.
  addressCheck: 'orders',
  probe: {
    request: () => ({ method: 'GET', host: 'api', path: '/me' }),
    read: ({ json }) => ({ userId: userIdOf('Demo Broker', objectOf(json)?.user) }),
  },
  sign: (request, session) =>
    withHeaders(request, { authorization: `Bearer ${required(session.tokens, 'access')}` }),
  classify(reply, at) {
    const body = objectOf(reply.json)
    const said = { code: textOf(body?.error), message: textOf(body?.message) }
    const decided = kindOfStatus(reply.status) ?? (body ? undefined : 'transient')
    if (decided) return verdictOf(decided, reply, said)
    if (isSuccessStatus(reply.status) && said.code === undefined) return verdictOf('ok', reply, said)
    const kinds = said.code !== undefined && Object.hasOwn(byCode, said.code) ? byCode[said.code] : undefined
    return verdictOf(kinds?.[isLogin(at) ? 0 : 1] ?? 'rejected', reply, said)
  },
  orders: ['POST /orders', 'PUT /orders/*', 'DELETE /orders/*'],
  limits: { probesPerMinute: 6, ordersPerSecond: 10, callsPerSecond: 10 },
})
