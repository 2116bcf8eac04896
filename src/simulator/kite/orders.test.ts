import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../../core/clock.ts'
import { type Simulator, startSimulator } from '../index.ts'

interface Reply {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: the bodies of a foreign API
  json: any
}
type Form = Record<string, string>

const token = 'KiteToken'

/** 08:30 in India, the demo user is logged in. */
async function start(): Promise<Simulator> {
  const simulator = await startSimulator({ port: 0, clock: new ManualClock('2026-11-23T03:00:00Z') })
  const expiresAt = '2026-11-25T00:30:00Z'
  simulator.adoptSession({ broker: 'kite', apiKey: 'key', userId: 'DM0001', accessToken: token, expiresAt })
  return simulator
}

async function call(simulator: Simulator, method: string, path: string, form?: Form): Promise<Reply> {
  const response = await fetch(simulator.hosts('kite').api + path, {
    method,
    headers: { authorization: `token key:${token}`, 'x-kite-version': '3' },
    ...(form && { body: new URLSearchParams(form) }),
  })
  return { status: response.status, json: await response.json() }
}

function refusal(reply: Reply, status: number, errorType: string, message: RegExp): void {
  assert.equal(reply.status, status, JSON.stringify(reply.json))
  assert.deepEqual([reply.json.status, reply.json.error_type], ['error', errorType])
  assert.match(reply.json.message, message)
}

const limitOrder = {
  exchange: 'NSE',
  tradingsymbol: 'INFY',
  transaction_type: 'BUY',
  order_type: 'LIMIT',
  quantity: '2',
  product: 'CNC',
  price: '1500',
  validity: 'DAY',
  tag: 'test',
}

test('orders are placed, listed, changed and cancelled', async () => {
  await using simulator = await start()
  const placed = await call(simulator, 'POST', '/orders/regular', limitOrder)
  const id = placed.json.data.order_id
  assert.deepEqual(placed.json, { status: 'success', data: { order_id: id } })
  const [open] = (await call(simulator, 'GET', '/orders')).json.data
  assert.deepEqual(
    [
      open.order_id,
      open.status,
      open.pending_quantity,
      open.instrument_token,
      open.order_timestamp,
      open.tag,
    ],
    [id, 'OPEN', 2, 408065, '2026-11-23 08:30:00', 'test'],
  )
  const change = { order_type: 'LIMIT', quantity: '3', price: '1600' }
  await call(simulator, 'PUT', `/orders/regular/${id}`, change)
  const [filled] = (await call(simulator, 'GET', `/orders/${id}`)).json.data
  assert.deepEqual(
    [filled.status, filled.filled_quantity, filled.average_price, filled.modified],
    ['COMPLETE', 3, 1520, true],
  )
  refusal(await call(simulator, 'DELETE', `/orders/regular/${id}`), 400, 'OrderException', /closed/)
  const second = (await call(simulator, 'POST', '/orders/amo', limitOrder)).json.data.order_id
  assert.equal((await call(simulator, 'DELETE', `/orders/amo/${second}`)).json.data.order_id, second)
  const [cancelled] = (await call(simulator, 'GET', `/orders/${second}`)).json.data
  assert.deepEqual([cancelled.status, cancelled.cancelled_quantity], ['CANCELLED', 2])
  refusal(await call(simulator, 'GET', '/orders/999'), 404, 'GeneralException', /order_id/)
  simulator.clock.set('2026-11-23T20:00:00Z') // 01:30 IST of the next day
  assert.deepEqual((await call(simulator, 'GET', '/orders')).json.data, [])
})

for (const [what, over, message] of [
  ['a quantity of zero', { quantity: '0' }, /quantity/],
  ['a negative quantity', { quantity: '-1' }, /quantity/],
  ['half a share', { quantity: '0.5' }, /quantity/],
  [
    'a market order without protection',
    { order_type: 'MARKET' },
    /^Market orders without market protection are not allowed/,
  ],
  ['a market order with protection 0', { order_type: 'MARKET', market_protection: '0' }, /market protection/],
  ['a limit order without a price', { price: '' }, /price/],
  ['a stop order without a trigger', { order_type: 'SL' }, /trigger_price/],
  ['an unknown order type', { order_type: 'MAGIC' }, /order_type/],
  ['an unknown side', { transaction_type: 'HOLD' }, /transaction_type/],
  ['an unknown product', { product: 'XYZ' }, /product/],
  ['an unlisted share', { tradingsymbol: 'NOSUCH' }, /does not exist/],
  ['a missing field', { exchange: '' }, /exchange/],
] as const) {
  test(`${what} is an InputException and places nothing`, async () => {
    await using simulator = await start()
    const reply = await call(simulator, 'POST', '/orders/regular', { ...limitOrder, ...over })
    refusal(reply, 400, 'InputException', message)
    assert.deepEqual((await call(simulator, 'GET', '/orders')).json.data, [])
  })
}

test('a protected market order fills; too dear and out of range are listed as rejected; stops wait', async () => {
  await using simulator = await start()
  for (const over of [
    { order_type: 'MARKET', market_protection: '-1' },
    { quantity: '1000' },
    { price: '3000' },
    { order_type: 'SL', trigger_price: '1550', price: '1555' },
  ] as Form[]) {
    assert.equal((await call(simulator, 'POST', '/orders/regular', { ...limitOrder, ...over })).status, 200)
  }
  const { data } = (await call(simulator, 'GET', '/orders')).json
  assert.deepEqual(
    data.map((order: { status: string }) => order.status),
    ['COMPLETE', 'REJECTED', 'REJECTED', 'TRIGGER PENDING'],
  )
  assert.match(data[1].status_message, /^Insufficient funds\. Required margin is 1500000\.00/)
  assert.match(data[2].status_message, /range/)
})

test('at most 25 changes of one order', async () => {
  await using simulator = await start()
  const id = (await call(simulator, 'POST', '/orders/regular', limitOrder)).json.data.order_id
  const change = () => {
    simulator.clock.advance(1000)
    return call(simulator, 'PUT', `/orders/regular/${id}`, { quantity: '2' })
  }
  for (let i = 0; i < 25; i++) assert.equal((await change()).status, 200)
  refusal(await change(), 400, 'InputException', /modifications exceeded/)
})

test('the eleventh call and the eleventh order of one second are 429, until the next second', async () => {
  await using simulator = await start()
  simulator.clock.set('2026-11-23T05:00:00.900Z')
  const order = () => call(simulator, 'POST', '/orders/regular', limitOrder)
  for (const send of [() => call(simulator, 'GET', '/user/profile'), order]) {
    for (let i = 0; i < 10; i++) assert.equal((await send()).status, 200)
    refusal(await send(), 429, 'NetworkException', /^Too many requests$/)
  }
  simulator.clock.advance(100)
  assert.equal((await call(simulator, 'GET', '/user/profile')).status, 200)
  assert.equal((await order()).status, 200)
})

test('400 orders in one minute are the end of it', async () => {
  await using simulator = await start()
  const order = () => call(simulator, 'POST', '/orders/regular', limitOrder)
  for (let i = 0; i < 400; i++) {
    if (i % 10 === 0) simulator.clock.advance(1000)
    assert.equal((await order()).status, 200)
  }
  simulator.clock.advance(1000)
  assert.equal((await order()).status, 429)
  simulator.clock.advance(60_000)
  assert.equal((await order()).status, 200)
})
