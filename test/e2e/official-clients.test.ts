import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { HandOut } from '../../src/contracts/api.ts'
import { kiteClient, pykiteClient, upstoxClient } from '../support/official-clients.ts'
import { openWorld, type World } from '../support/world.ts'

// That our own requests are those of the official clients is compared in src/brokers/*/sdk.test.ts.

async function handOut(world: World): Promise<HandOut> {
  return JSON.parse(
    (await world.app.desk.sessions.handOut(world.app.operator, 'demo', {})).reveal(),
  ) as HandOut
}

test('kiteconnect works with a handed-out session: profile, margins, holdings, positions, an order', async () => {
  await using world = await openWorld()
  await world.addAccount({ broker: 'kite' })
  await world.logIn('demo')
  const session = await handOut(world)
  const kite = kiteClient({
    api_key: session.apiKey,
    access_token: session.accessToken,
    root: session.baseUrl,
  })
  assert.equal((await kite.getProfile()).user_id, session.userId)
  assert.ok('equity' in (await kite.getMargins()))
  assert.ok(Array.isArray(await kite.getHoldings()))
  assert.ok('net' in (await kite.getPositions()))
  const { order_id: orderId } = await kite.placeOrder('regular', {
    exchange: 'NSE',
    tradingsymbol: 'INFY',
    transaction_type: 'BUY',
    quantity: 1,
    product: 'CNC',
    order_type: 'LIMIT',
    price: 1500,
    validity: 'DAY',
  })
  assert.ok((await kite.getOrders()).some((order) => order.order_id === orderId))
  await world.app.desk.sessions.logout(world.app.operator, 'demo')
  await assert.rejects(kite.getProfile(), { error_type: 'TokenException' })
})

test('upstox-js-sdk works with a handed-out session, and its read-only kind is refused for orders', async () => {
  await using world = await openWorld()
  await world.addAccount({ broker: 'upstox' })
  await world.logIn('demo')
  const session = await handOut(world)
  const upstox = upstoxClient(session.baseUrl, session.accessToken)
  const profile = (await upstox.call('UserApi', 'getProfile', '2.0')) as { data: { userId: string } }
  assert.equal(profile.data.userId, session.userId)
  const order = {
    quantity: 1,
    product: 'D',
    validity: 'DAY',
    price: 1500,
    instrumentToken: 'NSE_EQ|INE009A01021',
    orderType: 'LIMIT',
    transactionType: 'BUY',
    disclosedQuantity: 0,
    triggerPrice: 0,
    isAmo: false,
  }
  const placed = (await upstox.call('OrderApi', 'placeOrder', order, '2.0')) as { data: { orderId: string } }
  assert.ok(placed.data.orderId)
  const extended = JSON.parse(
    (await world.app.desk.sessions.handOut(world.app.operator, 'demo', { kind: 'extended' })).reveal(),
  ) as HandOut
  await assert.rejects(
    upstoxClient(session.baseUrl, extended.accessToken).call('OrderApi', 'placeOrder', order, '2.0'),
    { status: 403 },
  )
})

test('pykiteconnect’s requests work at the base URL of a session, which has no path that it would drop', async () => {
  await using world = await openWorld()
  await world.addAccount({ broker: 'kite' })
  await world.logIn('demo')
  const session = await handOut(world)
  assert.equal(new URL(session.baseUrl).pathname, '/')
  const { apiKey, accessToken, baseUrl: root } = session
  const kite = pykiteClient({ apiKey, accessToken, root })
  assert.equal((await kite('GET', '/user/profile')).data.user_id, session.userId)
  assert.ok(Array.isArray((await kite('GET', '/portfolio/holdings')).data))
  const order = {
    exchange: 'NSE',
    tradingsymbol: 'INFY',
    transaction_type: 'BUY',
    quantity: '1',
    product: 'CNC',
    order_type: 'LIMIT',
    price: '1500',
    validity: 'DAY',
  }
  assert.ok((await kite('POST', '/orders/regular', order)).data.order_id)
  await kite('DELETE', '/session/token', { api_key: apiKey, access_token: accessToken })
  const dead = { httpStatus: 403, data: null, error_type: 'TokenException' }
  assert.partialDeepStrictEqual(await kite('GET', '/user/profile'), dead)
})

test('pykiteconnect’s generate_session works at the simulator’s origin', async () => {
  await using world = await openWorld()
  const [apiKey, apiSecret] = ['pykitekey', 'pykitesecret']
  const redirectUrl = 'http://127.0.0.1:9/callback'
  world.simulator.registerApp({ broker: 'kite', apiKey, apiSecret, redirectUrl })
  const { login, api: root = '' } = world.simulator.hosts('kite')
  const landed = world.simulator.logIn('kite', `${login}/connect/login?v=3&api_key=${apiKey}`)
  const requestToken = new URL(landed).searchParams.get('request_token') ?? ''
  const checksum = createHash('sha256')
    .update(apiKey + requestToken + apiSecret)
    .digest('hex')
  const form = { api_key: apiKey, request_token: requestToken, checksum }
  const { data } = await pykiteClient({ apiKey, root })('POST', '/session/token', form)
  const kite = pykiteClient({ apiKey, accessToken: String(data.access_token), root })
  assert.equal((await kite('GET', '/user/profile')).data.user_id, data.user_id)
})
