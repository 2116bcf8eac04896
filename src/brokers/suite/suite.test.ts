import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Broker, RedirectLogin } from '../../contracts/broker.ts'
import { BhorError } from '../../core/errors.ts'
import { fixtures, login, right } from './right.suite.ts'
import { brokerChecks } from './suite.ts'

const server = { server: { label: 'Server', secret: false, pattern: /^[a-z]+$/, help: 'In the mail.' } }

function failing(broker: Broker): readonly string[] {
  return brokerChecks(broker, fixtures).flatMap((check) => {
    try {
      check.run()
      return []
    } catch {
      return [check.name]
    }
  })
}

const step = login.steps[0]!
const withLogin = (change: Partial<RedirectLogin>): Broker => ({
  ...right,
  logins: [{ ...login, ...change }],
})
const withStep = (change: Partial<typeof step>): Broker => withLogin({ steps: [{ ...step, ...change }] })

/** What is wrong, the adapter that is so, and the check that must notice (others may, too). */
const defects: readonly (readonly [string, Broker, RegExp])[] = [
  ['an id with capitals', { ...right, id: 'Right' }, /is named so/],
  ['a host without TLS', { ...right, hosts: { api: 'http://api.example.com' } }, /https hosts/],
  ['a host with a query', { ...right, hosts: { api: 'https://api.example.com/?v=2' } }, /https hosts/],
  ['a host that ends in a slash', { ...right, hosts: { api: 'https://api.example.com/v2/' } }, /https hosts/],
  ['a host of anybody', { ...right, hosts: { api: 'https://{server}' }, account: server }, /https hosts/],
  [
    'a host whose house an account chooses',
    { ...right, hosts: { api: 'https://api.{server}.com' }, account: server },
    /https hosts/,
  ],
  [
    'a host filled from no field',
    { ...right, hosts: { api: 'https://{server}.example.com' } },
    /https hosts/,
  ],
  [
    'a host filled from a secret',
    {
      ...right,
      hosts: { api: 'https://{server}.example.com' },
      account: { server: { ...server.server, secret: true } },
    },
    /https hosts/,
  ],
  [
    'a sandbox with other roles',
    { ...right, sandboxHosts: { login: 'https://sandbox.example.com' } },
    /https hosts/,
  ],
  [
    'a sandbox that is the broker itself',
    { ...right, sandboxHosts: { ...right.hosts } },
    /not the broker itself/,
  ],
  [
    'an app for a sandbox that there is not',
    { ...right, sandboxApp: { apiKey: 'sandboxkey1' } },
    /not the broker itself/,
  ],
  [
    'an app for the sandbox with a field that no app has',
    { ...right, sandboxHosts: { api: 'https://sandbox.example.net' }, sandboxApp: { apiKye: 'sandboxkey1' } },
    /not the broker itself/,
  ],
  [
    'an open question with a query',
    { ...right, openQuestions: [{ id: 'one', asks: 'What?', host: 'api', path: '/a?b=c' }] },
    /open questions/,
  ],
  [
    'an open question with a token that there is not',
    { ...right, openQuestions: [{ id: 'one', asks: 'What?', host: 'api', path: '/a', token: 'golden' }] },
    /open questions/,
  ],
  [
    'a link without TLS',
    { ...right, links: [{ kind: 'docs', label: 'Docs', url: 'http://d.example.com' }] },
    /links/,
  ],
  ['a hand-out of its own invention', { ...right, handsOut: 'cookie' as 'token' }, /shape/],
  ['a part that the contract does not know', { ...right, logouts: true } as Broker, /shape/],
  [
    'a login of its own invention',
    { ...right, logins: [{ kind: 'browser' } as unknown as RedirectLogin] },
    /shape/,
  ],
  [
    'headers that fit one request only',
    { ...right, sign: (r, s) => ({ ...r, headers: { ...right.sign(r, s).headers, 'x-path': r.path } }) },
    /fit every request/,
  ],
  [
    'a token in the query of a hand-out that is headers',
    { ...right, sign: (r, s) => ({ ...right.sign(r, s), query: [...(r.query ?? []), ['t', '1']] as const }) },
    /fit every request/,
  ],
  [
    'an answer stored in no field',
    withStep({ asks: [{ name: 'pin', label: 'PIN', kind: 'pin', storedIn: 'pin' }] }),
    /sealed field/,
  ],
  [
    'a variable of another prefix',
    { ...right, environment: { prefixes: ['RIGHT_'], names: { apiKey: ['API_KEY'] } } },
    /variables and files/,
  ],
  [
    'a file recognised by a key that may be missing',
    { ...right, recognises: [{ name: 'F', keys: ['a'], values: { b: ['right'] }, fields: { apiKey: 'a' } }] },
    /variables and files/,
  ],
  [
    'a refusal that kills sessions',
    { ...right, errorReply: (_, message) => ({ status: 401, json: { message } }) },
    /refusals in its own words/,
  ],
  [
    'a refusal that is a success',
    { ...right, errorReply: (_, message) => ({ status: 200, json: { message } }) },
    /refusals in its own words/,
  ],
  ['an open pattern', { ...right, userId: { ...right.userId, pattern: /[A-Z]+/ } }, /anchors/],
  ['an open alternative', { ...right, userId: { ...right.userId, pattern: /^A|B$/ } }, /anchors/],
  ['a pattern that remembers', { ...right, userId: { ...right.userId, pattern: /^[A-Z]+$/g } }, /anchors/],
  [
    'a token pattern that takes spaces',
    { ...right, tokens: { access: { canOrder: true, pattern: /^.+$/ } } },
    /break out/,
  ],
  [
    'a secret on show',
    { ...right, app: { ...right.app, apiSecret: { ...right.app.apiSecret!, secret: false } } },
    /treats as secret/,
  ],
  ['no way in', { ...right, logins: [] }, /can log in/],
  ['a date that is none', { ...right, verifiedOn: '2026-13-01' }, /facts were compared/],
  ['a secret app id', { ...right, app: { apiSecret: right.app.apiSecret! } }, /API key that is public/],
  [
    'an access token that cannot order',
    { ...right, tokens: { access: { ...right.tokens.access!, canOrder: false } } },
    /can order/,
  ],
  [
    'a rule about a token that is none',
    { ...right, expiry: { kind: 'jwt_exp', token: 'other' } },
    /by a rule/,
  ],
  ['an impossible hour', { ...right, expiry: { kind: 'daily_at', time: '25:00' } }, /by a rule/],
  ['a route with a query', { ...right, orders: ['POST /orders?x=1'] }, /order routes/],
  ['a route twice', { ...right, orders: ['POST /orders', 'POST /orders'] }, /order routes/],
  ['no limit', { ...right, limits: { ...right.limits, probesPerMinute: 0 } }, /limits/],
  [
    'a login page without state',
    withLogin({ loginUrl: () => ({ host: 'api', path: '/login', query: [['key', 'appkey']] }) }),
    /login page/,
  ],
  [
    'a secret in the login page’s address',
    withLogin({
      loginUrl: () => ({
        host: 'api',
        path: '/login',
        query: [
          ['key', 'appkey'],
          ['state', 'st4te'],
          ['s', 'appsecret'],
        ],
      }),
    }),
    /login page/,
  ],
  [
    'a code that nobody calls secret',
    withLogin({ readCallback: (c) => ({ ...login.readCallback(c), secretVars: [] }) }),
    /reads any callback/,
  ],
  [
    'another field in the exchange',
    withStep({
      request: () => ({ method: 'POST', host: 'api', path: '/token', body: { form: [['token', 'c0de']] } }),
    }),
    /sends the documented request/,
  ],
  [
    'a header in capitals',
    withStep({ request: (c) => ({ ...step.request(c), headers: { 'X-Version': '3' } }) }),
    /sends the documented request/,
  ],
  [
    'a step that writes into its arguments',
    withStep({ request: (c) => step.request({ ...c, vars: Object.assign(c.vars, { seen: 'yes' }) }) }),
    /sends the documented request/,
  ],
  [
    'a grant without the user',
    withStep({
      read: (r, c) => ({
        grant: {
          tokens: (step.read(r, c) as { grant: { tokens: object } }).grant.tokens as { access: string },
        },
      }),
    }),
    /reads the documented reply/,
  ],
  [
    'any text taken for a token',
    withStep({
      read: ({ json }) => ({ grant: { tokens: { access: String(Object(json).token) }, userId: 'DM0001' } }),
    }),
    /impossible shape/,
  ],
  [
    'a token quoted in an error',
    withStep({
      read: (r, c) => {
        try {
          return step.read(r, c)
        } catch {
          throw new BhorError('bad_token_shape', `Not a token: ${r.text}`)
        }
      },
    }),
    /impossible shape/,
  ],
  [
    'a reader that trips over null',
    {
      ...right,
      probe: { ...right.probe, read: ({ json }) => ({ userId: (json as { user: string }).user }) },
    },
    /reads any JSON/,
  ],
  [
    'another probe',
    {
      ...right,
      probe: { ...right.probe, request: () => ({ method: 'GET', host: 'api', path: '/instruments' }) },
    },
    /probe, renewal and logout/,
  ],
  [
    'a logout that is nowhere documented',
    { ...right, logout: { request: () => ({ method: 'DELETE', host: 'api', path: '/token' }) } },
    /probe, renewal and logout/,
  ],
  [
    'a wrong scheme of signing',
    { ...right, sign: (r) => ({ ...r, headers: { ...r.headers, authorization: 'Basic x' } }) },
    /signs as documented/,
  ],
  [
    'a signature that drops the caller’s headers',
    { ...right, sign: (r, s) => ({ ...r, headers: { authorization: `Bearer ${s.tokens.access}` } }) },
    /loses nothing/,
  ],
  [
    'a signature that drops the body',
    { ...right, sign: ({ body, ...r }, s) => right.sign(body ? r : { ...r }, s) },
    /loses nothing/,
  ],
  [
    'a verdict that throws',
    {
      ...right,
      classify: (r, at) => ((r.json as { a: unknown }).a === 1 ? { kind: 'ok' } : right.classify(r, at)),
    },
    /verdict on any reply/,
  ],
  [
    'a dead session at the login',
    {
      ...right,
      classify: (r, at) => (r.status === 401 && r.json ? { kind: 'expired' } : right.classify(r, at)),
    },
    /verdict on any reply/,
  ],
  [
    'a gateway’s page taken for a success',
    { ...right, classify: (r, at) => (r.status === 200 ? { kind: 'ok' } : right.classify(r, at)) },
    /gateway pages/,
  ],
  [
    'a lock taken for a refusal',
    { ...right, classify: (r, at) => (r.status === 423 ? { kind: 'rejected' } : right.classify(r, at)) },
    /gateway pages/,
  ],
  [
    'a redirect taken for a refusal',
    { ...right, classify: (r, at) => (r.status === 302 ? { kind: 'rejected' } : right.classify(r, at)) },
    /gateway pages/,
  ],
  [
    'a dead token taken for a refusal',
    { ...right, classify: (r, at) => (r.status === 401 ? { kind: 'rejected' } : right.classify(r, at)) },
    /tells apart: a dead token/,
  ],
]

test('the suite passes an adapter that is right', () => {
  assert.deepEqual(failing(right), [])
})

for (const [name, broker, noticedBy] of defects) {
  test(`the suite notices ${name}`, () => {
    const noticed = failing(broker)
    assert.ok(
      noticed.some((check) => noticedBy.test(check)),
      `noticed by: ${noticed.join('; ') || 'nothing'}`,
    )
  })
}
