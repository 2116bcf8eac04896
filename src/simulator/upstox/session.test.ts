import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../../core/clock.ts'
import { seededRandom } from '../../core/random.ts'
import { demoUsers, type Simulator, startSimulator } from '../index.ts'

interface Reply {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: the bodies of a foreign API
  json: any
}
type Form = Record<string, string>

const app = {
  broker: 'upstox',
  apiKey: 'up-key',
  apiSecret: 'up-secret',
  redirectUrl: 'http://127.0.0.1:9/callback',
  userId: 'DM0002',
}
/** 08:30 in India. */
const morning = '2026-11-23T03:00:00Z'

async function start(now = morning): Promise<Simulator> {
  const simulator = await startSimulator({
    port: 0,
    clock: new ManualClock(now),
    random: seededRandom('upstox'),
  })
  simulator.registerApp(app)
  return simulator
}

interface Options {
  form?: Form
  json?: unknown
  token?: string
  accept?: string
}
async function call(
  simulator: Simulator,
  method: string,
  path: string,
  options: Options = {},
): Promise<Reply> {
  const headers: Record<string, string> = { accept: options.accept ?? 'application/json' }
  if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`
  if (options.json !== undefined) headers['content-type'] = 'application/json'
  const body = options.form
    ? new URLSearchParams(options.form)
    : options.json === undefined
      ? null
      : JSON.stringify(options.json)
  const response = await fetch(simulator.hosts('upstox').api + path, { method, headers, body })
  return { status: response.status, json: await response.json() }
}

function getCode(simulator: Simulator): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: app.apiKey,
    redirect_uri: app.redirectUrl,
  })
  const url = `${simulator.hosts('upstox').api}/v2/login/authorization/dialog?${query}`
  return new URL(simulator.logIn('upstox', url)).searchParams.get('code') as string
}
const formOf = (code: string, over: Form = {}): Form => ({
  code,
  client_id: app.apiKey,
  client_secret: app.apiSecret,
  redirect_uri: app.redirectUrl,
  grant_type: 'authorization_code',
  ...over,
})
const exchange = (simulator: Simulator, form: Form, accept?: string) =>
  call(simulator, 'POST', '/v2/login/authorization/token', { form, ...(accept !== undefined && { accept }) })
const logIn = async (simulator: Simulator, over: Form = {}): Promise<Reply['json']> =>
  (await exchange(simulator, formOf(getCode(simulator), over))).json
const probe = (simulator: Simulator, token: string) => call(simulator, 'GET', '/v2/user/profile', { token })

function refusal(reply: Reply, status: number, code: string): void {
  assert.equal(reply.status, status, JSON.stringify(reply.json))
  assert.equal(reply.json.status, 'error')
  const [error] = reply.json.errors
  assert.deepEqual([error.errorCode, error.error_code], [code, code])
}
const isDead = (reply: Reply) => refusal(reply, 401, 'UDAPI100050')

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())

test('the exchange answers flat, with the profile and two web tokens', async () => {
  await using simulator = await start()
  const reply = await exchange(simulator, formOf(getCode(simulator)))
  assert.equal(reply.status, 200)
  assert.deepEqual(Object.keys(reply.json).sort(), [
    'access_token',
    'broker',
    'email',
    'exchanges',
    'extended_token',
    'is_active',
    'order_types',
    'poa',
    'products',
    'user_id',
    'user_name',
    'user_type',
  ])
  const { access_token, extended_token, user_id } = reply.json
  assert.equal(user_id, demoUsers.upstox.userId)
  for (const token of [access_token, extended_token]) assert.match(token, /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/)
  const { jti, ...claims } = claimsOf(access_token)
  assert.match(jti, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.deepEqual(claims, {
    sub: user_id,
    isMultiClient: false,
    isPlusPlan: false,
    iat: Date.parse(morning) / 1000,
    iss: 'udapi-gateway-service',
    exp: Date.parse('2026-11-23T22:00:00Z') / 1000,
  })
  assert.deepEqual(
    [claimsOf(extended_token).isExtended, claimsOf(extended_token).exp],
    [true, Date.parse('2027-11-23T22:00:00Z') / 1000],
  )
  const profile = await probe(simulator, access_token)
  assert.deepEqual([profile.json.status, profile.json.data.user_id], ['success', user_id])
})

for (const [issued, death] of [
  ['2026-11-24T14:30:00Z', '2026-11-24T22:00:00Z'], // Tuesday 8 PM: Wednesday 3:30 AM
  ['2026-11-24T21:00:00Z', '2026-11-24T22:00:00Z'], // Wednesday 2:30 AM: the same Wednesday
  ['2026-11-24T22:00:00Z', '2026-11-25T22:00:00Z'], // 3:30 AM sharp: the next day
] as const) {
  test(`a token of ${issued} dies at the first 03:30 IST strictly after it`, async () => {
    await using simulator = await start(issued)
    const { access_token } = await logIn(simulator)
    assert.equal(claimsOf(access_token).exp, Date.parse(death) / 1000)
    simulator.clock.set(Temporal.Instant.from(death).subtract({ milliseconds: 1 }))
    assert.equal((await probe(simulator, access_token)).status, 200)
    simulator.clock.advance(1)
    isDead(await probe(simulator, access_token))
  })
}

test('a code works once, even when the exchange fails', async () => {
  await using simulator = await start()
  const form = formOf(getCode(simulator))
  assert.equal((await exchange(simulator, form)).status, 200)
  refusal(await exchange(simulator, form), 401, 'UDAPI100057')
  const spent = formOf(getCode(simulator))
  refusal(await exchange(simulator, { ...spent, client_secret: 'wrong' }), 401, 'UDAPI100069')
  refusal(await exchange(simulator, spent), 401, 'UDAPI100057')
})

test('a code lives for two minutes', async () => {
  await using simulator = await start()
  const early = formOf(getCode(simulator))
  simulator.clock.advance(119_999)
  assert.equal((await exchange(simulator, early)).status, 200)
  const late = formOf(getCode(simulator))
  simulator.clock.advance(120_000)
  refusal(await exchange(simulator, late), 401, 'UDAPI100057')
})

test('what is wrong with an exchange is told apart', async () => {
  await using simulator = await start()
  const send = (over: Form) => exchange(simulator, formOf(getCode(simulator), over))
  refusal(await send({ client_id: 'x' }), 401, 'UDAPI100069')
  refusal(await send({ redirect_uri: `${app.redirectUrl}/` }), 401, 'UDAPI100070')
  refusal(await send({ grant_type: 'password' }), 400, 'UDAPI1023')
  for (const [field, code] of [
    ['client_id', 'UDAPI1017'],
    ['redirect_uri', 'UDAPI1018'],
    ['code', 'UDAPI1022'],
    ['grant_type', 'UDAPI1023'],
    ['client_secret', 'UDAPI1024'],
  ] as const) {
    refusal(await send({ [field]: '' }), 400, code)
  }
})

test('an exchange that does not accept JSON is 406 and leaves the code alone', async () => {
  await using simulator = await start()
  const form = formOf(getCode(simulator))
  assert.equal((await exchange(simulator, form, 'text/html')).status, 406)
  assert.equal((await exchange(simulator, form)).status, 200)
})

test('an app has one live token: the next login and a logout kill it', async () => {
  await using simulator = await start()
  const first = await logIn(simulator)
  const second = await logIn(simulator)
  isDead(await probe(simulator, first.access_token))
  const token = second.access_token
  assert.equal((await probe(simulator, token)).status, 200)
  assert.deepEqual((await call(simulator, 'DELETE', '/v2/logout', { token })).json, {
    status: 'success',
    data: true,
  })
  isDead(await probe(simulator, token))
  isDead(await call(simulator, 'DELETE', '/v2/logout', { token }))
})

const order = {
  quantity: 2,
  product: 'D',
  validity: 'DAY',
  price: 1500,
  tag: 'test',
  instrument_token: 'NSE_EQ|INE009A01021',
  order_type: 'LIMIT',
  transaction_type: 'BUY',
  disclosed_quantity: 0,
  trigger_price: 0,
  is_amo: false,
}

test('the extended token reads for a year, places no order, and stays until it is refreshed', async () => {
  await using simulator = await start()
  const first = await logIn(simulator)
  const token = first.extended_token
  assert.equal((await logIn(simulator)).extended_token, token)
  simulator.clock.advance(300 * 86_400_000)
  isDead(await probe(simulator, first.access_token))
  assert.equal((await probe(simulator, token)).json.data.user_id, demoUsers.upstox.userId)
  for (const path of ['/v2/portfolio/long-term-holdings', '/v2/order/retrieve-all']) {
    assert.equal((await call(simulator, 'GET', path, { token })).status, 200)
  }
  for (const path of ['/v2/order/place', '/v3/order/place']) {
    refusal(await call(simulator, 'POST', path, { token, json: order }), 403, 'UDAPI100067')
  }
  refusal(await call(simulator, 'DELETE', '/v2/logout', { token }), 403, 'UDAPI100067')
  const refreshed = await logIn(simulator, { refresh_extended_token: 'true' })
  assert.notEqual(refreshed.extended_token, token)
  isDead(await probe(simulator, token))
  simulator.clock.advance(366 * 86_400_000)
  isDead(await probe(simulator, refreshed.extended_token))
  assert.notEqual((await logIn(simulator)).extended_token, refreshed.extended_token)
})

test('funds, holdings and positions have the documented fields', async () => {
  await using simulator = await start()
  const { access_token: token } = await logIn(simulator)
  const get = async (path: string) => (await call(simulator, 'GET', path, { token })).json.data
  const funds = await get('/v2/user/get-funds-and-margin')
  assert.deepEqual(Object.keys(funds), ['equity', 'commodity'])
  assert.equal(Object.keys(funds.equity).length, 7)
  assert.deepEqual(Object.keys(await get('/v2/user/get-funds-and-margin?segment=COM')), ['commodity'])
  assert.deepEqual(Object.keys(await get('/v2/user/get-funds-and-margin?segment=SEC')), ['equity'])
  refusal(
    await call(simulator, 'GET', '/v2/user/get-funds-and-margin?segment=X', { token }),
    400,
    'UDAPI100036',
  )
  const v3 = await get('/v3/user/get-funds-and-margin')
  assert.equal(v3.available_to_trade.cash_available_to_trade.cash.opening_balance, 1_000_000)
  assert.ok(v3.unavailable_to_trade)
  const [holding] = await get('/v2/portfolio/long-term-holdings')
  assert.deepEqual(
    [holding.isin, holding.trading_symbol, Object.keys(holding).length],
    ['INE009A01021', 'INFY', 20],
  )
  const [position] = await get('/v2/portfolio/short-term-positions')
  assert.deepEqual(
    [position.trading_symbol, position.quantity, Object.keys(position).length],
    ['SBIN', 5, 29],
  )
})

test('candles answer without a token, everything else is 401 without one', async () => {
  await using simulator = await start()
  const key = encodeURIComponent(order.instrument_token)
  for (const path of [
    `/v2/historical-candle/${key}/day/2026-11-20`,
    `/v2/historical-candle/${key}/day/2026-11-20/2026-11-01`,
    `/v3/historical-candle/${key}/days/1/2026-11-20`,
    `/v3/historical-candle/${key}/days/1/2026-11-20/2026-11-01`,
  ]) {
    const reply = await call(simulator, 'GET', path)
    assert.equal(reply.status, 200, path)
    assert.equal(reply.json.data.candles[0].length, 7)
  }
  for (const [method, path] of [
    ['GET', '/v2/user/profile'],
    ['GET', '/v3/user/get-funds-and-margin'],
    ['GET', '/v2/portfolio/long-term-holdings'],
    ['GET', '/v2/portfolio/short-term-positions'],
    ['GET', '/v2/order/retrieve-all'],
    ['POST', '/v2/order/place'],
    ['DELETE', '/v3/order/cancel'],
    ['DELETE', '/v2/logout'],
  ] as const) {
    isDead(await call(simulator, method, path))
    isDead(await call(simulator, method, path, { token: 'eyJ.made.up' }))
  }
})

test('an unknown path is 404, another method 405', async () => {
  await using simulator = await start()
  refusal(await call(simulator, 'GET', '/v2/nowhere'), 404, 'UDAPI100060')
  refusal(await call(simulator, 'POST', '/v2/user/profile'), 405, 'UDAPI10000')
})
