import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { z } from 'zod'
import { type Answer, type AskOptions, type Doors, openDoors } from '../../test/support/doors.ts'
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
      parses(schemas.Problem, answer.json, `${method} ${path}`)
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
  await using doors = await openDoors()
  const { world } = doors
  const { ask, seen } = checking(doors, { key: await doors.key(['admin']) })
  await ask('GET', '/v1/brokers')
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
    await ask('POST', `${at}/renew`, {})
    world.simulator.faults.add({ broker, kind: 'status' })
    await ask('POST', `${at}/test`, {})
    world.simulator.faults.clear()
    await ask('GET', '/v1/accounts')
    const cancelled = (await ask('POST', `${at}/login`, {})).json as { login: string }
    await ask('DELETE', `${at}/login/${cancelled.login}`)
    await ask('GET', `${at}/login/${cancelled.login}`)
    await ask('DELETE', `${at}/session`)
    await ask('GET', `${at}/session`)
    await world.advance(24 * 60 * 60_000)
    await ask('GET', at)
    await ask('DELETE', at)
  }
  const added = (await ask('POST', '/v1/keys', { name: 'x', scopes: ['status'], expiresInDays: 1 })).json as {
    id: string
  }
  await ask('GET', '/v1/keys')
  await ask('DELETE', `/v1/keys/${added.id}`)
  await ask('GET', '/v1/audit?limit=1000')
  await ask('GET', '/v1/audit?limit=1&before=5')
  for (const path of ['/v1/audit/verify', '/v1/doctor', '/v1/config', '/v1/changes?after=0', '/metrics'])
    await ask('GET', path)
  const link = (await ask('POST', '/v1/desk/link', {}, { overSocket: true })).json as { url: string }
  const own = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }
  const noKey = { key: undefined } as unknown as AskOptions
  await ask('POST', '/v1/desk/sign-in', { token: link.url.split('=')[1] }, { ...noKey, headers: own })
  await ask('GET', '/v1/desk/me', undefined, { ...noKey, headers: await doors.signIn() })
  await ask('POST', '/v1/desk/sign-out', {}, { ...noKey, headers: { ...own, ...(await doors.signIn()) } })
  const all = allRoutes.map(({ method, path }) => `${method} ${path}`)
  // Neither of the two brokers asks a human for anything.
  // A test of a renewal that succeeds needs an app to which its broker gives refresh tokens.
  assert.deepEqual(
    all.filter((name) => !seen.has(name)),
    ['POST /v1/accounts/{account}/login/{login}/answers', 'POST /v1/accounts/{account}/renew'],
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
