import { createHash } from 'node:crypto'
import { objectOf, required, textOf, tokensOf, userIdOf, withHeaders } from '../../src/brokers/reading.ts'
import { isLogin, isSuccessStatus, kindOfStatus, verdictOf } from '../../src/brokers/verdicts.ts'
import { type BrokerRequest, defineBroker, type SignContext } from '../../src/contracts/broker.ts'

const tokens = { access: { canOrder: true, pattern: /^[A-Za-z0-9._-]{8,8192}$/ } } as const

/** Time, path, body and secret in one sum: no header of today fits the request of tomorrow. */
function sign(request: BrokerRequest, { app, tokens, now }: SignContext): BrokerRequest {
  const timestamp = now.toString({ smallestUnit: 'second' })
  const signed = [timestamp, request.method, request.path, JSON.stringify(request.body ?? null)].join('\n')
  return withHeaders(request, {
    'x-session': required(tokens, 'access'),
    'x-timestamp': timestamp,
    'x-signature': createHash('sha256')
      .update(signed + required(app, 'apiSecret'))
      .digest('hex'),
  })
}

/**
 * A fictitious broker with what no family above has: the account names the server, below a path; the token comes in
 * a header of the reply; every request is signed, so that only the proxy can use a session; a public sandbox.
 */
export const signed = defineBroker({
  id: 'signed',
  name: 'Signed Example',
  verifiedOn: '2026-11-25',
  console: { url: 'https://console.example.com', registerHint: 'Create an app and copy its key and secret.' },
  hosts: { api: 'https://{server}.example.com/api/{version}' },
  sandboxHosts: { api: 'https://sandbox.example.com/api/v1' },
  app: {
    apiKey: { label: 'API key', secret: false, pattern: /^\w{4,64}$/, help: 'On the console.' },
    apiSecret: { label: 'API secret', secret: true, pattern: /^\w{4,64}$/, help: 'Beside the API key.' },
  },
  account: {
    server: { label: 'Server', secret: false, pattern: /^[a-z0-9-]{2,20}$/, help: 'In the welcome mail.' },
    version: { label: 'Version', secret: false, pattern: /^v[12]$/, help: 'v1, or v2 for new accounts.' },
    pin: { label: 'PIN', secret: true, pattern: /^\d{4}$/, help: 'Chosen by you.', optional: true },
  },
  userId: { label: 'User id', secret: false, pattern: /^[A-Z0-9]{2,12}$/, help: 'In the profile.' },
  logins: [
    {
      kind: 'direct',
      steps: [
        {
          name: 'login',
          asks: [{ name: 'pin', label: 'PIN', kind: 'pin', storedIn: 'pin' }],
          request: ({ app, vars }) => ({
            method: 'POST',
            host: 'api',
            path: '/login',
            body: { json: { key: required(app, 'apiKey'), pin: required(vars, 'pin') } },
          }),
          read: ({ headers, json }) => ({
            grant: {
              tokens: tokensOf('Signed Example', tokens, { access: headers['x-session'] }),
              userId: userIdOf('Signed Example', objectOf(json)?.user),
            },
          }),
        },
      ],
    },
  ],
  tokens,
  handsOut: 'proxy only',
  expiry: { kind: 'daily_at', time: '00:00' },
  liveSessions: 'many',
  probe: {
    request: () => ({ method: 'GET', host: 'api', path: '/me' }),
    read: ({ json }) => ({ userId: userIdOf('Signed Example', objectOf(json)?.user) }),
  },
  sign,
  classify(reply, at) {
    const body = objectOf(reply.json)
    const said = { code: textOf(body?.code), message: textOf(body?.message) }
    const decided = kindOfStatus(reply.status) ?? (body ? undefined : 'transient')
    if (decided) return verdictOf(decided, reply, said)
    if (isSuccessStatus(reply.status)) return verdictOf('ok', reply, said)
    if (said.code !== 'SESSION_OVER') return verdictOf('rejected', reply, said)
    return verdictOf(isLogin(at) ? 'bad_grant' : 'expired', reply, said)
  },
  orders: ['POST /orders', 'DELETE /orders/*'],
  limits: { probesPerMinute: 6, ordersPerSecond: 10, callsPerSecond: 10 },
})
