import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadBroker } from '../../src/brokers/registry.ts'
import type { HandOut } from '../../src/contracts/api.ts'
import type { Broker, BrokerRequest, RedirectLogin, SignContext } from '../../src/contracts/broker.ts'
import { systemNet } from '../../src/net/system.ts'
import { addressOf, callBroker } from '../../src/session/broker-call.ts'
import { kiteClient, upstoxClient } from '../support/official-clients.ts'
import { type Recorded, startRecorder } from '../support/recorder.ts'
import { openWorld, type World } from '../support/world.ts'

const now = Temporal.Instant.from('2026-11-23T03:00:00Z')
const redirectUrl = 'http://127.0.0.1:7878/callback/kite'
const app = { apiKey: 'key', apiSecret: 'secret' }
const signing: SignContext = {
  app,
  account: {},
  tokens: { access: 'tok', refresh: 'refresh' },
  userId: 'DM0001',
  now,
}

/** The headers by which a broker could tell two clients apart in what they ask for. */
const headersThatMatter = ['x-kite-version', 'authorization', 'content-type', 'accept']

function whatMatters(
  { method, target, headers, body }: Recorded,
  names: readonly string[] = headersThatMatter,
) {
  const kept = Object.fromEntries(
    names.filter((name) => headers[name] !== undefined).map((name) => [name, headers[name]]),
  )
  return { method, target, body, headers: kept }
}

async function ours(broker: Broker, root: string, request: BrokerRequest): Promise<void> {
  await callBroker(systemNet, broker, { api: root, orders: root, login: root }, request, 'api')
}

function redirectLogin(broker: Broker): RedirectLogin {
  const login = broker.logins.find((method) => method.kind === 'redirect')
  assert.ok(login)
  return login
}

test('Kite: login, exchange, renewal, logout and profile are asked for as kiteconnect asks', async () => {
  const kite: Broker = await loadBroker('kite')
  await using recorder = await startRecorder({
    status: 'success',
    data: { access_token: 'a', refresh_token: 'r', login_time: '2026-11-23 08:30:00' },
  })
  const official = kiteClient({ api_key: 'key', root: recorder.url })
  const login = redirectLogin(kite)

  const page = login.loginUrl({ app, account: {}, redirectUrl, vars: {}, now, state: 'st' })
  const ourPage = new URL(addressOf(page, kite.hosts))
  const theirPage = new URL(official.getLoginURL())
  assert.equal(ourPage.origin + ourPage.pathname, theirPage.origin + theirPage.pathname)
  for (const [name, value] of theirPage.searchParams) assert.equal(ourPage.searchParams.get(name), value)
  assert.equal(ourPage.searchParams.get('redirect_params'), 'state=st')

  const steps: [
    name: string,
    theirs: () => Promise<unknown>,
    request: BrokerRequest,
    names?: readonly string[],
  ][] = [
    [
      'exchange',
      () => official.generateSession('rt', 'secret'),
      login.steps[0]!.request({ app, account: {}, redirectUrl, vars: { request_token: 'rt' }, now }),
      ['x-kite-version', 'content-type'],
    ],
    // The renewal proves itself by its checksum; the client also sends the token that it still holds.
    [
      'renewal',
      () => official.renewAccessToken('refresh', 'secret'),
      kite.renewal!.request(signing),
      ['x-kite-version', 'content-type'],
    ],
    [
      'logout',
      () => official.invalidateAccessToken('tok'),
      kite.logout!.request(signing),
      ['x-kite-version'],
    ],
  ]
  for (const [name, theirs, request, names] of steps) {
    await theirs()
    const [official] = recorder.take()
    await ours(kite, recorder.url, request)
    const [own] = recorder.take()
    assert.deepEqual(whatMatters(own!, names), whatMatters(official!, names), name)
  }
  const withToken = kiteClient({ api_key: 'key', access_token: 'tok', root: recorder.url })
  await withToken.getProfile()
  const [theirs] = recorder.take()
  await ours(kite, recorder.url, kite.sign(kite.probe.request(signing), signing))
  const [own] = recorder.take()
  assert.deepEqual(
    whatMatters(own!, ['x-kite-version', 'authorization']),
    whatMatters(theirs!, ['x-kite-version', 'authorization']),
  )
})

test('Upstox: login, exchange, logout and profile are asked for as upstox-js-sdk asks', async () => {
  const upstox: Broker = await loadBroker('upstox')
  await using recorder = await startRecorder({})
  const official = upstoxClient(recorder.url, 'tok')
  const login = redirectLogin(upstox)

  await official.call('LoginApi', 'authorize', 'key', redirectUrl, '2.0', { state: 'st' })
  const [dialog] = recorder.take()
  const theirPage = new URL(dialog!.target, recorder.url)
  const ourPage = new URL(
    addressOf(login.loginUrl({ app, account: {}, redirectUrl, vars: {}, now, state: 'st' }), {
      api: recorder.url,
      login: recorder.url,
    }),
  )
  assert.equal(ourPage.pathname, theirPage.pathname)
  for (const [name, value] of theirPage.searchParams) assert.equal(ourPage.searchParams.get(name), value)
  // The documentation demands it, the client leaves it out.
  assert.equal(ourPage.searchParams.get('response_type'), 'code')

  const exchange = login.steps[0]!.request({ app, account: {}, redirectUrl, vars: { code: 'c' }, now })
  const grant = {
    code: 'c',
    clientId: 'key',
    clientSecret: 'secret',
    redirectUri: redirectUrl,
    grantType: 'authorization_code',
  }
  const steps: [
    name: string,
    theirs: () => Promise<unknown>,
    request: BrokerRequest,
    names: readonly string[],
  ][] = [
    [
      'exchange',
      () => official.call('LoginApi', 'token', '2.0', grant),
      exchange,
      ['content-type', 'accept'],
    ],
    [
      'logout',
      () => official.call('LoginApi', 'logout', '2.0'),
      upstox.logout!.request(signing),
      ['authorization', 'accept'],
    ],
    [
      'profile',
      () => official.call('UserApi', 'getProfile', '2.0'),
      upstox.sign(upstox.probe.request(signing), signing),
      ['authorization', 'accept'],
    ],
  ]
  for (const [name, theirs, request, names] of steps) {
    await theirs()
    const [official] = recorder.take()
    await ours(upstox, recorder.url, request)
    const [own] = recorder.take()
    const [a, b] = [whatMatters(own!, names), whatMatters(official!, names)]
    // The exchange's own token is not part of the exchange.
    assert.deepEqual({ ...a, body: fieldsOf(a.body) }, { ...b, body: fieldsOf(b.body) }, name)
  }
})

/** A form's fields in one order; the order carries no meaning. */
function fieldsOf(body: string): string {
  return [...new URLSearchParams(body)]
    .map((pair) => pair.join('='))
    .sort()
    .join('&')
}

async function handOut(world: World): Promise<HandOut> {
  return JSON.parse((await world.app.desk.handOut(world.app.operator, 'demo', {})).reveal()) as HandOut
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
  await world.app.desk.logout(world.app.operator, 'demo')
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
    (await world.app.desk.handOut(world.app.operator, 'demo', { kind: 'extended' })).reveal(),
  ) as HandOut
  await assert.rejects(
    upstoxClient(session.baseUrl, extended.accessToken).call('OrderApi', 'placeOrder', order, '2.0'),
    { status: 403 },
  )
})
