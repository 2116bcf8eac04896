import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { KiteConnect } from 'kiteconnect'
import { ManualClock } from '../core/clock.ts'
import { startSimulator } from './index.ts'

const redirectUrl = 'http://127.0.0.1:9/callback'

test('the official Kite client logs in, reads, orders and meets a dead token', async () => {
  await using simulator = await startSimulator({ port: 0, clock: new ManualClock() })
  simulator.registerApp({
    broker: 'kite',
    apiKey: 'key',
    apiSecret: 'secret',
    redirectUrl,
    userId: 'DM0001',
    approvedForRefresh: true,
  })
  const { login, api: root } = simulator.hosts('kite')
  const landed = new URL(simulator.logIn('kite', `${login}/connect/login?v=3&api_key=key`))
  const client = new KiteConnect({ api_key: 'key', root: root! })
  let isTold = false
  client.setSessionExpiryHook(() => {
    isTold = true
  })
  const session = await client.generateSession(landed.searchParams.get('request_token') as string, 'secret')
  assert.equal(session.user_id, 'DM0001')
  assert.equal((await client.getProfile()).user_id, 'DM0001')
  assert.equal((await client.getMargins()).equity?.net, 1_000_000)
  assert.deepEqual(await client.getMargins('equity'), (await client.getMargins()).equity)
  assert.equal((await client.getHoldings())[0]?.tradingsymbol, 'INFY')
  assert.equal((await client.getPositions()).net[0]?.tradingsymbol, 'SBIN')
  assert.equal((await client.getInstruments())[0]?.tradingsymbol, 'INFY')
  simulator.clock.advance(1000)
  const order = {
    exchange: 'NSE',
    tradingsymbol: 'INFY',
    transaction_type: 'BUY',
    quantity: 1,
    product: 'CNC',
  } as const
  const placed = await client.placeOrder('regular', { ...order, order_type: 'LIMIT', price: 1500 })
  await client.modifyOrder('regular', placed.order_id, { quantity: 2 })
  await client.cancelOrder('regular', placed.order_id)
  assert.deepEqual(
    (await client.getOrders()).map(({ order_id, status, quantity }) => [order_id, status, quantity]),
    [[placed.order_id, 'CANCELLED', 2]],
  )
  assert.equal((await client.getOrderHistory(placed.order_id)).length, 1)
  await assert.rejects(client.placeOrder('regular', { ...order, order_type: 'MARKET' }), {
    error_type: 'InputException',
  })
  const renewed = await client.renewAccessToken(session.refresh_token as string, 'secret')
  assert.equal((await client.getProfile()).user_id, 'DM0001')
  assert.equal(isTold, false)
  await client.invalidateAccessToken(renewed.access_token)
  await assert.rejects(client.getProfile(), { error_type: 'TokenException' })
  assert.equal(isTold, true)
})

// biome-ignore lint/suspicious/noExplicitAny: the package has no types
const upstox: any = createRequire(import.meta.url)('upstox-js-sdk')

/** Turns a callback API into a promise; a refusal carries the status and Upstox's code. */
// biome-ignore lint/suspicious/noExplicitAny: the package has no types
const ask = (call: (callback: (error: any, data: any) => void) => void) =>
  // biome-ignore lint/suspicious/noExplicitAny: the package has no types
  new Promise<any>((resolve, reject) =>
    call((error, data) => {
      if (!error) return resolve(data)
      reject({ status: error.status, code: JSON.parse(error.response.text).errors[0].errorCode })
    }),
  )

test('the official Upstox client logs in, reads, orders and meets a dead token', async () => {
  await using simulator = await startSimulator({ port: 0, clock: new ManualClock() })
  simulator.registerApp({
    broker: 'upstox',
    apiKey: 'key',
    apiSecret: 'secret',
    redirectUrl,
    userId: 'DM0002',
  })
  const { api, orders } = simulator.hosts('upstox')
  const query = new URLSearchParams({ response_type: 'code', client_id: 'key', redirect_uri: redirectUrl })
  const landed = new URL(simulator.logIn('upstox', `${api}/v2/login/authorization/dialog?${query}`))
  const client = new upstox.ApiClient()
  client.basePath = api
  client.orderBasePath = orders
  const version = '2.0'
  const logins = new upstox.LoginApi(client)
  const grant = {
    code: landed.searchParams.get('code'),
    clientId: 'key',
    clientSecret: 'secret',
    redirectUri: redirectUrl,
    grantType: 'authorization_code',
  }
  const session = await ask((done) => logins.token(version, grant, done))
  assert.equal(session.userId, 'DM0002')
  await assert.rejects(
    ask((done) => logins.token(version, grant, done)),
    { code: 'UDAPI100057' },
  )
  client.authentications.OAUTH2.accessToken = session.accessToken
  const user = new upstox.UserApi(client)
  assert.equal((await ask((done) => user.getProfile(version, done))).data.userId, 'DM0002')
  const funds = await ask((done) => user.getUserFundMargin(version, {}, done))
  assert.equal(funds.data.equity.availableMargin, 1_000_000)
  const portfolio = new upstox.PortfolioApi(client)
  assert.equal((await ask((done) => portfolio.getHoldings(version, done))).data[0].tradingSymbol, 'INFY')
  assert.equal((await ask((done) => portfolio.getPositions(version, done))).data[0].tradingSymbol, 'SBIN')
  const book = new upstox.OrderApi(client)
  const orderBody = {
    quantity: 1,
    product: 'D',
    validity: 'DAY',
    price: 1500,
    tag: 'sdk',
    instrumentToken: 'NSE_EQ|INE009A01021',
    orderType: 'LIMIT',
    transactionType: 'BUY',
    disclosedQuantity: 0,
    triggerPrice: 0,
    isAmo: false,
  }
  const v2 = await ask((done) => book.placeOrder(orderBody, version, done))
  const v3 = await ask((done) => new upstox.OrderApiV3(client).placeOrder(orderBody, {}, done))
  await ask((done) => book.cancelOrder(v2.data.orderId, version, done))
  const listed = await ask((done) => book.getOrderBook(version, done))
  assert.deepEqual(
    listed.data.map((order: { orderId: string; status: string }) => [order.orderId, order.status]),
    [
      [v2.data.orderId, 'cancelled'],
      [v3.data.orderIds[0], 'open'],
    ],
  )
  client.authentications.OAUTH2.accessToken = session.extendedToken
  assert.equal((await ask((done) => user.getProfile(version, done))).data.userId, 'DM0002')
  await assert.rejects(
    ask((done) => book.placeOrder(orderBody, version, done)),
    { status: 403, code: 'UDAPI100067' },
  )
  client.authentications.OAUTH2.accessToken = session.accessToken
  await ask((done) => logins.logout(version, done))
  await assert.rejects(
    ask((done) => user.getProfile(version, done)),
    { status: 401, code: 'UDAPI100050' },
  )
})
