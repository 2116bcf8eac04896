import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { test } from 'node:test'
import { ManualClock } from '../core/clock.ts'
import { seededRandom } from '../core/random.ts'
import { demoUsers, type Fault, faultKinds, type Simulator, startSimulator } from './index.ts'

const app = {
  broker: 'upstox',
  apiKey: 'key',
  apiSecret: 'secret',
  redirectUrl: 'http://127.0.0.1:9/',
  userId: 'DM0002',
}

async function start(seed?: string): Promise<{ simulator: Simulator; clock: ManualClock }> {
  const clock = new ManualClock()
  const simulator = await startSimulator({
    port: 0,
    clock,
    random: seededRandom('faults'),
    seed,
    rateLimits: false,
  })
  simulator.registerApp(app)
  simulator.registerApp({ ...app, broker: 'kite' })
  return { simulator, clock }
}

interface Outcome {
  status?: number
  type?: string
  location?: string
  bytes: number
  text: string
  broken?: string
}

/** A plain client: sees exactly how far an answer came. */
function ask(url: string, method = 'GET', fields?: Record<string, string>, headers = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const outcome: Outcome = { bytes: 0, text: '' }
    const request = httpRequest(url, {
      method,
      agent: false,
      headers: { ...headers, ...(fields && { 'content-type': 'application/x-www-form-urlencoded' }) },
    })
    request.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ ...outcome, broken: error.code ?? 'error' }),
    )
    request.on('response', (response) => {
      outcome.status = response.statusCode ?? 0
      outcome.type = response.headers['content-type'] ?? ''
      if (response.headers.location) outcome.location = response.headers.location
      response.on('data', (chunk: Buffer) => {
        outcome.bytes += chunk.length
        if (outcome.bytes < 100_000) outcome.text += chunk.toString()
      })
      response.on('end', () => resolve(outcome))
      response.on('error', (error: NodeJS.ErrnoException) =>
        resolve({ ...outcome, broken: error.code ?? 'error' }),
      )
    })
    request.end(fields ? new URLSearchParams(fields).toString() : undefined)
  })
}

function exchangeForm(simulator: Simulator): Record<string, string> {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: app.apiKey,
    redirect_uri: app.redirectUrl,
  })
  const url = `${simulator.hosts('upstox').api}/v2/login/authorization/dialog?${query}`
  const code = new URL(simulator.logIn('upstox', url)).searchParams.get('code') as string
  const { apiKey: client_id, apiSecret: client_secret, redirectUrl: redirect_uri } = app
  return { code, client_id, client_secret, redirect_uri, grant_type: 'authorization_code' }
}
const exchangePath = '/v2/login/authorization/token'
const exchange = (simulator: Simulator, form = exchangeForm(simulator)) =>
  ask(simulator.hosts('upstox').api + exchangePath, 'POST', form)
const hasActed = async (simulator: Simulator): Promise<boolean> => {
  const state = await fetch(`${simulator.url}/control/state`)
  const { brokers } = (await state.json()) as { brokers: { upstox: { sessions: unknown[] } } }
  return brokers.upstox.sessions.length > 0
}

const simple: [Fault, Partial<Outcome>, RegExp?][] = [
  [{ kind: 'status' }, { status: 502, type: 'application/json' }, /UDAPI100500/],
  [{ kind: 'status', status: 504 }, { status: 504 }],
  [{ kind: 'rate_limited' }, { status: 429, type: 'application/json' }, /UDAPI10005/],
  [{ kind: 'html' }, { status: 503, type: 'text/html; charset=utf-8' }, /Service unavailable/],
  [{ kind: 'html', status: 200 }, { status: 200 }, /<!doctype html>/],
  [{ kind: 'redirect' }, { status: 302, location: '/moved', bytes: 0 }],
  [
    { kind: 'redirect', location: 'https://example.com/' },
    { status: 302, location: 'https://example.com/' },
  ],
  [{ kind: 'ip_refused', match: { path: exchangePath } }, { status: 403 }, /UDAPI1154/],
  [{ kind: 'ip_unset', match: { path: exchangePath } }, { status: 403 }, /No static IP has been configured/],
  [{ kind: 'reset_before' }, { broken: 'ECONNRESET', bytes: 0 }],
  [{ kind: 'reset_after' }, { broken: 'ECONNRESET', bytes: 0 }],
  [{ kind: 'garbage' }, { status: 200, type: 'application/json' }, /^\{"status":"succ/],
]
for (const [fault, expected, text] of simple) {
  test(`${JSON.stringify(fault)} ${faultKinds[fault.kind]}, strikes once, and then all is well`, async () => {
    const { simulator } = await start()
    await using _ = simulator
    simulator.faults.add(fault)
    const outcome = await exchange(simulator)
    for (const [name, value] of Object.entries(expected))
      assert.equal(outcome[name as keyof Outcome], value, name)
    if (text) assert.match(outcome.text, text)
    if (fault.kind === 'garbage') assert.throws(() => JSON.parse(outcome.text))
    assert.equal(await hasActed(simulator), faultKinds[fault.kind] === 'acts')
    assert.equal((await exchange(simulator)).status, 200)
    assert.deepEqual(
      simulator.calls().map((call) => call.fault),
      [fault.kind, undefined],
    )
  })
}

test('answer_lost: the head and half of the answer come, the code is spent', async () => {
  const { simulator } = await start()
  await using _ = simulator
  simulator.faults.add({ kind: 'answer_lost' })
  const form = exchangeForm(simulator)
  const outcome = await exchange(simulator, form)
  assert.deepEqual([outcome.status, outcome.broken], [200, 'ECONNRESET'])
  assert.ok(outcome.bytes > 0)
  assert.throws(() => JSON.parse(outcome.text))
  assert.ok(await hasActed(simulator))
  assert.match((await exchange(simulator, form)).text, /UDAPI100057/)
})

test('huge: 64 MiB of one JSON string', async () => {
  const { simulator } = await start()
  await using _ = simulator
  simulator.faults.add({ kind: 'huge' })
  const outcome = await exchange(simulator)
  assert.deepEqual([outcome.status, outcome.bytes], [200, 64 * 1024 * 1024 + 30])
  assert.ok(await hasActed(simulator))
})

test('huge: a client that leaves in the middle is let go', async () => {
  const { simulator } = await start()
  await using _ = simulator
  simulator.faults.add({ kind: 'huge' })
  await new Promise<void>((resolve) => {
    const request = httpRequest(
      `${simulator.hosts('kite').api}/instruments`,
      { agent: false },
      (response) => {
        response.once('data', () => {
          request.destroy()
          resolve()
        })
        response.on('error', () => {})
      },
    )
    request.on('error', () => {})
    request.end()
  })
  assert.equal((await ask(`${simulator.hosts('kite').api}/instruments`)).status, 200)
})

/** Lets the manual clock pass until the work is done. */
async function passing<T>(
  clock: ManualClock,
  stepMs: number,
  work: Promise<T>,
): Promise<{ value: T; passedMs: number }> {
  const started = clock.monotonicMs()
  let isDone = false
  const done = work.finally(() => {
    isDone = true
  })
  while (!isDone) await clock.advance(stepMs)
  return { value: await done, passedMs: clock.monotonicMs() - started }
}

test('slow: nothing comes before the delay on the injected clock has passed, even a long one', async () => {
  const { simulator, clock } = await start()
  await using _ = simulator
  for (const [delayMs, least] of [
    [undefined, 5000],
    [150_000, 150_000],
  ] as const) {
    simulator.faults.add({ kind: 'slow', ...(delayMs !== undefined && { delayMs }) })
    const { value, passedMs } = await passing(clock, 500, ask(`${simulator.hosts('kite').api}/instruments`))
    assert.equal(value.status, 200)
    assert.ok(passedMs >= least, `${passedMs} ms`)
  }
})

test('drip: one byte for each delay', async () => {
  const { simulator, clock } = await start()
  await using _ = simulator
  simulator.faults.add({ kind: 'drip', delayMs: 10, broker: 'kite' })
  const { value, passedMs } = await passing(clock, 5, ask(`${simulator.hosts('kite').api}/user/profile`))
  assert.equal(value.status, 403)
  assert.match(value.text, /TokenException/)
  assert.ok(passedMs >= value.bytes * 10, `${passedMs} ms for ${value.bytes} bytes`)
})

test('closing the simulator ends a call that waits', async () => {
  const { simulator } = await start()
  simulator.faults.add({ kind: 'slow' })
  const waiting = ask(`${simulator.hosts('kite').api}/instruments`)
  while (simulator.calls().length === 0) await new Promise((resolve) => setImmediate(resolve))
  await simulator.close()
  await simulator.closed
  assert.ok((await waiting).broken)
  await simulator.close()
})

test('wrong_user waits for an exchange and grants the session of somebody else', async () => {
  const { simulator } = await start()
  await using _ = simulator
  simulator.faults.add({ kind: 'wrong_user', times: 2 })
  const profile = async (text: string): Promise<string> => {
    const { access_token } = JSON.parse(text) as { access_token: string }
    const headers = { authorization: `Bearer ${access_token}` }
    const reply = await ask(`${simulator.hosts('upstox').api}/v2/user/profile`, 'GET', undefined, headers)
    return (JSON.parse(reply.text) as { data: { user_id: string } }).data.user_id
  }
  const stranger = await exchange(simulator)
  assert.match(stranger.text, /"user_id":"DM0099"/)
  assert.equal(await profile(stranger.text), 'DM0099')
  simulator.addUser({ ...demoUsers.upstox, userId: 'PA0001', name: 'Papa' })
  assert.equal(await profile((await exchange(simulator)).text), 'PA0001')
  assert.equal(await profile((await exchange(simulator)).text), demoUsers.upstox.userId)
})

test('ip_refused strikes orders only, in the words of each broker', async () => {
  const { simulator } = await start()
  await using _ = simulator
  simulator.faults.add({ kind: 'ip_refused', times: Number.POSITIVE_INFINITY })
  const kite = simulator.hosts('kite').api
  const upstox = simulator.hosts('upstox').orders
  assert.equal((await ask(`${kite}/orders`)).text.includes('TokenException'), true)
  const refused = await ask(`${kite}/orders/regular`, 'POST', {})
  assert.equal(refused.status, 403)
  assert.match(refused.text, /is not allowed to place orders for this app.*PermissionException/)
  for (const [method, path] of [
    ['POST', '/v2/order/place'],
    ['PUT', '/v3/order/modify'],
    ['DELETE', '/v2/order/cancel'],
  ] as const) {
    assert.match((await ask(upstox + path, method)).text, /UDAPI1154/)
  }
})

test('a fault strikes where broker, method and path fit, as often as told, the first that fits wins', async () => {
  const { simulator } = await start()
  await using _ = simulator
  const kite = simulator.hosts('kite').api
  simulator.faults.add({
    id: 'first',
    broker: 'kite',
    match: { method: 'get', path: '/user/*' },
    kind: 'status',
    status: 500,
    times: 2,
  })
  simulator.faults.add({
    id: 'second',
    broker: 'kite',
    match: { path: '/user/profile' },
    kind: 'status',
    status: 503,
  })
  const status = async (url: string, method = 'GET') => (await ask(url, method)).status
  assert.equal(await status(`${simulator.hosts('upstox').api}/user/profile`), 404)
  assert.equal(await status(`${kite}/portfolio/holdings`), 403)
  assert.equal(await status(`${kite}/user/margins`, 'POST'), 405)
  assert.equal(await status(`${kite}/user/margins/equity`), 500)
  assert.equal(await status(`${kite}/user/profile`), 500)
  assert.equal(await status(`${kite}/user/profile`), 503)
  assert.equal(await status(`${kite}/user/profile`), 403)
  assert.deepEqual(
    simulator.calls().flatMap((call) => call.faultId ?? []),
    ['first', 'first', 'second'],
  )
  simulator.faults.add({ kind: 'status', times: Number.POSITIVE_INFINITY })
  for (let i = 0; i < 5; i++) assert.equal(await status(`${kite}/instruments`), 502)
  simulator.faults.clear()
  assert.equal(await status(`${kite}/instruments`), 200)
})

test('the same seed strikes the same calls, another seed others', async () => {
  const run = async (seed: string): Promise<string> => {
    const { simulator } = await start(seed)
    await using _ = simulator
    simulator.faults.add({ kind: 'status', probability: 0.5, times: Number.POSITIVE_INFINITY })
    let pattern = ''
    for (let i = 0; i < 40; i++)
      pattern += (await ask(`${simulator.hosts('kite').api}/instruments`)).status === 502 ? 'x' : '.'
    return pattern
  }
  const first = await run('one')
  assert.equal(await run('one'), first)
  assert.notEqual(await run('two'), first)
  assert.match(first, /x/)
  assert.match(first, /\./)
})

test('a fault that makes no sense is refused', async () => {
  const { simulator } = await start()
  await using _ = simulator
  for (const fault of [
    { kind: 'explode' },
    { kind: 'toString' },
    { kind: 'slow', times: 0 },
    { kind: 'slow', times: Number.NaN },
    { kind: 'slow', probability: 0 },
    { kind: 'slow', probability: 1.5 },
    { kind: 'slow', delayMs: -1 },
    { kind: 'status', status: 99 },
  ]) {
    assert.throws(() => simulator.faults.add(fault as Fault), { code: 'bad_field' }, JSON.stringify(fault))
  }
})
