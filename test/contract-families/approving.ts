import { objectOf, required, textOf, tokensOf, userIdOf, withHeaders } from '../../src/brokers/reading.ts'
import { isLogin, isSuccessStatus, kindOfStatus, verdictOf } from '../../src/brokers/verdicts.ts'
import { defineBroker } from '../../src/contracts/broker.ts'
import { BhorError } from '../../src/core/errors.ts'

const tokens = { access: { canOrder: true, pattern: /^[A-Za-z0-9._-]{8,8192}$/ } } as const

/**
 * A fictitious broker that asks its client on the phone; a poll finds the session. The token alone is of no use: two
 * headers make a request. Its apps have no key, and its servers are the account's.
 */
export const approving = defineBroker({
  id: 'approving',
  name: 'Approving Example',
  verifiedOn: '2026-11-25',
  console: { url: 'https://console.example.com', registerHint: 'Nothing to register.' },
  hosts: { api: 'https://{region}.example.com/v1' },
  app: {
    apiKey: {
      label: 'API key',
      secret: false,
      pattern: /^\w{4,64}$/,
      help: 'There is none.',
      optional: true,
    },
  },
  account: {
    clientId: { label: 'Client id', secret: false, pattern: /^[A-Z]{2}\d{4}$/, help: 'In the profile.' },
    region: { label: 'Region', secret: false, pattern: /^[a-z]{2,10}$/, help: 'In the welcome mail.' },
  },
  userId: { label: 'Client id', secret: false, pattern: /^[A-Z]{2}\d{4}$/, help: 'In the profile.' },
  userIdField: 'clientId',
  logins: [
    {
      kind: 'approval',
      approvalTtlMs: 3 * 60_000,
      request: {
        name: 'ask',
        request: ({ account }) => ({
          method: 'POST',
          host: 'api',
          path: '/approvals',
          body: { json: { client: required(account, 'clientId') } },
        }),
        read: ({ json }) => {
          const approval = textOf(objectOf(json)?.approval)
          if (!approval) throw new BhorError('bad_token_shape', 'Approving Example sent no approval id.')
          return { carry: { approval } }
        },
      },
      poll: {
        name: 'poll',
        request: ({ vars }) => ({
          method: 'GET',
          host: 'api',
          path: `/approvals/${encodeURIComponent(required(vars, 'approval'))}`,
        }),
        read: ({ json }) => {
          const data = objectOf(json) ?? {}
          if (data.state === 'waiting') return { carry: {} }
          return {
            grant: {
              tokens: tokensOf('Approving Example', tokens, { access: data.token }),
              userId: userIdOf('Approving Example', data.client),
            },
          }
        },
      },
    },
  ],
  tokens,
  handsOut: 'headers',
  expiry: { kind: 'daily_at', time: '00:00' },
  liveSessions: 'many',
  probe: {
    request: () => ({ method: 'GET', host: 'api', path: '/me' }),
    read: ({ json }) => ({ userId: userIdOf('Approving Example', objectOf(json)?.client) }),
  },
  logout: {
    request: ({ tokens, userId }) => ({
      method: 'DELETE',
      host: 'api',
      path: '/me/session',
      headers: { 'x-client': userId, 'x-session': required(tokens, 'access') },
    }),
  },
  sign: (request, session) =>
    withHeaders(request, { 'x-client': session.userId, 'x-session': required(session.tokens, 'access') }),
  classify(reply, at) {
    const body = objectOf(reply.json)
    const said = { code: textOf(body?.code), message: textOf(body?.message) }
    const decided = kindOfStatus(reply.status) ?? (body ? undefined : 'transient')
    if (decided) return verdictOf(decided, reply, said)
    if (isSuccessStatus(reply.status)) return verdictOf('ok', reply, said)
    if (said.code === 'SESSION_OVER') return verdictOf(isLogin(at) ? 'bad_grant' : 'expired', reply, said)
    return verdictOf('rejected', reply, said)
  },
  orders: ['POST /orders'],
  limits: { probesPerMinute: 6, ordersPerSecond: 10, callsPerSecond: 10 },
})
