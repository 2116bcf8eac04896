import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { ManualClock } from '../../core/clock.ts'
import { seededRandom } from '../../core/random.ts'
import { demoUsers, type Simulator, startSimulator } from '../index.ts'

interface Reply {
  status: number
  type: string
  // biome-ignore lint/suspicious/noExplicitAny: the bodies of a foreign API
  json: any
}
type Form = Record<string, string>

const key = 'kite-key'
const secret = 'kite-secret'
/** 08:30 in India. */
const morning = '2026-11-23T03:00:00Z'

async function start(app: { approvedForRefresh?: boolean } = {}, now = morning): Promise<Simulator> {
  const simulator = await startSimulator({
    port: 0,
    clock: new ManualClock(now),
    random: seededRandom('kite'),
  })
  const redirectUrl = 'http://127.0.0.1:9/callback'
  simulator.registerApp({
    broker: 'kite',
    apiKey: key,
    apiSecret: secret,
    redirectUrl,
    userId: 'DM0001',
    ...app,
  })
  return simulator
}

async function call(
  simulator: Simulator,
  method: string,
  path: string,
  options: { form?: Form; token?: string } = {},
) {
  const response = await fetch(simulator.hosts('kite').api + path, {
    method,
    headers:
      options.token === undefined
        ? {}
        : { authorization: `token ${key}:${options.token}`, 'x-kite-version': '3' },
    ...(options.form && { body: new URLSearchParams(options.form) }),
  })
  const text = await response.text()
  const type = response.headers.get('content-type') ?? ''
  return {
    status: response.status,
    type,
    json: type === 'application/json' ? JSON.parse(text) : text,
  } as Reply
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const signed = (name: string, token: string, over: Form = {}): Form => ({
  api_key: key,
  [name]: token,
  checksum: sha256(key + token + secret),
  ...over,
})
const requestToken = (simulator: Simulator): string =>
  new URL(
    simulator.logIn('kite', `${simulator.hosts('kite').login}/connect/login?v=3&api_key=${key}`),
  ).searchParams.get('request_token') as string
const exchange = (simulator: Simulator, form: Form) => call(simulator, 'POST', '/session/token', { form })
const logIn = async (simulator: Simulator): Promise<Reply['json']> =>
  (await exchange(simulator, signed('request_token', requestToken(simulator)))).json.data
const probe = (simulator: Simulator, token: string) => call(simulator, 'GET', '/user/profile', { token })

function refusal(reply: Reply, status: number, errorType: string, message: string | RegExp): void {
  assert.equal(reply.status, status, JSON.stringify(reply.json))
  assert.deepEqual([reply.json.status, reply.json.error_type], ['error', errorType])
  if (typeof message === 'string') assert.equal(reply.json.message, message)
  else assert.match(reply.json.message, message)
}
const isDead = (reply: Reply) =>
  refusal(reply, 403, 'TokenException', 'Incorrect `api_key` or `access_token`.')

test('the exchange gives every documented field and a session that works', async () => {
  await using simulator = await start()
  const reply = await exchange(simulator, signed('request_token', requestToken(simulator)))
  assert.equal(reply.status, 200)
  const { data } = reply.json
  assert.deepEqual(Object.keys(data).sort(), [
    'access_token',
    'api_key',
    'avatar_url',
    'broker',
    'email',
    'enctoken',
    'exchanges',
    'login_time',
    'meta',
    'order_types',
    'products',
    'public_token',
    'refresh_token',
    'silo',
    'user_id',
    'user_name',
    'user_shortname',
    'user_type',
  ])
  assert.equal(data.login_time, '2026-11-23 08:30:00')
  assert.deepEqual([data.refresh_token, data.silo, data.api_key], ['', '', key])
  assert.match(data.access_token, /^[A-Za-z0-9]{32}$/)
  const profile = await probe(simulator, data.access_token)
  assert.equal(profile.json.data.user_id, demoUsers.kite.userId)
  assert.ok(!('access_token' in profile.json.data))
})

test('a request_token works once', async () => {
  await using simulator = await start()
  const form = signed('request_token', requestToken(simulator))
  assert.equal((await exchange(simulator, form)).status, 200)
  refusal(await exchange(simulator, form), 403, 'TokenException', 'Token is invalid or has expired.')
})

test('a request_token lives for less than 5 minutes', async () => {
  await using simulator = await start()
  const first = signed('request_token', requestToken(simulator))
  simulator.clock.advance(5 * 60_000 - 1)
  assert.equal((await exchange(simulator, first)).status, 200)
  const second = signed('request_token', requestToken(simulator))
  simulator.clock.advance(5 * 60_000)
  refusal(await exchange(simulator, second), 403, 'TokenException', 'Token is invalid or has expired.')
})

test('a wrong checksum, an unknown app, another app’s token and missing fields are told apart', async () => {
  await using simulator = await start()
  const token = requestToken(simulator)
  const wrong = await exchange(simulator, signed('request_token', token, { checksum: sha256(key + token) }))
  refusal(wrong, 403, 'TokenException', 'Invalid `checksum`.')
  refusal(
    await exchange(simulator, signed('request_token', token, { api_key: 'x' })),
    400,
    'InputException',
    /api_key/,
  )
  refusal(await exchange(simulator, { api_key: key, checksum: 'x' }), 400, 'InputException', /request_token/)
  const redirectUrl = 'http://127.0.0.1:9/'
  simulator.registerApp({ broker: 'kite', apiKey: 'other', apiSecret: 'other', redirectUrl })
  const stolen = { api_key: 'other', request_token: token, checksum: sha256(`other${token}other`) }
  refusal(await exchange(simulator, stolen), 403, 'TokenException', 'Token is invalid or has expired.')
})

test('an app has one live token: the next login kills the one before', async () => {
  await using simulator = await start()
  const first = await logIn(simulator)
  const second = await logIn(simulator)
  isDead(await probe(simulator, first.access_token))
  assert.equal((await probe(simulator, second.access_token)).status, 200)
})

for (const [issued, lastLivingMoment] of [
  ['2026-11-23T03:00:00Z', '2026-11-24T00:29:59.999Z'],
  ['2026-11-22T23:00:00Z', '2026-11-23T00:29:59.999Z'], // 04:30 IST: dies at 06:00 of the same day
  ['2026-11-23T00:30:00Z', '2026-11-24T00:29:59.999Z'], // 06:00 IST sharp: the next day
] as const) {
  test(`a token of ${issued} dies at the first 06:00 IST after it`, async () => {
    await using simulator = await start({}, issued)
    const { access_token } = await logIn(simulator)
    simulator.clock.set(lastLivingMoment)
    assert.equal((await probe(simulator, access_token)).status, 200)
    simulator.clock.advance(1)
    isDead(await probe(simulator, access_token))
  })
}

test('every guarded call refuses a missing, foreign or malformed authorization alike', async () => {
  await using simulator = await start()
  const { access_token } = await logIn(simulator)
  for (const authorization of [
    '',
    `token ${access_token}`,
    `token x:${access_token}`,
    `Bearer ${access_token}`,
    'token :',
  ]) {
    const response = await fetch(`${simulator.hosts('kite').api}/user/profile`, {
      headers: { authorization },
    })
    isDead({ status: response.status, type: '', json: await response.json() })
  }
  for (const [method, path] of [
    ['GET', '/user/margins'],
    ['GET', '/portfolio/holdings'],
    ['GET', '/portfolio/positions'],
    ['GET', '/orders'],
    ['POST', '/orders/regular'],
    ['PUT', '/orders/regular/1'],
    ['DELETE', '/orders/regular/1'],
  ] as const) {
    isDead(await call(simulator, method, path))
  }
})

test('logout kills the token, once', async () => {
  await using simulator = await start()
  const { access_token } = await logIn(simulator)
  const path = `/session/token?api_key=${key}&access_token=${access_token}`
  assert.deepEqual((await call(simulator, 'DELETE', path)).json, { status: 'success', data: true })
  isDead(await probe(simulator, access_token))
  isDead(await call(simulator, 'DELETE', path))
})

test('an approved app renews with its refresh token, even after 06:00; the token rotates', async () => {
  await using simulator = await start({ approvedForRefresh: true })
  const first = await logIn(simulator)
  assert.match(first.refresh_token, /^[A-Za-z0-9]{32}$/)
  simulator.clock.advance(86_400_000)
  isDead(await probe(simulator, first.access_token))
  const renew = (token: string) =>
    call(simulator, 'POST', '/session/refresh_token', { form: signed('refresh_token', token) })
  const { data } = (await renew(first.refresh_token)).json
  assert.deepEqual(Object.keys(data), ['user_id', 'access_token', 'refresh_token'])
  assert.equal((await probe(simulator, data.access_token)).status, 200)
  refusal(await renew(first.refresh_token), 403, 'TokenException', /invalid or has expired/)
  const path = `/session/token?api_key=${key}&refresh_token=${data.refresh_token}`
  assert.equal((await call(simulator, 'DELETE', path)).status, 200)
  refusal(await renew(data.refresh_token), 403, 'TokenException', /invalid or has expired/)
})

test('an individual’s app cannot renew', async () => {
  await using simulator = await start()
  await logIn(simulator)
  const form = signed('refresh_token', 'made-up')
  refusal(await call(simulator, 'POST', '/session/refresh_token', { form }), 403, 'TokenException', /invalid/)
  refusal(
    await call(simulator, 'POST', '/session/refresh_token', { form: signed('refresh_token', '') }),
    400,
    'InputException',
    /refresh_token/,
  )
})

test('instruments answer without a token, as CSV', async () => {
  await using simulator = await start()
  for (const path of ['/instruments', '/instruments/NSE']) {
    const reply = await call(simulator, 'GET', path, { token: 'dead' })
    assert.deepEqual([reply.status, reply.type], [200, 'text/csv'])
    assert.match(reply.json, /^instrument_token,.*\n408065,1594,INFY/)
  }
})

test('margins, holdings and positions have the documented fields', async () => {
  await using simulator = await start()
  const { access_token: token } = await logIn(simulator)
  const get = async (path: string) => (await call(simulator, 'GET', path, { token })).json.data
  const margins = await get('/user/margins')
  assert.deepEqual(Object.keys(margins), ['equity', 'commodity'])
  assert.deepEqual(await get('/user/margins/equity'), margins.equity)
  assert.equal(Object.keys(margins.equity.utilised).length, 12)
  refusal(await call(simulator, 'GET', '/user/margins/gold', { token }), 400, 'InputException', /segment/)
  const [holding] = await get('/portfolio/holdings')
  assert.deepEqual(
    [holding.tradingsymbol, holding.quantity, holding.pnl, Object.keys(holding).length],
    ['INFY', 10, 700, 25],
  )
  const { net, day } = await get('/portfolio/positions')
  assert.deepEqual(
    [net[0].tradingsymbol, net[0].quantity, Object.keys(net[0]).length, day.length],
    ['SBIN', 5, 29, 1],
  )
})

test('an unknown path is 404, a known one with another method 405, both without a token', async () => {
  await using simulator = await start()
  refusal(await call(simulator, 'GET', '/nowhere'), 404, 'GeneralException', 'Route not found')
  refusal(await call(simulator, 'GET', '/user/margins/%ff'), 404, 'GeneralException', 'Route not found')
  refusal(await call(simulator, 'POST', '/user/profile'), 405, 'GeneralException', 'Method not allowed')
  refusal(await call(simulator, 'GET', '/session/token'), 405, 'GeneralException', 'Method not allowed')
})
