import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { exchangeBytes, statusesOf } from '../../test/support/doors.ts'
import { ask, openPorch, type PorchHouse } from '../../test/support/porch.ts'
import { makeSelfSigned, selfSigned } from '../../test/support/self-signed.ts'
import { doctor } from '../app/doctor.ts'
import { certificateLookMs } from './certificate-watch.ts'
import { allRoutes } from './routes/all.ts'
import { schemas } from './schemas.ts'

/** The account `demo`, whose logins come back to the porch, and the address where the phone ends. */
async function phoneLogin(house: PorchHouse, userId?: string): Promise<URL> {
  const { world } = house.doors
  const redirectUrl = `${house.porch}/callback/kite`
  await world.addAccount({ redirectUrl, ...(userId === undefined ? {} : { userId }) })
  return new URL(await world.callbackFor('demo'))
}
const navigation = {
  accept: 'text/html',
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}
const pathOf = ({ pathname, search }: URL) => pathname + search

test('the phone finishes a login of a known person by itself', async () => {
  await using house = await openPorch()
  const end = await phoneLogin(house, 'DM0001')
  assert.equal(end.origin, house.porch)
  const answer = await house.knock('GET', pathOf(end), { headers: navigation })
  assert.equal(answer.status, 200)
  assert.match(answer.text, /You are logged in/)
  assert.match(answer.text, /The session of demo is live until/)
  assert.equal((await house.account()).status, 'active')
})

test('the page is complete in itself, tells nothing of the desk, and runs one script by its hash', async () => {
  await using house = await openPorch()
  const end = await phoneLogin(house)
  const { headers, text } = await house.knock('GET', pathOf(end), { headers: navigation })
  assert.doesNotMatch(text, /href=|src=|<form|http:|https:/)
  assert.equal(text.includes(house.doors.host), false)
  const policy = String(headers['content-security-policy'])
  assert.match(policy, /default-src 'none'; script-src 'sha256-[^ ]+'; style-src 'sha256-[^ ]+';/)
  assert.equal(headers['set-cookie'], undefined)
  assert.equal(headers.server, undefined)
  assert.equal(headers['referrer-policy'], 'no-referrer')
  assert.equal(headers['cache-control'], 'no-store')
  // The code and the state, in whatever came back.
  for (const value of end.searchParams.values())
    if (value.length > 8) assert.equal(text.includes(value), false)
})

test('it serves three things and nothing else: every route, page and file of the desk is no address here', async () => {
  await using house = await openPorch()
  const paths = [
    ...allRoutes.map(({ path }) => path.replaceAll(/\{\w+\}/g, 'demo')),
    ...['/', '/index.html', '/assets/app.js', '/enter/x', '/healthz', '/readyz', '/openapi.json', '/metrics'],
    ...['/login/page.css', '/login/page.js', '/login/over', '/favicon.ico', '/robots.txt', '/.well-known/x'],
    ...[
      '/callback',
      '/callback/',
      '/callback/nobody',
      '/callback/kite/x',
      '/callbacks/kite',
      '/Callback/kite',
    ],
    ...['/hooks', '/hooks/', '/hooks/upstox', '/hooks/upstox/', '/hooks/upstox/x/y'],
    ...['/hooks/login', '/hooks/login/', '/hooks/login/x.y', '/hooks/login/x/y'],
  ]
  const empty = await house.knock('GET', '/')
  for (const path of paths)
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'HEAD']) {
      const { status, text, headers } = await house.knock(method, path)
      assert.ok(status === 404 || status === 405, `${method} ${path}: ${status}`)
      assert.equal(text, '', `${method} ${path}`)
      assert.equal(headers['content-type'], undefined)
      assert.equal(
        Object.keys(headers).some((name) => name.startsWith('access-control')),
        false,
      )
      if (status === 404) {
        const { date: _, ...rest } = headers
        const { date: __, ...expected } = empty.headers
        assert.deepEqual(rest, expected, path)
      }
    }
})

/** What a stranger may send, and the bare status that it gets. */
const strange: readonly (readonly [method: string, path: string, headers: object, status: number])[] = [
  ['GET', `/hooks/upstox/${'A'.repeat(43)}`, {}, 405],
  ['PUT', `/hooks/upstox/${'A'.repeat(43)}`, {}, 405],
  ['POST', `/hooks/upstox/${'A'.repeat(43)}`, {}, 404],
  ['POST', `/hooks/nobody/${'A'.repeat(43)}`, {}, 404],
  ['POST', '/hooks/upstox/%00', {}, 400],
  ['HEAD', '/callback/kite', {}, 405],
  ['POST', '/callback/kite', {}, 405],
  ['OPTIONS', '/callback/kite', {}, 405],
  ['TRACE', '/callback/kite', {}, 405],
  ['GET', '/callback/kite?request_token=a&status=success', { 'sec-purpose': 'prefetch' }, 405],
  ['GET', '/callback/kite', { host: 'evil.example' }, 404],
  ['GET', '/callback/kite', { host: '127.0.0.1:7878' }, 404],
  ['GET', '/callback/kite', { host: 'evil.example', 'x-forwarded-host': '127.0.0.1' }, 404],
  ['GET', '/callback/kite', { origin: 'https://evil.example' }, 403],
  ['POST', `/hooks/upstox/${'A'.repeat(43)}`, { origin: 'https://evil.example' }, 403],
  ['GET', '/callback/../v1/accounts', {}, 400],
  ['GET', '/v1/accounts', { authorization: 'Bearer bhor_x' }, 404],
  ['GET', '/callback/kite', { 'service-worker': 'script' }, 400],
]

test('whoever is refused gets a status and not a word', async () => {
  await using house = await openPorch()
  for (const [method, path, headers, status] of strange) {
    const answer = await house.knock(method, path, { headers: headers as Record<string, string> })
    assert.equal(answer.status, status, `${method} ${path}`)
    if (answer.headers['content-type'] === undefined) assert.equal(answer.text, '')
    else assert.match(answer.text, /Not logged in|not valid/)
  }
})

test('forwarded headers are not believed, and no cookie or key opens anything', async () => {
  await using house = await openPorch()
  const { doors } = house
  await doors.world.addAccount()
  const signedIn = await doors.signIn()
  const key = await doors.key(['admin'])
  for (const headers of [
    signedIn as Record<string, string>,
    { authorization: `Bearer ${key}` },
    { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': doors.host, forwarded: 'for=127.0.0.1' },
  ])
    assert.equal((await house.knock('GET', '/v1/accounts', { headers })).status, 404)
})

test('of strangers sixty a minute are looked at; whoever shows a state of ours is not held up', async () => {
  await using house = await openPorch()
  const end = await phoneLogin(house, 'DM0001')
  const statuses: number[] = []
  for (let times = 0; times < 80; times++)
    statuses.push((await house.knock('GET', `/callback/kite?request_token=${times}&state=forged`)).status)
  assert.equal(statuses.filter((status) => status === 400).length, 60)
  assert.equal(statuses.filter((status) => status === 429).length, 20)
  assert.equal((await house.knock('POST', `/hooks/upstox/${'A'.repeat(43)}`)).status, 429)
  assert.equal((await house.knock('GET', pathOf(end), { headers: navigation })).status, 200)
  assert.equal((await house.account()).status, 'active')
})

test('of a reminder’s link: one that bhor has made is answered, also when it is over; any other is no address, and a stranger’s', async () => {
  await using house = await openPorch()
  const { world } = house.doors
  const { desk, store } = world.app
  const { id } = await world.addAccount()
  const account = (await store.accounts.byId(id))!
  const linkOf = async () =>
    `/hooks/login/${await desk.prompts.tokenFor(account, world.clock.nowMs() + 3_600_000)}`
  const withdrawn = await linkOf()
  await desk.prompts.withdraw(account)
  const open = await linkOf()
  const cut = open.slice(0, -1)
  const statuses: number[] = []
  for (let times = 0; times < 90; times++) {
    const [method, path] = (
      [
        ['GET', cut],
        ['POST', '/hooks/login/x.y'],
        ['HEAD', cut],
      ] as const
    )[times % 3]!
    const { status, text, headers } = await house.knock(method, path)
    assert.deepEqual([text, headers['content-type']], ['', undefined])
    statuses.push(status)
  }
  assert.deepEqual(statuses, [...Array(60).fill(404), ...Array(30).fill(429)])
  const over = await house.knock('GET', withdrawn)
  assert.deepEqual([over.status, /needs no login by this link any more/.test(over.text)], [410, true])
  const asked = await house.knock('GET', open)
  assert.deepEqual([asked.status, /<form method="post"><button>Log in at/.test(asked.text)], [200, true])
  const pressed = await house.knock('POST', open)
  assert.deepEqual([pressed.status, /You log in at/.test(pressed.text)], [200, true])
  assert.match((await house.knock('POST', open)).text, /used already/)
})

test('posts to paths that there are not are recorded as one, whatever they name', async () => {
  await using house = await openPorch()
  const { app } = house.doors.world
  for (let times = 0; times < 40; times++) {
    const secret = String(times).padStart(43, 'A')
    assert.equal((await house.knock('POST', `/hooks/broker${times}/${secret}`)).status, 404)
  }
  await app.desk.context.refusals.end()
  const records = (await app.desk.audit.list(app.operator, { limit: 100 })).filter(
    ({ action }) => action === 'login.notify',
  )
  const times = records.reduce((sum, { detail }) => sum + Number(detail.times ?? 1), 0)
  assert.deepEqual([times, records.length], [40, 11])
  assert.deepEqual([...new Set(records.map(({ actor, code }) => `${actor} ${code}`))], ['broker not_found'])
})

/** Bodies that no broker posts, to a path that counts. */
const bodies: readonly (readonly [
  what: string,
  body: string | Uint8Array,
  headers: object,
  status: number,
])[] = [
  ['17 KiB', JSON.stringify({ x: 'a'.repeat(17 * 1024) }), {}, 413],
  ['no JSON', '<xml/>', {}, 400],
  ['another type', '{}', { 'content-type': 'text/plain' }, 415],
  ['a form', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), {}, 400],
  ['a list', '[]', {}, 422],
  ['deep', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`, {}, 400],
  ['a field twice', '{"client_id":"a","client_id":"b"}', {}, 400],
  ['compressed', '{}', { 'content-encoding': 'gzip' }, 415],
  ['nothing', '', {}, 200],
  ['an empty object', '{}', {}, 200],
]

test('what is posted is read strictly, and what cannot be read is told as dropped', async () => {
  await using house = await openPorch()
  await house.doors.world.addAccount({ broker: 'upstox', userId: 'DM0002' })
  await house.ask()
  const path = new URL(house.doors.world.simulator.approvals('upstox')[0]!.notifierUrl).pathname
  for (const [what, body, headers, status] of bodies) {
    const answer = await house.knock('POST', path, {
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
    assert.equal(answer.status, status, what)
    if (status !== 200) assert.equal(answer.text, '', what)
  }
  await house.tap()
  assert.equal((await house.account()).status, 'active')
})

test('on the bare connection: no HTTP, no Host, two Hosts, an upgrade', async () => {
  await using house = await openPorch()
  const { host, port } = new URL(house.porch)
  const head = `GET /callback/kite HTTP/1.1\r\nHost: ${host}\r\n`
  for (const [bytes, status] of [
    ['hello\r\n\r\n', 400],
    ['GET /callback/kite HTTP/1.1\r\n\r\n', 400],
    [`${head}Host: ${host}\r\n\r\n`, 400],
    [`${head}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`, 405],
    [`CONNECT evil.example:443 HTTP/1.1\r\nHost: ${host}\r\n\r\n`, 405],
  ] as const) {
    const answer = await exchangeBytes(Number(port), bytes)
    assert.deepEqual(statusesOf(answer), [status], bytes)
    assert.doesNotMatch(answer, /\{|bhor/)
  }
})

// ── TLS ─────────────────────────────────────────────────────────────────────────────────────────────────

function certificateFolder(): {
  cert: string
  key: string
  write(pair: typeof selfSigned): void
} & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-certificate-'))
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  return {
    cert,
    key,
    write(pair) {
      writeFileSync(cert, pair.cert)
      writeFileSync(key, pair.key, { mode: 0o600 })
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

test('with a certificate of its own it speaks TLS, and takes a new one while it runs', async () => {
  using files = certificateFolder()
  files.write(selfSigned)
  const env = { BHOR_PORCH_CERT: files.cert, BHOR_PORCH_KEY: files.key }
  await using house = await openPorch({ env })
  assert.match(house.porch, /^https:/)
  const end = await phoneLogin(house, 'DM0001')
  const get = (path: string, ca: string) => ask(house.porch, 'GET', path, { ca, headers: navigation })
  assert.match((await get(pathOf(end), selfSigned.cert)).text, /You are logged in/)
  // In the clear nobody is served.
  const { port } = new URL(house.porch)
  assert.equal(statusesOf(await exchangeBytes(Number(port), 'GET / HTTP/1.1\r\n\r\n')).includes(200), false)

  const other = makeSelfSigned()
  files.write(other)
  await house.doors.world.advance(certificateLookMs)
  assert.equal((await get('/callback/over', other.cert)).status, 200)
  await assert.rejects(get('/callback/over', selfSigned.cert))
  // One that cannot be used leaves the one before.
  writeFileSync(files.cert, 'no certificate')
  await house.doors.world.advance(certificateLookMs)
  assert.equal((await get('/callback/over', other.cert)).status, 200)
  assert.match(house.doors.logged.join('\n'), /cannot be used; the one before stays/)
})

test('doctor says how the porch stands', async () => {
  using files = certificateFolder()
  files.write(selfSigned)
  const env = { BHOR_PORCH_CERT: files.cert, BHOR_PORCH_KEY: files.key }
  await using house = await openPorch({ env })
  const { app } = house.doors.world
  const finding = async () => (await doctor(app, app.operator)).find(({ check }) => check === 'porch')
  const fine = await finding()
  assert.equal(fine?.ok, true)
  assert.match(fine?.text ?? '', /Its certificate lasts until .* was not tested: open https:/)
  files.write(makeSelfSigned({ until: '20261130000000Z' }))
  assert.match((await finding())?.text ?? '', /The certificate of the porch ends Mon 30 Nov/)
  files.write(makeSelfSigned({ until: '20261122000000Z' }))
  const ended = await finding()
  assert.deepEqual([ended?.ok, /ended Sun 22 Nov/.test(ended?.text ?? '')], [false, true])
  files.write(makeSelfSigned({ address: [127, 0, 0, 9] }))
  assert.match((await finding())?.text ?? '', /is not for 127\.0\.0\.1/)
})

test('what people are answered about first logins and hooks is what the schemas say', async () => {
  await using house = await openPorch()
  const { doors } = house
  await doors.world.addAccount({ broker: 'upstox' })
  const hook = await doors.ask('POST', '/v1/accounts/demo/hook', { body: {}, overSocket: true })
  assert.equal(hook.status, 201)
  assert.deepEqual(schemas.HookAdded.parse(hook.json), hook.json)
  await house.ask()
  await house.tap()
  const waiting = await house.account()
  assert.deepEqual(schemas.AccountView.parse(waiting), waiting)
  const body = { userId: waiting.unconfirmed!.userId }
  const confirmed = await doors.ask('POST', '/v1/accounts/demo/confirm', { body, overSocket: true })
  assert.equal(confirmed.status, 200)
  assert.deepEqual(schemas.AccountView.parse(confirmed.json), confirmed.json)
})
