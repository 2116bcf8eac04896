import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { type Answer, type AskOptions, type Doors, openDoors } from '../../test/support/doors.ts'
import { type AuditView, type Scope, scopes } from '../contracts/api.ts'
import { allRoutes } from './routes/all.ts'

/**
 * Who may do what, written down independently of the route table. `list`: an account-limited key sees its own;
 * `account`: it gets its own account and nothing of the others; `house`: it gets nothing.
 */
const rights: Readonly<
  Record<string, readonly [Scope | 'anyone' | 'page' | 'person' | 'operator', 'list' | 'account' | 'house']>
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
  'POST /v1/accounts/{account}/confirm': ['person', 'account'],
  'POST /v1/accounts/{account}/hook': ['person', 'account'],
  'POST /v1/accounts/{account}/prompt': ['person', 'account'],
  'GET /v1/accounts/{account}/session': ['read-token', 'account'],
  'POST /v1/accounts/{account}/report': ['read-token', 'account'],
  'DELETE /v1/accounts/{account}/session': ['login', 'account'],
  'POST /v1/accounts/{account}/compromised': ['admin', 'account'],
  'POST /v1/accounts/{account}/test': ['login', 'account'],
  'POST /v1/accounts/{account}/renew': ['login', 'account'],
  'POST /v1/accounts/{account}/egress': ['login', 'account'],
  'GET /v1/accounts/{account}/questions': ['admin', 'account'],
  'POST /v1/accounts/{account}/questions/{question}': ['admin', 'account'],
  'POST /v1/accounts/{account}/runs': ['read-token', 'account'],
  'DELETE /v1/runs/{run}': ['read-token', 'list'],
  'GET /v1/accounts/{account}/gate': ['status', 'account'],
  'PUT /v1/accounts/{account}/gate': ['pause', 'account'],
  'GET /v1/gate': ['status', 'house'],
  'PUT /v1/gate': ['pause', 'house'],
  'GET /v1/seal': ['status', 'house'],
  'PUT /v1/seal': ['admin', 'house'],
  'DELETE /v1/seal': ['operator', 'house'],
  'GET /v1/vault': ['admin', 'house'],
  'POST /v1/vault/rotate': ['person', 'house'],
  'POST /v1/vault/master': ['person', 'house'],
  'GET /v1/backup': ['admin', 'house'],
  'POST /v1/backup': ['person', 'house'],
  'POST /v1/backup/drill': ['person', 'house'],
  'POST /v1/audit/export': ['person', 'house'],
  'GET /v1/keys': ['admin', 'house'],
  'POST /v1/keys': ['admin', 'house'],
  'DELETE /v1/keys/{key}': ['admin', 'house'],
  'GET /v1/alerts': ['admin', 'house'],
  'POST /v1/alerts': ['person', 'house'],
  'PATCH /v1/alerts/{id}': ['person', 'house'],
  'DELETE /v1/alerts/{id}': ['person', 'house'],
  'POST /v1/alerts/{id}/test': ['admin', 'house'],
  'POST /v1/imports': ['person', 'house'],
  'GET /v1/mirrors': ['admin', 'house'],
  'POST /v1/mirrors': ['person', 'house'],
  'DELETE /v1/mirrors/{mirror}': ['person', 'house'],
  'POST /v1/mirrors/{mirror}/sync': ['person', 'house'],
  'GET /v1/calendar': ['status', 'list'],
  'GET /v1/calendar/now': ['status', 'list'],
  'GET /v1/roll-call': ['status', 'list'],
  'GET /v1/portfolio': ['portfolio', 'list'],
  'GET /v1/accounts/{account}/orders': ['portfolio', 'account'],
  'GET /v1/accounts/{account}/history': ['status', 'account'],
  'GET /v1/activity': ['admin', 'house'],
  'GET /v1/activity/accounts': ['admin', 'house'],
  'POST /v1/activity/export': ['admin', 'house'],
  'POST /api/kite-auth/generate-session': ['login', 'list'],
  'POST /v1/calendar': ['admin', 'house'],
  'POST /v1/calendar/lists': ['admin', 'house'],
  'POST /v1/calendar/{day}/move': ['admin', 'house'],
  'DELETE /v1/calendar/{day}': ['admin', 'house'],
  'GET /v1/audit': ['admin', 'house'],
  'GET /v1/audit/verify': ['admin', 'house'],
  'GET /v1/unused': ['admin', 'house'],
  'GET /v1/doctor': ['admin', 'house'],
  'POST /v1/doctor/accept-rollback': ['operator', 'house'],
  'GET /v1/config': ['admin', 'house'],
  'GET /metrics': ['status', 'list'],
  'GET /v1/changes': ['status', 'list'],
  'GET /v1/events': ['status', 'list'],
  'POST /v1/desk/link': ['operator', 'house'],
  'GET /v1/proof': ['anyone', 'list'],
  'POST /v1/desk/sign-in': ['page', 'house'],
  'GET /v1/desk/me': ['person', 'house'],
  'POST /v1/desk/sign-out': ['person', 'house'],
  'POST /v1/desk/proof': ['person', 'house'],
  'POST /v1/desk/sign-out/late': ['page', 'house'],
  'PATCH /v1/desk/choices': ['person', 'house'],
  'PUT /v1/desk/drafts/{form}': ['person', 'house'],
  'POST /v1/desk/return': ['page', 'house'],
  'POST /v1/desk/return/start': ['page', 'house'],
  'POST /v1/desk/return/finish': ['page', 'house'],
  'POST /v1/desk/key': ['person', 'house'],
  'PUT /v1/desk/key': ['person', 'house'],
  'GET /v1/desk/browsers': ['person', 'house'],
  'DELETE /v1/desk/browsers': ['person', 'house'],
  'DELETE /v1/desk/browsers/{browser}': ['person', 'house'],
  'POST /v1/desk/confirmation': ['person', 'house'],
  'GET /v1/desk/confirmation': ['person', 'house'],
  'POST /v1/desk/confirmation/passphrase': ['person', 'house'],
  'POST /v1/desk/confirmation/{code}': ['operator', 'house'],
  'PUT /v1/desk/passphrase': ['person', 'house'],
}
const bodies: Readonly<Record<string, object>> = {
  'POST /v1/accounts': { account: 'extra', broker: 'kite', kind: 'sandbox' },
  'PATCH /v1/accounts/{account}': { label: 'x' },
  'POST /v1/accounts/{account}/login/complete': { address: 'http://127.0.0.1/callback/kite?x=y' },
  'POST /v1/accounts/{account}/login/{login}/answers': { answers: { pin: '0000' } },
  'POST /v1/accounts/{account}/confirm': { userId: 'DM0001' },
  'POST /v1/accounts/{account}/report': { generation: 1, status: 403 },
  'PUT /v1/accounts/{account}/gate': { state: 'closed' },
  'PUT /v1/gate': { state: 'closed' },
  'POST /v1/activity/export': { format: 'csv' },
  // Refused before anything is sent.
  'POST /api/kite-auth/generate-session': { requestToken: 'x', apiKey: '<none>', apiSecret: 'none' },
  'PUT /v1/seal': { reason: 'x' },
  'POST /v1/vault/master': { source: 'passphrase', passphrase: 'short' },
  'POST /v1/backup': { path: 'no-whole-path', passphrase: 'short' },
  'POST /v1/backup/drill': { path: 'no-whole-path' },
  'POST /v1/audit/export': { before: 'yesterday' },
  'POST /v1/accounts/{account}/runs': { name: 'x' },
  'POST /v1/keys': { name: 'x', scopes: ['status'] },
  // An address that is refused by itself.
  'POST /v1/alerts': { name: 'x', kind: 'webhook', secrets: { url: 'https://127.0.0.1/' } },
  'PATCH /v1/alerts/{id}': { leastSeverity: 'info' },
  'POST /v1/imports': { files: [{ path: '/nowhere', text: 'x' }] },
  'POST /v1/mirrors': { account: 'demo', path: 'no-whole-path', format: 'env' },
  'POST /v1/mirrors/{mirror}/sync': {},
  'POST /v1/calendar': { days: [{ date: '2026-12-01', kind: 'holiday' }] },
  'POST /v1/calendar/lists': { year: 2027, segments: ['equity'], source: 'x', days: [] },
  'POST /v1/calendar/{day}/move': { to: '2026-12-30' },
  'POST /v1/desk/sign-in': { token: 'no-link-of-ours' },
  'POST /v1/desk/return': { nonce: '0123456789abcdef' },
  'POST /v1/desk/return/start': { ticket: 'none' },
  'POST /v1/desk/sign-out/late': { browser: 'desk_none' },
  'POST /v1/desk/return/finish': { ticket: 'none', publicKey: 'none', signature: 'none' },
  'PUT /v1/desk/key': { publicKey: 'none' },
  'POST /v1/desk/proof': { nonce: '0123456789abcdef' },
  'PATCH /v1/desk/choices': {},
  'PUT /v1/desk/drafts/{form}': { fields: {} },
  'POST /v1/desk/confirmation': { act: 'account.remove' },
  'POST /v1/desk/confirmation/passphrase': { passphrase: 'none' },
  'PUT /v1/desk/passphrase': { passphrase: null },
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
  // What the documents say is what the domain was seen to do, below.
  for (const { method, path, right } of allRoutes) assert.equal(right, rights[`${method} ${path}`]?.[0], path)
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
  assert.ok(cells >= 35 * 26, `${cells} cells`)
})

test('without a key no route is reached by an upgrade, a tunnel or an expectation either', async (t) => {
  await using doors = await openDoors()
  await restore(doors)
  const { app } = doors.world
  const before = await app.store.audit.head()
  const ask = (first: string, ...more: string[]) =>
    doors.raw([first, `Host: ${doors.host}`, ...more, '', ''].join('\r\n'))
  const close = 'Connection: close'
  let asked = 0
  for (const { method, path, right } of allRoutes) {
    const target = path.replace('{account}', 'demo').replace(/\{\w+\}/g, 'one')
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
    const answers = [
      await ask(`${method} ${target} HTTP/1.1`, ...upgrade, 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='),
      await ask(`CONNECT ${target} HTTP/1.1`, close),
      await ask(`${method} ${target} HTTP/1.1`, 'Expect: the-unexpected', close),
    ]
    if (method !== 'GET' && method !== 'DELETE' && right !== 'anyone')
      answers.push(
        await ask(
          `${method} ${target} HTTP/1.1`,
          'Expect: 100-continue',
          close,
          'Content-Type: application/json',
          'Content-Length: 2',
        ),
      )
    for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 4\d\d /, `${method} ${path}: ${answer}`)
    asked += answers.length
  }
  assert.deepEqual(await app.store.audit.head(), before)
  t.diagnostic(`test 85: 0 of ${asked} accepted`)
})

async function keysOf(doors: Doors) {
  const { app, advance } = doors.world
  let made = 0
  const add = async (input: { scopes: Scope[]; accounts?: string[]; expiresInDays?: number }) => {
    const { view, key } = await app.desk.keys.add(app.operator, { name: `test ${++made}`, ...input })
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
  const isOpen = isAnyone || right === 'page'
  /** Without a credential that counts. */
  const signedOut = (code: string) => (isAnyone ? 'through' : code)
  const page = await doors.signIn()
  const { cookie, 'x-bhor-session': half, 'sec-fetch-site': site } = page as Record<string, string>
  const other = await doors.signIn()
  const withKey = (scope: Scope, isLimited: boolean): string => {
    if (isAnyone) return 'through'
    if (!scopes.includes(right as Scope)) return 'scope_missing'
    if (scope !== right && scope !== 'admin') return 'scope_missing'
    if (!isLimited || reach === 'list') return 'through'
    return reach === 'house' ? 'scope_missing' : 'account_not_found'
  }
  const found: Record<string, readonly [AskOptions, string]> = {
    none: [{}, signedOut(isOpen ? 'cross_site_blocked' : 'key_missing')],
    'not a bearer': [{ headers: { authorization: 'Basic YTpi' } }, 'key_malformed'],
    'empty bearer': [{ headers: { authorization: 'Bearer ' } }, 'key_malformed'],
    malformed: [{ key: 'bhor_short' }, 'key_malformed'],
    unknown: [{ key: `bhor_${'A'.repeat(43)}` }, 'key_invalid'],
    revoked: [{ key: keys.revoked }, 'key_invalid'],
    expired: [{ key: keys.expired }, 'key_invalid'],
    'key in a cookie': [
      { headers: { cookie: `bhor_desk_x=${keys.whole.admin}` } },
      signedOut('cross_site_blocked'),
    ],
    'own page, not signed in': [
      { headers: { 'sec-fetch-site': 'same-origin' } },
      isOpen ? 'through' : 'sign_in_needed',
    ],
    'no cookie': [
      { headers: { 'x-bhor-session': half!, 'sec-fetch-site': site! } },
      isOpen ? 'through' : 'sign_in_needed',
    ],
    'no page half': [
      { headers: { cookie: cookie!, 'sec-fetch-site': site! } },
      isOpen ? 'through' : 'sign_in_needed',
    ],
    'no Sec-Fetch-Site': [
      { headers: { cookie: cookie!, 'x-bhor-session': half! } },
      signedOut('cross_site_blocked'),
    ],
    'halves of two sessions': [
      { headers: { ...page, cookie: other.cookie! } },
      isOpen ? 'through' : 'sign_in_needed',
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
    .replace('{run}', 'key_none')
    .replace('{day}', '2026-12-02')
    .replace('{id}', 'none')
    .replace('{browser}', 'desk_none')
    .replace('{code}', 'none')
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

/** Everything that a key with all rights over one account can read. */
const readable = [
  '/v1/brokers',
  '/v1/accounts',
  '/v1/accounts/papa',
  '/v1/accounts/demo',
  '/v1/accounts/nobody',
  '/v1/accounts/papa/session',
  '/v1/accounts/papa/orders',
  '/v1/accounts/demo/orders',
  '/v1/accounts/papa/history',
  '/v1/accounts/demo/history',
  '/v1/activity',
  '/v1/activity/accounts',
  '/v1/activity?account=demo',
  '/v1/activity?account=third',
  '/v1/accounts/demo/session',
  '/v1/accounts/demo/login/login_none',
  '/v1/keys',
  '/v1/alerts',
  '/v1/audit',
  '/v1/audit?account=demo',
  '/v1/doctor',
  '/v1/config',
  '/v1/changes',
  '/v1/calendar',
  '/v1/calendar/now',
  '/metrics',
  '/readyz',
  '/healthz',
]

test('nothing that happens to other accounts changes a byte of what a limited key is answered', async () => {
  await using doors = await openDoors()
  const { world } = doors
  await world.addAccount({ account: 'papa', broker: 'upstox' })
  await world.addAccount()
  await world.logIn('papa')
  const key = await doors.key([...scopes], ['papa'])
  const answers = async () => {
    const all: string[] = []
    for (const path of readable) {
      const { status, headers, text } = await doors.ask('GET', path, { key })
      const { date: _, ...rest } = headers
      all.push(JSON.stringify([path, status, rest, text.replace(/"req_\w+"/, '')]))
    }
    return all
  }
  const before = await answers()
  await world.logIn('demo')
  await world.app.desk.sessions.handOut(world.app.operator, 'demo')
  await world.app.desk.sessions.test(world.app.operator, 'demo')
  await world.app.desk.accounts.edit(world.app.operator, 'demo', { label: 'x' })
  await world.addAccount({ account: 'third' })
  await world.app.desk.accounts.remove(world.app.operator, 'third')
  const other = await doors.key(['admin'])
  await doors.ask('GET', '/v1/accounts', { key: `bhor_${'A'.repeat(43)}` })
  await doors.ask('DELETE', '/v1/accounts/demo/session', { key: other })
  assert.deepEqual(await answers(), before)
  using database = new DatabaseSync(join(world.home, 'bhor.db'))
  database.exec(`update accounts set settings_json = '[7]' where alias = 'demo'`)
  assert.deepEqual(await answers(), before, 'nor does a damaged row')
  await world.app.desk.accounts.edit(world.app.operator, 'papa', { label: 'x' })
  assert.notDeepEqual(await answers(), before, 'the test sees what it is about')
})

test('a limited key that waits is woken by its own account alone, and counts nothing else', async () => {
  await using doors = await openDoors()
  const { world } = doors
  await world.addAccount({ account: 'papa', broker: 'upstox' })
  await world.addAccount()
  const key = await doors.key(['status'], ['papa'])
  const version = async (after: number) =>
    ((await doors.ask('GET', `/v1/changes?after=${after}`, { key })).json as { version: number }).version
  const first = await version(0)
  let answered: number | undefined
  const waiting = version(first).then((now) => {
    answered = now
  })
  for (let i = 0; i < 5; i++)
    await world.app.desk.accounts.edit(world.app.operator, 'demo', { label: `${i}` })
  await doors.key(['status'])
  assert.equal((await doors.ask('GET', '/healthz')).status, 200)
  assert.equal(answered, undefined)
  await world.app.desk.accounts.edit(world.app.operator, 'papa', { label: 'mine' })
  await waiting
  assert.equal(answered, first + 1)
})

test('a limited key cannot find out by a rename which names or apps others have', async () => {
  await using doors = await openDoors()
  const { world } = doors
  await world.addAccount({ account: 'papa' })
  await world.addAccount()
  const { apiKey } = await world.app.desk.accounts.get(world.app.operator, 'demo')
  const key = await doors.key(['admin'], ['papa'])
  const edit = (body: object) => doors.ask('PATCH', '/v1/accounts/papa', { key, body })
  const [taken, free] = [await edit({ account: 'demo' }), await edit({ account: 'free' })]
  assert.deepEqual(
    [taken.code, taken.text.replace(/req_\w+/, '')],
    ['scope_missing', free.text.replace(/req_\w+/, '')],
  )
  assert.equal((await edit({ account: 'papa', label: 'mine' })).status, 200)
  const foreign = await edit({ app: { apiKey, apiSecret: 'x'.repeat(32) } })
  assert.equal(foreign.code, 'scope_missing')
  assert.doesNotMatch(foreign.text, /another/i)
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

test('wrong keys in a loop are told to wait, are counted, and a good key is still served', async () => {
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
  assert.equal((await refusedKeys(doors)).length, 11)
  await doors.world.advance(70_000)
  assert.equal((await doors.ask('GET', '/v1/accounts', { key: bad })).code, 'key_invalid')
  assert.equal(timesOf(await refusedKeys(doors), 'unknown'), 101)
})

test('junk keys hide nothing: of a revoked, an expired and a damaged key every use is told, by one record a minute', async () => {
  await using doors = await openDoors()
  const { app, advance, restart } = doors.world
  const add = async (name: string, expiresInDays?: number) => {
    const input = { name, scopes: ['admin' as const], ...(expiresInDays ? { expiresInDays } : {}) }
    const { view, key } = await app.desk.keys.add(app.operator, input)
    return { id: view.id, key: key.reveal() }
  }
  const [revoked, expired, damaged] = [await add('one'), await add('two', 1), await add('three')]
  await app.desk.keys.revoke(app.operator, revoked.id)
  {
    using database = new DatabaseSync(join(doors.world.home, 'bhor.db'), { timeout: 5000 })
    database.prepare(`update client_keys set scopes_json = '["admin","pause"]' where id = ?`).run(damaged.id)
  }
  await advance(24 * 3_600_000)
  for (let i = 0; i < 70; i++)
    await doors.ask('GET', '/v1/keys', { key: `bhor_${String(i).padStart(43, '0')}` })
  const first = await doors.ask('GET', '/v1/keys', { key: revoked.key })
  assert.equal(first.code, 'rate_limited', 'the same answer as to any wrong key')
  assert.equal(timesOf(await refusedKeys(doors), 'revoked', revoked.id), 1, 'the record is there at once')
  const uses = { revoked: 500, expired: 40, damaged: 20 }
  for (let i = 1; i < uses.revoked; i++) await doors.ask('GET', '/v1/keys', { key: revoked.key })
  for (let i = 0; i < uses.expired; i++) await doors.ask('GET', '/v1/keys', { key: expired.key })
  for (let i = 0; i < uses.damaged; i++)
    assert.equal((await doors.ask('GET', '/v1/keys', { key: damaged.key })).code, 'store_damaged')
  assert.equal((await refusedKeys(doors)).length, 4 * 10)
  await advance(70_000)
  const told = await refusedKeys(doors)
  assert.equal(told.length, 4 * 11)
  assert.equal(timesOf(told, 'revoked', revoked.id), uses.revoked)
  assert.equal(timesOf(told, 'expired', expired.id), uses.expired)
  assert.equal(timesOf(told, 'damaged', damaged.id), uses.damaged)
  assert.equal(timesOf(told, 'unknown'), 70)
  for (let i = 0; i < 33; i++) await doors.ask('GET', '/v1/keys', { key: revoked.key })
  await restart()
  assert.equal(timesOf(await refusedKeys(doors), 'revoked', revoked.id), uses.revoked + 33, 'and at a stop')
  const { records, intact } = (await doors.world.app.desk.audit.verify(app.operator)) as {
    records: number
    intact: boolean
  }
  assert.ok(intact && records < 70, `${records} records`)
})

test('who signs in wrongly on many connections keeps nobody else from signing in', async () => {
  await using doors = await openDoors()
  const agent = new Agent({ keepAlive: true, maxSockets: 60 })
  const headers = { host: doors.host, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
  const signIn = () =>
    new Promise<number>((resolve, reject) => {
      const where = { host: '127.0.0.1', port: doors.port, method: 'POST', path: '/v1/desk/sign-in', agent }
      request({ ...where, headers }, (response) => resolve(response.resume().statusCode ?? 0))
        .on('error', reject)
        .end('{"token":"no-link-of-ours"}')
    })
  assert.deepEqual([...new Set(await Promise.all(Array.from({ length: 60 }, signIn)))], [401])
  assert.equal((await doors.ask('POST', '/v1/desk/sign-in', { body: { token: 'x' }, headers })).status, 401)
  agent.destroy()
})

async function refusedKeys({ world }: Doors): Promise<AuditView[]> {
  const all = await world.app.desk.audit.list(world.app.operator, { limit: 1000 })
  return all.filter(({ action }) => action === 'key.refused')
}

/** How many refusals these records tell of. */
function timesOf(records: readonly AuditView[], why: string, id?: string): number {
  return records
    .filter(({ detail, actor }) => detail.why === why && (id === undefined || actor === `key:${id}`))
    .reduce((sum, { detail }) => sum + Number(detail.times ?? 1), 0)
}
