import assert from 'node:assert/strict'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { z } from 'zod'
import { startReceiver } from '../../test/support/alerts/receiver.ts'
import { type Answer, type AskOptions, type Doors, openDoors } from '../../test/support/doors.ts'
import { KeyKeeper } from '../../test/support/key-keeper.ts'
import { ownApp, withOwnApp } from '../../test/support/own-app.ts'
import type {
  BrowserView,
  Confirmation,
  KeyFrame,
  ReturnOffered,
  ReturnStarted,
  RunStarted,
} from '../contracts/api.ts'
import { openApiDocument } from './openapi.ts'
import { allRoutes } from './routes/all.ts'
import { type SchemaName, schemas } from './schemas.ts'

/** The route of an answered request. */
function routeOf(method: string, path: string) {
  const parts = path.split('?')[0]!.split('/')
  const fits = (pattern: string) => {
    const wanted = pattern.split('/')
    return (
      wanted.length === parts.length && wanted.every((part, i) => part.startsWith('{') || part === parts[i])
    )
  }
  return allRoutes
    .filter((route) => route.method === method && fits(route.path))
    .sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0]
}

/** Asks, and checks the answer against the schema that the route table names for it. */
function checking(doors: Doors, base: AskOptions) {
  const seen = new Set<string>()
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    options: AskOptions = {},
  ): Promise<Answer> => {
    const answer = await doors.ask(method, path, {
      ...base,
      ...(body === undefined ? {} : { body }),
      ...options,
    })
    const route = routeOf(method, path)
    assert.ok(route, path)
    if (answer.status >= 400) {
      parses(schemas[route.failure?.schema ?? 'Problem'], answer.json, `${method} ${path}`)
      return answer
    }
    seen.add(`${route.method} ${route.path}`)
    assert.equal(
      answer.status,
      route.answer || route.contentType ? (route.status ?? 200) : 204,
      `${method} ${path}`,
    )
    if (!route.answer) return answer
    const isList = route.answer.endsWith('[]')
    const schema: z.ZodType = schemas[route.answer.replace('[]', '') as SchemaName]
    for (const item of isList ? (answer.json as unknown[]) : [answer.json])
      parses(schema, item, `${method} ${path}`)
    return answer
  }
  return { ask, seen }
}

/** Nothing missing, nothing of another type, and nothing that the schema does not tell of. */
function parses(schema: z.ZodType, value: unknown, where: string): void {
  const parsed = schema.safeParse(value)
  assert.ok(parsed.success, `${where}: ${parsed.error?.message}`)
  assert.deepEqual(parsed.data, value, where)
}

test('every JSON answer of a whole day is what its schema says, for both brokers', async () => {
  await using receiver = await startReceiver()
  await using doors = await openDoors({ env: { BHOR_ALERTS_PRIVATE_TARGETS: '127.0.0.1' } })
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bhor-contract-')))
  using _gone = { [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
  const { world } = doors
  const { ask, seen } = checking(doors, { key: await doors.key(['admin']) })
  await ask('GET', '/v1/brokers')
  const csv = 'account,broker,api_key,api_secret,access_token\npapa,kite,thekey,thesecret,\n'
  const files = [{ path: '/somewhere/accounts.csv', text: csv }]
  await ask('POST', '/v1/imports', { files, kind: 'sandbox' }, { overSocket: true })
  for (const [broker, userId] of [
    ['kite', 'DM0001'],
    ['upstox', 'DM0002'],
  ] as const) {
    const at = `/v1/accounts/${broker}`
    await ask('POST', '/v1/accounts', {
      account: broker,
      broker,
      kind: 'sandbox',
      label: 'x',
      phoneNumber: '+919876543210',
      password: 'pass word',
    })
    await ask('GET', at)
    await ask('GET', `${at}/session`)
    await ask('PATCH', at, { label: 'y', userId })
    const started = (await ask('POST', `${at}/login`, { via: 'api' })).json as { login: string; url: string }
    await ask('GET', `${at}/login/${started.login}`)
    await ask('POST', `${at}/login/${started.login}/answers`, { answers: { pin: '0000' } })
    await ask('GET', at)
    const address = world.simulator.logIn(broker, started.url, { userId })
    await ask('POST', `${at}/login/complete`, { address })
    await ask('POST', `${at}/login/complete`, { address })
    await ask('GET', `${at}/login/${started.login}`)
    for (const query of ['', '?min_life=20m', '?min_life=24h', '?kind=access', '?kind=none'])
      await ask('GET', `${at}/session${query}`)
    await ask('POST', `${at}/test`, {})
    await ask('POST', `${at}/report`, { generation: 1, status: 403, body: '{}' })
    for (const path of ['/v1/portfolio', `${at}/orders`, `${at}/history`]) await ask('GET', path)
    const path = join(folder, `${broker}.json`)
    const mirror = { account: broker, path, format: 'broker-config' }
    const { id } = (await ask('POST', '/v1/mirrors', mirror, { overSocket: true })).json as { id: string }
    writeFileSync(path, '{"api_secret": "PUTBYHAND"}', { mode: 0o600 })
    await ask('POST', `/v1/mirrors/${id}/sync`, {}, { overSocket: true })
    await world.app.desk.mirrors.look()
    await ask('GET', '/v1/mirrors')
    await ask('POST', `/v1/mirrors/${id}/sync`, { foreign: 'overwrite' }, { overSocket: true })
    await ask('DELETE', `/v1/mirrors/${id}`, undefined, { overSocket: true })
    const { run } = (await ask('POST', `${at}/runs`, { name: 'python bot.py' })).json as RunStarted
    await ask('DELETE', `/v1/runs/${run}`)
    await ask('POST', `${at}/egress`, {})
    const egress = { proxy: 'http://127.0.0.1:1', proxyLogin: 'me:secret', registered: ['127.0.0.1'] }
    const byOperator = { overSocket: true }
    await ask('PATCH', at, { settings: { egress } }, byOperator)
    await ask('POST', `${at}/egress`, {})
    await ask('PATCH', at, { settings: { egress: { from: '127.0.0.1' } } }, byOperator)
    await ask('POST', `${at}/renew`, {})
    await ask('GET', `${at}/questions`)
    await ask('POST', `${at}/questions/profile`, {})
    world.simulator.faults.add({ broker, kind: 'status' })
    await ask('POST', `${at}/test`, {})
    world.simulator.faults.clear()
    await ask('GET', '/v1/accounts')
    const cancelled = (await ask('POST', `${at}/login`, {})).json as { login: string }
    await ask('DELETE', `${at}/login/${cancelled.login}`)
    await ask('GET', `${at}/login/${cancelled.login}`)
    await ask('GET', `${at}/gate`)
    await ask('PUT', `${at}/gate`, { state: 'closed', reason: 'lunch', withhold: true })
    await ask('PUT', '/v1/gate', { state: 'closed', until: world.clock.now().add({ hours: 1 }).toString() })
    await ask('GET', at)
    await ask('GET', '/v1/gate')
    await ask('PUT', '/v1/gate', { state: 'open' })
    await ask('PUT', `${at}/gate`, { state: 'open' })
    await ask('POST', `${at}/compromised`, {})
    await ask('DELETE', `${at}/session`)
    await ask('GET', `${at}/session`)
    await world.advance(24 * 60 * 60_000)
    await ask('GET', at)
    await ask('DELETE', at)
    await ask('DELETE', at, undefined, byOperator)
  }
  const added = (await ask('POST', '/v1/keys', { name: 'x', scopes: ['status'], expiresInDays: 1 })).json as {
    id: string
  }
  await ask('GET', '/v1/keys')
  await ask('DELETE', `/v1/keys/${added.id}`)
  const secrets = { url: `${receiver.url}/hook` }
  await ask('POST', '/v1/alerts', { name: 'hook', kind: 'webhook', secrets }, { overSocket: true })
  await ask('POST', '/v1/alerts/hook/test', {})
  receiver.answer({ status: 500 })
  await ask('POST', '/v1/alerts/hook/test', {})
  await ask('GET', '/v1/alerts')
  const quiet = { from: '22:00', until: '06:00' }
  await ask('PATCH', '/v1/alerts/hook', { leastSeverity: 'warning', quiet }, { overSocket: true })
  await ask('DELETE', '/v1/alerts/hook', undefined, { overSocket: true })
  const lists = [
    '/v1/calendar',
    '/v1/calendar?from=2026-11-08&to=2026-11-08',
    '/v1/calendar/now',
    '/v1/roll-call',
  ]
  for (const path of lists) await ask('GET', path)
  await ask('GET', '/v1/calendar?from=2026-02-30')
  const hours = [{ from: '18:00', until: '19:00' }]
  await ask('POST', '/v1/calendar', { days: [{ date: '2026-12-06', kind: 'special', hours }] })
  await ask('POST', '/v1/calendar/2026-12-25/move', { to: '2026-12-28' })
  await ask('DELETE', '/v1/calendar/2026-12-28')
  await ask('POST', '/v1/calendar/lists', { year: 2027, segments: ['equity'], source: 'x', days: [] })
  await ask('GET', '/v1/audit?limit=1000')
  await ask('GET', '/v1/activity')
  await ask('GET', '/v1/activity/accounts')
  for (const format of ['csv', 'json']) await ask('POST', '/v1/activity/export', { format })
  world.simulator.registerApp(ownApp('kite'))
  await world.addAccount({ account: 'own', ...withOwnApp('kite') })
  const { apiKey, apiSecret } = ownApp('kite')
  const page001 = `${world.simulator.hosts('kite').login}/connect/login?v=3&api_key=${apiKey}`
  const requestToken = new URL(world.simulator.logIn('kite', page001)).searchParams.get('request_token')
  for (const _ of ['granted', 'refused'])
    await ask('POST', '/api/kite-auth/generate-session', { requestToken, apiKey, apiSecret })
  await ask('GET', '/v1/audit?limit=1&before=5')
  for (const path of [
    '/v1/unused',
    '/v1/audit/verify',
    '/v1/doctor',
    '/v1/config',
    '/v1/changes?after=0',
    '/v1/events',
    '/metrics',
  ])
    await ask('GET', path)
  await ask('GET', `/v1/proof?key=01234567&nonce=${'n'.repeat(16)}`)
  const link = (await ask('POST', '/v1/desk/link', {}, { overSocket: true })).json as { url: string }
  await ask('GET', '/v1/seal')
  await ask('PUT', '/v1/seal', { reason: 'laptop stolen' })
  await ask('DELETE', '/v1/seal', undefined, { overSocket: true })
  const words = 'six random words for the backup'
  await ask('GET', '/v1/vault')
  await ask('POST', '/v1/vault/rotate', {}, { overSocket: true })
  await ask('POST', '/v1/vault/master', { source: 'file' }, { overSocket: true })
  await ask('GET', '/v1/backup')
  const [backup, records] = ['one.backup', 'audit.jsonl'].map((name) => join(doors.world.home, name))
  await ask('POST', '/v1/backup', { path: backup, passphrase: words }, { overSocket: true })
  await ask('POST', '/v1/backup/drill', { path: backup, passphrase: words }, { overSocket: true })
  const before = doors.world.clock.now().add({ hours: 1 }).toString()
  await ask('POST', '/v1/audit/export', { path: records, before }, { overSocket: true })
  await ask('POST', '/v1/doctor/accept-rollback', {}, { overSocket: true })
  const own = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }
  const noKey = { key: undefined } as unknown as AskOptions
  const at = { ...own, host: new URL(link.url).host }
  await ask('POST', '/v1/desk/sign-in', { token: link.url.split('=')[1] }, { ...noKey, headers: at })
  const drafting = { ...noKey, headers: { ...own, ...(await doors.signIn()) } }
  await ask('PUT', '/v1/desk/drafts/add-account', { fields: { account: 'papa' } }, drafting)
  await ask('PATCH', '/v1/desk/choices', { amounts: 'hidden' }, drafting)
  await ask('POST', '/v1/desk/proof', { nonce: '0123456789abcdef' }, drafting)
  await ask('GET', '/v1/desk/me', undefined, { ...noKey, headers: await doors.signIn() })
  await ask('POST', '/v1/desk/sign-out', {}, { ...noKey, headers: { ...own, ...(await doors.signIn()) } })
  await ask('PUT', '/v1/desk/passphrase', { passphrase: 'correct horse' }, { overSocket: true })
  const browser = new KeyKeeper()
  const kept = await browser.signIn(doors)
  const page = {
    ...noKey,
    headers: { host: kept.host, cookie: kept.cookie, 'x-bhor-session': kept.half, ...own },
  }
  const { frame } = (await ask('POST', '/v1/desk/key', {}, page)).json as KeyFrame
  await ask('PUT', '/v1/desk/key', { publicKey: browser.make(frame!) }, page)
  const offered = (await ask('POST', '/v1/desk/return', { nonce: '0123456789abcdef' }, page))
    .json as ReturnOffered
  const { host, hash } = new URL(offered.url)
  const ticket = hash.replace('#return=', '')
  const there = { ...noKey, headers: { ...own, host } }
  const started = (await ask('POST', '/v1/desk/return/start', { ticket }, there)).json as ReturnStarted
  const publicKey = browser.make(started.nextFrame)
  const wish = { challenge: started.challenge, origin: `http://${host}`, nextKey: publicKey }
  const signature = browser.sign(started.frame, wish)
  await ask('POST', '/v1/desk/return/finish', { ticket, publicKey, signature }, there)
  const asked = (await ask('POST', '/v1/desk/confirmation', { act: 'key.add' }, page)).json as Confirmation
  await ask('GET', '/v1/desk/confirmation', undefined, page)
  await ask('POST', `/v1/desk/confirmation/${asked.code}`, {}, { overSocket: true })
  await ask('POST', '/v1/desk/confirmation/passphrase', { passphrase: 'correct horse' }, page)
  await ask('GET', '/v1/desk/confirmation', undefined, page)
  await ask('GET', '/v1/desk/browsers', undefined, page)
  await ask('POST', '/v1/desk/sign-out/late', { browser: 'desk_none' }, there)
  const [first] = (await ask('GET', '/v1/desk/browsers', undefined, { overSocket: true }))
    .json as BrowserView[]
  await ask('DELETE', `/v1/desk/browsers/${first!.id}`, undefined, { overSocket: true })
  await ask('DELETE', '/v1/desk/browsers', undefined, { overSocket: true })
  const all = allRoutes.map(({ method, path }) => `${method} ${path}`)
  // Neither of the two brokers asks a human for anything.
  // What only people do from outside on has a test of its own.
  // A test of a renewal that succeeds needs an app to which its broker gives refresh tokens.
  assert.deepEqual(
    all.filter((name) => !seen.has(name)),
    [
      'POST /v1/accounts/{account}/login/{login}/answers',
      'POST /v1/accounts/{account}/confirm',
      'POST /v1/accounts/{account}/hook',
      'POST /v1/accounts/{account}/prompt',
      'POST /v1/accounts/{account}/renew',
    ],
  )
})

test('the OpenAPI document: every reference resolves, every route stands in it, every schema is used', () => {
  const document = JSON.parse(JSON.stringify(openApiDocument())) as {
    openapi: string
    info: { title: string; version: string }
    paths: Record<
      string,
      Record<
        string,
        {
          parameters: { name: string; in: string; required: boolean }[]
          responses: Record<string, object>
          security?: object[]
          requestBody?: object
        }
      >
    >
    components: { schemas: Record<string, object> }
  }
  assert.equal(document.openapi, '3.1.0')
  assert.ok(document.info.title && document.info.version)
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!)
  assert.ok(references.length > 20)
  for (const reference of references) {
    const [, name = ''] = /^#\/components\/schemas\/(\w+)$/.exec(reference) ?? []
    assert.ok(document.components.schemas[name], reference)
  }
  for (const name of Object.keys(schemas))
    assert.ok(references.includes(`#/components/schemas/${name}`), `${name} is used by no route`)
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  assert.deepEqual(described.sort(), allRoutes.map(({ method, path }) => `${method} ${path}`).sort())
  for (const route of allRoutes) {
    const operation = document.paths[route.path]![route.method.toLowerCase()]!
    const inPath = operation.parameters.filter((parameter) => parameter.in === 'path')
    assert.deepEqual(
      inPath.map(({ name }) => `{${name}}`),
      route.path.match(/\{\w+\}/g) ?? [],
    )
    assert.ok(inPath.every(({ required }) => required))
    assert.ok(operation.responses.default)
    assert.equal(Object.keys(operation.responses).length, 2)
    assert.equal(operation.security === undefined, route.right === 'anyone')
    assert.equal(operation.requestBody !== undefined, route.body !== undefined)
  }
})

test('health says the same few bytes whatever is stored, and metrics take a key', async () => {
  await using doors = await openDoors()
  for (const path of ['/healthz', '/readyz']) {
    const before = await doors.ask('GET', path)
    assert.deepEqual([before.status, before.text], [200, '{"status":"ok"}'])
  }
  await doors.world.addAccount()
  await doors.world.logIn('demo')
  for (const path of ['/healthz', '/readyz']) {
    const { text, headers } = await doors.ask('GET', path)
    assert.equal(text, '{"status":"ok"}')
    assert.equal(headers.server ?? headers['x-powered-by'], undefined)
    assert.equal((await doors.ask('HEAD', path)).status, 200)
  }
  assert.deepEqual(
    [(await doors.ask('GET', '/metrics')).status, (await doors.ask('GET', '/metrics')).code],
    [401, 'key_missing'],
  )
  const key = await doors.key(['status'])
  const { text } = await doors.ask('GET', '/metrics', { key })
  assert.match(text, /^bhor_accounts\{status="active"\} 1$/m)
  assert.match(text, /^bhor_gate_open\{account="demo",broker="kite"\} 1$/m)
  assert.match(text, /^bhor_proof_age_seconds\{account="demo",broker="kite"\} 0$/m)
  assert.match(text, /^bhor_work_overdue 0$/m)
  assert.match(text, /^bhor_alerts_waiting 0$/m)
  // Sandbox accounts are not called.
  assert.match(text, /^bhor_roll_call_missing 0$/m)
  await doors.world.app.desk.gates.set(doors.world.app.operator, 'demo', { state: 'closed' })
  await doors.world.advance(90_000)
  const later = (await doors.ask('GET', '/metrics', { key })).text
  assert.match(later, /^bhor_gate_open\{account="demo",broker="kite"\} 0$/m)
  assert.match(later, /^bhor_proof_age_seconds\{account="demo",broker="kite"\} 90$/m)
  const handOut = (
    await doors.ask('GET', '/v1/accounts/demo/session', { key: await doors.key(['read-token']) })
  ).json as { accessToken: string; userId: string; apiKey: string }
  for (const value of [handOut.accessToken, handOut.userId, handOut.apiKey]) assert.ok(!text.includes(value))
})

test('a store that does not answer: not ready, but alive', async () => {
  await using doors = await openDoors()
  const { store } = doors.world.app
  const { check } = store
  store.check = async () => {
    throw new Error('disk I/O error at /home/someone/bhor.db')
  }
  const ready = await doors.ask('GET', '/readyz')
  assert.deepEqual([ready.status, ready.code], [500, 'internal'])
  assert.doesNotMatch(ready.text, /disk|someone/)
  assert.equal((await doors.ask('GET', '/healthz')).status, 200)
  store.check = check
})

/** Written out: whoever drops one from the code has to drop it here as well. */
const mustHave = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
}

test('every answer, good or bad, page or data, bears the security headers and never one for other sites', async () => {
  await using doors = await openDoors()
  await doors.world.addAccount()
  const key = await doors.key(['admin'])
  const paths = [
    '/',
    '/assets/app.js',
    '/login/page.js',
    '/login/page.css',
    '/login/over',
    '/callback/kite',
    '/callback/nobody',
    '/healthz',
    '/readyz',
    '/openapi.json',
    '/metrics',
    '/nothing',
    ...allRoutes
      .map(({ path }) => path.replace(/\{account\}/, 'demo').replace(/\{\w+\}/, 'none'))
      .filter((path) => path !== '/v1/changes'),
  ]
  const origins = [undefined, `http://${doors.host}`, 'null', 'http://evil.test', 'http://localhost:3000']
  let count = 0
  for (const path of new Set(paths)) {
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'TRACE']) {
      for (const origin of origins) {
        const headers = {
          ...(origin === undefined ? {} : { origin }),
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization',
        }
        const answer = await doors.ask(method, path, { key, headers })
        const names = Object.keys(answer.headers)
        assert.ok(
          !names.some((name) => name.startsWith('access-control-') || name === 'timing-allow-origin'),
          `${method} ${path}`,
        )
        for (const [name, value] of Object.entries(mustHave))
          assert.equal(answer.headers[name], value, `${method} ${path} ${name}`)
        assert.match(
          String(answer.headers['content-security-policy']),
          /^default-src 'none';.*frame-ancestors 'none'/,
        )
        assert.equal(
          answer.headers['cache-control'],
          path.startsWith('/assets/') && answer.status === 200
            ? 'public, max-age=31536000, immutable'
            : 'no-store',
        )
        for (const name of ['server', 'x-powered-by', 'set-cookie', 'location'])
          assert.equal(answer.headers[name], undefined)
        count++
      }
    }
  }
  assert.ok(count > 600, String(count))
})

test('no file but the built ones is served, however it is asked for', async () => {
  await using doors = await openDoors()
  for (const path of ['/index.html', '/']) assert.equal((await doors.ask('GET', path)).status, 200)
  for (const path of [
    '/assets',
    '/assets//app.js',
    '/assets/app.js/',
    '/assets/app.js%00',
    '/assets/..%2fbhor.sock',
    '/bhor.sock',
    '/../bhor.sock',
    '/%2e%2e/bhor.sock',
    '/assets/App.js',
    '/assets/app.js.map',
    '/__proto__',
    '/constructor',
  ])
    assert.ok([400, 404].includes((await doors.ask('GET', path)).status), path)
  const page = await doors.ask('GET', '/')
  assert.match(String(page.headers['content-security-policy']), /require-trusted-types-for 'script'/)
  assert.equal(page.headers['x-frame-options'], 'DENY')
})
