import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, type AskOptions, type Doors, openDoors } from '../../test/support/doors.ts'
import { type Scope, scopes } from '../contracts/api.ts'
import { allRoutes } from './routes/all.ts'

/**
 * Who may do what, written down independently of the route table. `list`: an account-limited key sees its own;
 * `account`: it gets its own account and nothing of the others; `house`: it gets nothing.
 */
const rights: Readonly<
  Record<string, readonly [Scope | 'anyone' | 'person' | 'operator', 'list' | 'account' | 'house']>
> = {
  'GET /v1/brokers': ['status', 'list'],
  'GET /v1/accounts': ['status', 'list'],
  'POST /v1/accounts': ['admin', 'house'],
  'GET /v1/accounts/{account}': ['status', 'account'],
  'PATCH /v1/accounts/{account}': ['admin', 'account'],
  'DELETE /v1/accounts/{account}': ['admin', 'account'],
  'POST /v1/accounts/{account}/login': ['login', 'account'],
  'POST /v1/accounts/{account}/login/complete': ['login', 'account'],
  'GET /v1/accounts/{account}/login/{login}': ['login', 'account'],
  'POST /v1/accounts/{account}/login/{login}/answers': ['login', 'account'],
  'DELETE /v1/accounts/{account}/login/{login}': ['login', 'account'],
  'GET /v1/accounts/{account}/session': ['read-token', 'account'],
  'DELETE /v1/accounts/{account}/session': ['login', 'account'],
  'POST /v1/accounts/{account}/test': ['login', 'account'],
  'POST /v1/accounts/{account}/renew': ['login', 'account'],
  'GET /v1/keys': ['admin', 'house'],
  'POST /v1/keys': ['admin', 'house'],
  'DELETE /v1/keys/{key}': ['admin', 'house'],
  'GET /v1/audit': ['admin', 'house'],
  'GET /v1/audit/verify': ['admin', 'house'],
  'GET /v1/doctor': ['admin', 'house'],
  'GET /v1/config': ['admin', 'house'],
  'GET /metrics': ['status', 'list'],
  'GET /v1/changes': ['status', 'list'],
  'POST /v1/desk/link': ['operator', 'house'],
  'POST /v1/desk/sign-in': ['anyone', 'house'],
  'GET /v1/desk/me': ['person', 'house'],
  'POST /v1/desk/sign-out': ['person', 'house'],
}
const bodies: Readonly<Record<string, object>> = {
  'POST /v1/accounts': { account: 'extra', broker: 'kite', kind: 'sandbox' },
  'PATCH /v1/accounts/{account}': { label: 'x' },
  'POST /v1/accounts/{account}/login/complete': { address: 'http://127.0.0.1/callback/kite?x=y' },
  'POST /v1/accounts/{account}/login/{login}/answers': { answers: { pin: '0000' } },
  'POST /v1/keys': { name: 'x', scopes: ['status'] },
  'POST /v1/desk/sign-in': { token: 'no-link-of-ours' },
}
const aboutRights = [
  'key_missing',
  'key_malformed',
  'key_invalid',
  'scope_missing',
  'sign_in_needed',
  'cross_site_blocked',
  'account_not_found',
  'rate_limited',
  'method_not_allowed',
  'not_found',
  'internal',
]

test('every route has a row in the table of rights, and no row is left over', () => {
  const known = allRoutes.map(({ method, path }) => `${method} ${path}`)
  assert.deepEqual([...known].sort(), Object.keys(rights).sort())
})

test('every route with every credential answers as the table says', async () => {
  await using doors = await openDoors()
  const { world } = doors
  await world.addAccount({ account: 'papa', broker: 'upstox' })
  const keys = await keysOf(doors)
  let cells = 0
  for (const [name, [right, reach]] of Object.entries(rights)) {
    // Wrong keys are counted by the minute.
    await world.advance(61_000)
    for (const [credential, [options, expected]] of Object.entries(
      await columns(doors, keys, right, reach),
    )) {
      await restore(doors)
      const got = await call(doors, name, options)
      const verdict = aboutRights.includes(got.code) ? got.code : 'through'
      assert.equal(verdict, expected, `${name} with ${credential}: ${got.status} ${got.text}`)
      assert.equal(
        Object.keys(got.headers).some((header) => header.startsWith('access-control')),
        false,
      )
      cells++
    }
  }
  assert.ok(cells >= 28 * 26, `${cells} cells`)
})

async function keysOf(doors: Doors) {
  const { app, advance } = doors.world
  const add = async (input: { scopes: Scope[]; accounts?: string[]; expiresInDays?: number }) => {
    const { view, key } = await app.desk.keys.add(app.operator, { name: 'test', ...input })
    return { id: view.id, key: key.reveal() }
  }
  const revoked = await add({ scopes: ['admin'] })
  await app.desk.keys.revoke(app.operator, revoked.id)
  const expired = await add({ scopes: ['admin'], expiresInDays: 1 })
  await advance(24 * 60 * 60_000)
  const whole: Partial<Record<Scope, string>> = {}
  const limited: Partial<Record<Scope, string>> = {}
  for (const scope of scopes) {
    whole[scope] = (await add({ scopes: [scope] })).key
    limited[scope] = (await add({ scopes: [scope], accounts: ['papa'] })).key
  }
  return { revoked: revoked.key, expired: expired.key, whole, limited }
}

type Right = (typeof rights)[string][0]
type Reach = (typeof rights)[string][1]

/** The options of a request and what is expected of it, by the name of the credential. */
async function columns(
  doors: Doors,
  keys: Awaited<ReturnType<typeof keysOf>>,
  right: Right,
  reach: Reach,
): Promise<Record<string, readonly [AskOptions, string]>> {
  const isAnyone = right === 'anyone'
  const page = await doors.signIn()
  const { cookie, 'x-bhor-session': half, 'sec-fetch-site': site } = page as Record<string, string>
  const other = await doors.signIn()
  const withKey = (scope: Scope, isLimited: boolean): string => {
    if (!scopes.includes(right as Scope)) return 'scope_missing'
    if (scope !== right && scope !== 'admin') return 'scope_missing'
    if (!isLimited || reach === 'list') return 'through'
    return reach === 'house' ? 'scope_missing' : 'account_not_found'
  }
  const found: Record<string, readonly [AskOptions, string]> = {
    none: [{}, isAnyone ? 'cross_site_blocked' : 'key_missing'],
    'not a bearer': [{ headers: { authorization: 'Basic YTpi' } }, 'key_malformed'],
    'empty bearer': [{ headers: { authorization: 'Bearer ' } }, 'key_malformed'],
    malformed: [{ key: 'bhor_short' }, 'key_malformed'],
    unknown: [{ key: `bhor_${'A'.repeat(43)}` }, 'key_invalid'],
    revoked: [{ key: keys.revoked }, 'key_invalid'],
    expired: [{ key: keys.expired }, 'key_invalid'],
    'key in a cookie': [{ headers: { cookie: `bhor_desk=${keys.whole.admin}` } }, 'cross_site_blocked'],
    'own page, not signed in': [
      { headers: { 'sec-fetch-site': 'same-origin' } },
      isAnyone ? 'through' : 'sign_in_needed',
    ],
    'no cookie': [
      { headers: { 'x-bhor-session': half!, 'sec-fetch-site': site! } },
      isAnyone ? 'through' : 'sign_in_needed',
    ],
    'no page half': [
      { headers: { cookie: cookie!, 'sec-fetch-site': site! } },
      isAnyone ? 'through' : 'sign_in_needed',
    ],
    'no Sec-Fetch-Site': [{ headers: { cookie: cookie!, 'x-bhor-session': half! } }, 'cross_site_blocked'],
    'halves of two sessions': [
      { headers: { ...page, cookie: other.cookie! } },
      isAnyone ? 'through' : 'sign_in_needed',
    ],
    session: [{ headers: page }, right === 'operator' ? 'scope_missing' : 'through'],
    'Unix socket': [{ overSocket: true }, 'through'],
  }
  for (const scope of scopes) {
    found[scope] = [{ key: keys.whole[scope]! }, withKey(scope, false)]
    found[`${scope} of another account`] = [{ key: keys.limited[scope]! }, withKey(scope, true)]
  }
  return found
}

/** Some cells succeed, and remove or add what the next ones need. */
async function restore({ world }: Doors): Promise<void> {
  const there = (await world.app.desk.accounts.list(world.app.operator)).map(({ account }) => account)
  if (!there.includes('demo')) await world.addAccount()
  if (there.includes('extra')) await world.app.desk.accounts.remove(world.app.operator, 'extra')
}

function call(doors: Doors, name: string, options: AskOptions): Promise<Answer> {
  const [method = '', template = ''] = name.split(' ')
  const path = template
    .replace('{account}', 'demo')
    .replace('{login}', 'login_none')
    .replace('{key}', 'key_none')
  const body = method === 'GET' || method === 'DELETE' ? {} : { body: bodies[name] ?? {} }
  const headers =
    'body' in body ? { 'content-type': 'application/json', ...options.headers } : options.headers
  return doors.ask(method, path, { ...options, ...body, ...(headers ? { headers } : {}) })
}

test('what a limited key sees of lists and metrics is its own account', async () => {
  await using doors = await openDoors()
  await doors.world.addAccount()
  await doors.world.addAccount({ account: 'papa', broker: 'upstox' })
  const key = await doors.key(['status'], ['papa'])
  const accounts = (await doors.ask('GET', '/v1/accounts', { key })).json as { account: string }[]
  assert.deepEqual(
    accounts.map(({ account }) => account),
    ['papa'],
  )
  const { text } = await doors.ask('GET', '/metrics', { key })
  assert.match(text, /account="papa"/)
  assert.doesNotMatch(text, /demo/)
})

test('nobody can name somebody else in a body, a query or a header', async () => {
  await using doors = await openDoors()
  await doors.world.addAccount()
  const key = await doors.key(['status', 'login'])
  const names = [
    'user',
    'role',
    'scope',
    'scopes',
    'account',
    'actor',
    'principal',
    'isAdmin',
    'admin',
    'accountIds',
    'sub',
    'tenant',
  ]
  for (const name of names) {
    const query = await doors.ask('GET', `/v1/accounts?${name}=admin`, { key })
    assert.equal(query.code, 'unknown_field')
    const body = await doors.ask('POST', '/v1/accounts/demo/test', { key, body: { [name]: 'admin' } })
    assert.equal(body.code, 'unknown_field')
    for (const header of [`x-${name}`, `x-bhor-${name}`, `x-forwarded-${name}`]) {
      const { code } = await doors.ask('GET', '/v1/keys', { key, headers: { [header]: 'admin' } })
      assert.equal(code, 'scope_missing')
    }
  }
})

test('wrong keys in a loop are turned away without filling the audit log, and a good key is still served', async () => {
  await using doors = await openDoors()
  const good = await doors.key(['status'])
  const bad = `bhor_${'B'.repeat(43)}`
  const codes: string[] = []
  for (let i = 0; i < 100; i++) codes.push((await doors.ask('GET', '/v1/accounts', { key: bad })).code)
  assert.equal(codes.filter((code) => code === 'key_invalid').length, 60)
  const last = await doors.ask('GET', '/v1/accounts', { key: bad })
  assert.deepEqual([last.status, last.code, last.headers['retry-after']], [429, 'rate_limited', '60'])
  assert.equal((await doors.ask('GET', '/v1/accounts', { key: good })).status, 200)
  assert.equal((await doors.ask('GET', `/v1/accounts?token=x`)).code, 'credential_in_url')
  const refused = await doors.world.app.desk.audit.list(doors.world.app.operator, { limit: 500 })
  assert.equal(refused.filter(({ action }) => action === 'key.refused').length, 60)
  await doors.world.advance(60_000)
  assert.equal((await doors.ask('GET', '/v1/accounts', { key: bad })).code, 'key_invalid')
})
