import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { test } from 'node:test'
import { ManualClock } from '../core/clock.ts'
import { demoUsers, type Simulator, startSimulator, totpCode } from './index.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
type Body = any

const start = () => startSimulator({ port: 0, clock: new ManualClock() })

/** `fetch` sets Host itself, so a plain client. */
function steer(simulator: Simulator, method: string, path: string, body?: unknown, headers = {}) {
  return new Promise<{ status: number; type: string; json: Body }>((resolve, reject) => {
    const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body)
    const type = text === undefined ? {} : { 'content-type': 'application/json' }
    const request = httpRequest(`${simulator.url}/control/${path}`, {
      method,
      agent: false,
      headers: { ...type, ...headers },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const json = JSON.parse(Buffer.concat(chunks).toString())
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', json })
      })
    })
    request.end(text)
  })
}

const app = { broker: 'kite', apiKey: 'key', apiSecret: 'secret', redirectUrl: 'http://127.0.0.1:9/' }
const session = {
  broker: 'kite',
  apiKey: 'key',
  userId: 'DM0001',
  accessToken: 'earlier',
  expiresAt: '2026-11-24T00:30:00Z',
}
const probe = async (simulator: Simulator, token: string) => {
  const headers = { authorization: `token key:${token}` }
  return (await fetch(`${simulator.hosts('kite').api}/user/profile`, { headers })).status
}

test('the state tells clock, hosts, apps, users with their TOTP, sessions, faults and the number of calls', async () => {
  await using simulator = await start()
  await steer(simulator, 'POST', 'apps', {
    ...app,
    userId: 'DM0001',
    userIds: ['DM0001'],
    approvedForRefresh: true,
  })
  await steer(simulator, 'POST', 'sessions', session)
  await steer(simulator, 'POST', 'faults', { kind: 'slow', times: 'always', broker: 'upstox' })
  await probe(simulator, 'earlier')
  const { status, json } = await steer(simulator, 'GET', 'state')
  assert.equal(status, 200)
  assert.deepEqual([json.url, json.now, json.calls], [simulator.url, '2026-11-23T03:00:00Z', 1])
  assert.deepEqual(json.brokers.kite.hosts, simulator.hosts('kite'))
  assert.deepEqual(json.brokers.kite.apps, [
    { ...app, userId: 'DM0001', userIds: ['DM0001'], approvedForRefresh: true },
  ])
  const totpNow = totpCode(demoUsers.kite.totpSeed, simulator.clock.now())
  assert.deepEqual(json.brokers.kite.users, [{ ...demoUsers.kite, totpNow }])
  assert.equal(json.brokers.kite.sessions[0].accessToken, 'earlier')
  assert.deepEqual(json.faults, [{ kind: 'slow', times: null, broker: 'upstox', left: 'always' }])
})

test('the clock is advanced and set', async () => {
  await using simulator = await start()
  assert.deepEqual((await steer(simulator, 'POST', 'clock', { advanceMs: 60_000 })).json, {
    now: '2026-11-23T03:01:00Z',
  })
  assert.deepEqual((await steer(simulator, 'POST', 'clock', { set: '2027-01-01T00:00:00Z' })).json, {
    now: '2027-01-01T00:00:00Z',
  })
  assert.equal(simulator.clock.now().toString(), '2027-01-01T00:00:00Z')
  for (const body of [
    {},
    { advanceMs: 1, set: '2027-01-01T00:00:00Z' },
    { set: 'noon' },
    { advanceMs: 1e300 },
  ]) {
    assert.equal((await steer(simulator, 'POST', 'clock', body)).json.code, 'bad_field')
  }
})

test('faults are armed and disarmed', async () => {
  await using simulator = await start()
  await steer(simulator, 'POST', 'faults', {
    kind: 'status',
    status: 504,
    match: { path: '/user/*' },
    times: 'always',
  })
  assert.equal(await probe(simulator, 'x'), 504)
  assert.equal(await probe(simulator, 'x'), 504)
  await steer(simulator, 'DELETE', 'faults')
  assert.equal(await probe(simulator, 'x'), 403)
  for (const body of [
    {},
    { kind: 'explode' },
    { kind: 'slow', match: { host: 'x' } },
    { kind: 'slow', times: 'often' },
  ]) {
    assert.equal((await steer(simulator, 'POST', 'faults', body)).status >= 400, true)
  }
})

test('calls are recorded in full and filtered, and forgotten on request', async () => {
  await using simulator = await start()
  const { api } = simulator.hosts('kite')
  await fetch(`${api}/session/token?trace=1`, {
    method: 'POST',
    headers: { 'x-kite-version': '3' },
    body: new URLSearchParams({ api_key: 'k', request_token: 'r', checksum: 'c' }),
  })
  const json = { 'content-type': 'application/json' }
  await fetch(`${simulator.hosts('upstox').orders}/v3/order/place`, {
    method: 'POST',
    headers: json,
    body: '{"quantity":2}',
  })
  simulator.clock.advance(1000)
  await fetch(`${api}/orders`, { headers: { authorization: 'token k:t' } })
  const { calls } = (await steer(simulator, 'GET', 'calls')).json
  assert.equal(calls.length, 3)
  const { headers, ...first } = calls[0]
  assert.equal(headers['x-kite-version'], '3')
  assert.deepEqual(first, {
    number: 1,
    at: '2026-11-23T03:00:00Z',
    broker: 'kite',
    method: 'POST',
    path: '/session/token',
    query: { trace: '1' },
    fields: { api_key: 'k', request_token: 'r', checksum: 'c' },
    body: 'api_key=k&request_token=r&checksum=c',
    status: 400,
  })
  assert.deepEqual([calls[1].broker, calls[1].fields], ['upstox', { quantity: 2 }])
  assert.deepEqual([calls[2].at, calls[2].headers.authorization], ['2026-11-23T03:00:01Z', 'token k:t'])
  for (const [query, numbers] of [
    ['broker=upstox', [2]],
    ['method=post', [1, 2]],
    ['path=/orders', [3]],
    ['path=/*token', [1]],
    ['broker=kite&method=GET', [3]],
  ] as const) {
    const found = (await steer(simulator, 'GET', `calls?${query}`)).json.calls
    assert.deepEqual(
      found.map((call: { number: number }) => call.number),
      numbers,
      query,
    )
  }
  await steer(simulator, 'DELETE', 'calls')
  assert.deepEqual((await steer(simulator, 'GET', 'calls')).json, { calls: [] })
})

test('apps and users are added, sessions adopted and killed', async () => {
  await using simulator = await start()
  await steer(simulator, 'POST', 'apps', app)
  const user = { ...demoUsers.kite, userId: 'PP0001', pin: '1111' }
  assert.equal((await steer(simulator, 'POST', 'users', user)).status, 200)
  assert.equal((await steer(simulator, 'POST', 'sessions', { ...session, userId: 'PP0001' })).status, 200)
  assert.equal(await probe(simulator, 'earlier'), 200)
  const kill = { broker: 'kite', apiKey: 'key' }
  assert.deepEqual((await steer(simulator, 'POST', 'kill-session', kill)).json, { wasLive: true })
  assert.equal(await probe(simulator, 'earlier'), 403)
  assert.deepEqual((await steer(simulator, 'POST', 'kill-session', kill)).json, { wasLive: false })
  const url = `${simulator.hosts('kite').login}/connect/login?v=3&api_key=key`
  assert.match(simulator.logIn('kite', url, { userId: 'PP0001' }), /request_token=/)
})

test('whatever is wrong with a command is said as a problem', async () => {
  await using simulator = await start()
  const refusals: [string, string, unknown, object, number, string][] = [
    ['GET', 'nowhere', undefined, {}, 404, 'not_found'],
    ['GET', 'apps', undefined, {}, 405, 'method_not_allowed'],
    ['POST', 'apps', '{', {}, 400, 'bad_json'],
    ['POST', 'apps', '[]', {}, 422, 'bad_field'],
    ['POST', 'apps', '{"broker":"kite","broker":"upstox"}', {}, 400, 'duplicate_field'],
    ['POST', 'apps', { ...app, extra: 1 }, {}, 400, 'unknown_field'],
    ['POST', 'apps', { ...app, apiKey: 7 }, {}, 422, 'bad_field'],
    ['POST', 'apps', { ...app, userIds: 'DM0001' }, {}, 422, 'bad_field'],
    ['POST', 'apps', { ...app, redirectUrl: 'javascript:alert(1)' }, {}, 422, 'bad_field'],
    ['POST', 'apps', { ...app, apiSecret: '' }, {}, 422, 'bad_field'],
    ['POST', 'apps', { ...app, broker: 'nobody' }, {}, 422, 'broker_not_found'],
    ['POST', 'apps', app, { 'content-type': 'text/plain' }, 415, 'json_only'],
    ['POST', 'users', { ...demoUsers.kite, totpSeed: '01' }, {}, 422, 'bad_secret'],
    ['POST', 'users', { ...demoUsers.kite, userId: 'a b' }, {}, 422, 'bad_field'],
    ['POST', 'sessions', { ...session, userId: 'NO0000' }, {}, 422, 'bad_field'],
    ['POST', 'sessions', { ...session, expiresAt: 'tomorrow' }, {}, 422, 'bad_field'],
    ['GET', 'state', undefined, { origin: 'https://evil.example' }, 403, 'cross_site_blocked'],
    ['GET', 'state', undefined, { origin: 'null' }, 403, 'cross_site_blocked'],
    ['POST', 'clock', { advanceMs: 1 }, { origin: 'http://127.0.0.1:1' }, 403, 'cross_site_blocked'],
    ['GET', 'state', undefined, { host: 'evil.example' }, 421, 'host_not_allowed'],
    ['GET', 'state', undefined, { host: '127.0.0.1' }, 421, 'host_not_allowed'],
  ]
  for (const [method, path, body, headers, status, code] of refusals) {
    const reply = await steer(simulator, method, path, body, headers)
    const what = `${method} ${path} ${JSON.stringify(body)} ${JSON.stringify(headers)}`
    assert.deepEqual(
      [reply.status, reply.json.code, reply.type],
      [status, code, 'application/problem+json'],
      what,
    )
    assert.ok(reply.json.detail && reply.json.hint, what)
  }
})

test('the own page may steer, under each name of loopback', async () => {
  await using simulator = await start()
  for (const name of ['127.0.0.1', 'localhost', '[::1]']) {
    const host = `${name}:${simulator.port}`
    assert.equal(
      (await steer(simulator, 'GET', 'state', undefined, { host, origin: `http://${host}` })).status,
      200,
    )
  }
})
