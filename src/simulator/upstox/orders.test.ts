import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../../core/clock.ts'
import { type Simulator, startSimulator } from '../index.ts'

interface Reply {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: the bodies of a foreign API
  json: any
}

const token = 'upstox-token'

/** 08:30 in India, the demo user is logged in. */
async function start(): Promise<Simulator> {
  const simulator = await startSimulator({ port: 0, clock: new ManualClock('2026-11-23T03:00:00Z') })
  const expiresAt = '2026-11-23T22:00:00Z'
  simulator.adoptSession({ broker: 'upstox', apiKey: 'key', userId: 'DM0002', accessToken: token, expiresAt })
  return simulator
}

async function call(simulator: Simulator, method: string, path: string, json?: unknown): Promise<Reply> {
  const response = await fetch(simulator.hosts('upstox').orders + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: json === undefined ? null : JSON.stringify(json),
  })
  return { status: response.status, json: await response.json() }
}

function refusal(reply: Reply, status: number, code: string): void {
  assert.equal(reply.status, status, JSON.stringify(reply.json))
  assert.equal(reply.json.status, 'error')
  const [error] = reply.json.errors
  assert.deepEqual([error.errorCode, error.error_code], [code, code])
}

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

for (const version of ['v2', 'v3'] as const) {
  test(`${version} orders are placed, listed, changed and cancelled`, async () => {
    await using simulator = await start()
    const placed = (await call(simulator, 'POST', `/${version}/order/place`, order)).json
    const id = version === 'v3' ? placed.data.order_ids[0] : placed.data.order_id
    assert.equal(placed.metadata?.latency, version === 'v3' ? 30 : undefined)
    const list = async () => (await call(simulator, 'GET', '/v2/order/retrieve-all')).json.data
    const [open] = await list()
    assert.deepEqual(
      [open.order_id, open.status, open.pending_quantity, open.instrument_token, open.order_timestamp],
      [id, 'open', 2, order.instrument_token, '2026-11-23 08:30:00'],
    )
    const json = {
      order_id: id,
      quantity: 3,
      validity: 'DAY',
      price: 1510,
      order_type: 'LIMIT',
      trigger_price: 0,
    }
    assert.equal((await call(simulator, 'PUT', `/${version}/order/modify`, json)).json.data.order_id, id)
    const details = await call(simulator, 'GET', `/v2/order/details?order_id=${id}`)
    assert.deepEqual([details.json.data.quantity, details.json.data.price], [3, 1510])
    const path = `/${version}/order/cancel?order_id=${id}`
    assert.equal((await call(simulator, 'DELETE', path)).json.data.order_id, id)
    assert.equal((await list())[0].status, 'cancelled')
    assert.equal((await call(simulator, 'DELETE', path)).status, 400)
    const market = { ...order, order_type: 'MARKET', price: 0 }
    await call(simulator, 'POST', `/${version}/order/place`, market)
    await call(simulator, 'POST', `/${version}/order/place`, { ...order, price: 9000 })
    const [, filled, rejected] = await list()
    assert.deepEqual([filled.status, filled.average_price, rejected.status], ['complete', 1520, 'rejected'])
  })
}

for (const [what, over, code] of [
  ['a quantity of zero', { quantity: 0 }, 'UDAPI1052'],
  ['no order type', { order_type: '' }, 'UDAPI1004'],
  ['an unknown order type', { order_type: 'MAGIC' }, 'UDAPI1056'],
  ['no validity', { validity: '' }, 'UDAPI1007'],
  ['an unknown validity', { validity: 'YEAR' }, 'UDAPI1055'],
  ['an unknown instrument', { instrument_token: 'NSE_EQ|X' }, 'UDAPI100011'],
  ['an unknown side', { transaction_type: 'HOLD' }, 'UDAPI100036'],
  ['an unknown product', { product: 'X' }, 'UDAPI100036'],
  ['a limit order without a price', { price: 0 }, 'UDAPI100036'],
  ['a stop order without a trigger', { order_type: 'SL-M' }, 'UDAPI100036'],
] as const) {
  test(`${what} is refused with 400 and places nothing`, async () => {
    await using simulator = await start()
    refusal(await call(simulator, 'POST', '/v3/order/place', { ...order, ...over }), 400, code)
    assert.deepEqual((await call(simulator, 'GET', '/v2/order/retrieve-all')).json.data, [])
  })
}

test('50 calls of one API and 10 orders in a second, then 429; another API is free', async () => {
  await using simulator = await start()
  for (let i = 0; i < 50; i++) assert.equal((await call(simulator, 'GET', '/v2/user/profile')).status, 200)
  refusal(await call(simulator, 'GET', '/v2/user/profile'), 429, 'UDAPI10005')
  assert.equal((await call(simulator, 'GET', '/v2/portfolio/long-term-holdings')).status, 200)
  const place = (version: string) => call(simulator, 'POST', `/${version}/order/place`, order)
  for (let i = 0; i < 10; i++) assert.equal((await place(i % 2 ? 'v2' : 'v3')).status, 200)
  refusal(await place('v2'), 429, 'UDAPI10005')
  simulator.clock.advance(1000)
  assert.equal((await call(simulator, 'GET', '/v2/user/profile')).status, 200)
  assert.equal((await place('v2')).status, 200)
})
