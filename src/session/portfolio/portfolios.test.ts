import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openWorld, type World, type WorldOptions } from '../../../test/support/world.ts'
import type { Net } from '../../contracts/net.ts'
import type { AccountPortfolio } from '../../contracts/portfolio.ts'
import { decimalOf, sumOf } from '../../core/decimal.ts'
import { systemNet } from '../../net/system.ts'
import { chatRights, fullRights, type Principal } from '../ground/rights.ts'

const holdings = { kite: '/portfolio/holdings', upstox: '/v2/portfolio/long-term-holdings' }
const funds = { kite: '/user/margins', upstox: '/v2/user/get-funds-and-margin' }

/** Two brokers, three sandbox accounts of two people, all logged in. */
async function household(options: WorldOptions = {}): Promise<World> {
  const world = await openWorld(options)
  await world.addAccount({ account: 'mine', broker: 'kite', settings: { group: 'me' } })
  await world.addAccount({ account: 'papa', broker: 'kite', settings: { group: 'papa' } })
  await world.addAccount({ account: 'papa-2', broker: 'upstox', settings: { group: 'papa' } })
  for (const account of ['mine', 'papa', 'papa-2']) await world.logIn(account)
  // What a login asks of its own accord is over.
  await world.advance(60_000)
  world.simulator.clearCalls()
  return world
}
const view = (world: World, principal = world.app.operator) => world.app.desk.portfolios.view(principal)
const asked = ({ simulator }: World, path: string) => simulator.calls({ path }).length

/** What the simulated broker itself says, asked with the session of an account. */
async function fromBroker(world: World, account: string, path: string): Promise<unknown> {
  const out = JSON.parse((await world.app.desk.sessions.handOut(world.app.operator, account)).reveal())
  const reply = await systemNet.send({
    method: 'GET',
    url: `${out.baseUrl}${path}`,
    headers: out.headers,
    timeoutMs: 5000,
  })
  return JSON.parse(reply.text).data
}

test('holdings, positions and funds of both brokers come in one shape, with exact sums', async () => {
  await using world = await household()
  const { accounts, totals, partial, asOf } = await view(world)
  assert.deepEqual(
    accounts.map(({ account, broker, kind, group, error }) => [account, broker, kind, group, error]),
    [
      ['mine', 'kite', 'sandbox', 'me', undefined],
      ['papa', 'kite', 'sandbox', 'papa', undefined],
      ['papa-2', 'upstox', 'sandbox', 'papa', undefined],
    ],
  )
  assert.equal(partial, false)
  assert.equal(asOf, world.clock.now().toString())
  const [first, , last] = accounts as [AccountPortfolio, AccountPortfolio, AccountPortfolio]
  assert.deepEqual(Object.keys(first.holdings![0]!), Object.keys(last.holdings![0]!), 'one shape')
  assert.deepEqual(Object.keys(first.positions![0]!), Object.keys(last.positions![0]!))
  for (const { account, broker, holdings: own, positions, funds: segments } of accounts) {
    const raw = (await fromBroker(world, account, holdings[broker as 'kite'])) as Record<string, number>[]
    assert.deepEqual(
      own!.map(({ quantity, averagePrice, pnl }) => [quantity, averagePrice, pnl]),
      raw.map((row) =>
        // Of one broker what is not delivered yet stands beside the rest.
        [row.quantity! + (broker === 'kite' ? row.t1_quantity! : 0), row.average_price, row.pnl].map(
          decimalOf,
        ),
      ),
    )
    assert.ok(positions!.length > 0 && segments!.some(({ available }) => available !== '0'))
  }
  const [total] = totals
  assert.equal(totals.length, 1)
  const all = accounts.flatMap((account) => account.holdings!)
  assert.equal(total!.value, sumOf(all.map(({ value }) => value!)))
  assert.equal(total!.value, sumOf(total!.groups.map(({ value }) => value!)))
  assert.equal(total!.value, sumOf(total!.instruments.map(({ value }) => value!)))
  for (const sum of ['value', 'invested', 'holdingsPnl', 'positionsPnl', 'dayPnl', 'available'] as const)
    assert.equal(total![sum], sumOf(accounts.map(({ sums }) => sums[sum]!)), sum)
  assert.deepEqual(
    total!.groups.map(({ group, accounts: own }) => [group, own]),
    [
      ['me', ['mine']],
      ['papa', ['papa', 'papa-2']],
    ],
  )
  assert.notEqual(
    accounts[0]!.holdings!.length === accounts[1]!.holdings!.length && first.funds![0]!.available,
    accounts[1]!.funds![0]!.available,
    'each has his own',
  )
})

test('whoever asks at the same moment shares the answer, and whoever asks soon after it gets the same', async () => {
  await using world = await household()
  const [one, other] = await Promise.all([view(world), view(world)])
  assert.deepEqual(one, other)
  await world.advance(4_999)
  assert.equal((await view(world)).asOf, one.asOf)
  assert.equal(asked(world, holdings.kite), 2, 'once for each of the two accounts')
  assert.equal(asked(world, funds.upstox), 1)
  // The page of an account shares what the whole view has read.
  await world.app.desk.portfolios.orders(world.app.operator, 'mine')
  assert.equal(asked(world, '/portfolio/positions'), 2)
  await world.advance(1)
  assert.notEqual((await view(world)).asOf, one.asOf)
  assert.equal(asked(world, holdings.kite), 4)
})

test('one broker down: the rest stands, and what is missing is null and never empty', async () => {
  await using world = await household()
  world.simulator.faults.add({ broker: 'upstox', kind: 'html', times: Number.POSITIVE_INFINITY })
  const { accounts, totals, partial, asOf } = await view(world)
  const broken = accounts[2]!
  assert.equal(partial, true)
  assert.deepEqual([broken.holdings, broken.positions, broken.funds, broken.asOf], [null, null, null, null])
  assert.equal(asOf, accounts[0]!.asOf, 'that of those that were read')
  const { unknown: _, ...sums } = broken.sums
  assert.deepEqual(new Set(Object.values(sums)), new Set([null]), 'what is missing has no sum')
  assert.deepEqual(
    [broken.error?.code, broken.error?.missing],
    ['broker_unavailable', ['holdings', 'positions', 'funds']],
  )
  assert.equal(
    world.simulator.calls({ broker: 'upstox' }).length,
    1,
    'a broker that is down is not asked for the rest',
  )
  assert.deepEqual([totals[0]!.accounts, totals[0]!.missing], [['mine', 'papa'], ['papa-2']])
  assert.ok(accounts[0]!.holdings && accounts[1]!.holdings)
  assert.equal(
    (await world.app.desk.accounts.get(world.app.operator, 'papa-2')).status,
    'active',
    'it says nothing of the session',
  )
  // Told alike for a while, so that a page that asks again does not hammer it.
  await view(world)
  assert.equal(world.simulator.calls({ broker: 'upstox' }).length, 1)
  world.simulator.faults.clear()
  await world.advance(5_000)
  assert.equal((await view(world)).partial, false)
})

test('a broker that keeps failing is left alone for half a minute', async () => {
  await using world = await household()
  world.simulator.faults.add({ broker: 'upstox', kind: 'html', times: Number.POSITIVE_INFINITY })
  for (let round = 0; round < 8; round++) {
    await view(world)
    await world.advance(5_000)
  }
  const { length } = world.simulator.calls({ broker: 'upstox' })
  assert.ok(length >= 5 && length <= 6, `${length} calls in forty seconds`)
})

test('only the funds are missing where only they are closed', async () => {
  // 00:10 in India; the session of Upstox lives until 03:30.
  await using world = await household({ start: '2026-11-23T18:30:00Z' })
  world.simulator.faults.add({ broker: 'upstox', kind: 'closed_at_night', times: Number.POSITIVE_INFINITY })
  const { accounts } = await view(world)
  const upstox = accounts[2]!
  assert.ok(upstox.holdings && upstox.positions)
  assert.equal(upstox.funds, null)
  assert.deepEqual([upstox.error?.code, upstox.error?.missing], ['broker_closed', ['funds']])
})

test('a dead token that is found here is doubted and asked about; the broker’s own word ends it', async () => {
  await using world = await household()
  const { apiKey } = await world.app.desk.accounts.get(world.app.operator, 'papa')
  world.simulator.killSession('kite', apiKey)
  const { accounts } = await view(world)
  assert.equal(accounts[1]!.error?.code, 'session_revoked')
  assert.match(accounts[1]!.error!.hint, /bhor login papa/)
  assert.equal(asked(world, '/user/profile'), 1)
  assert.equal((await world.app.desk.accounts.get(world.app.operator, 'papa')).status, 'revoked')
  const records = await world.app.desk.audit.list(world.app.operator, { limit: 20 })
  const doubts = records.filter(({ action }) => action === 'session.report')
  assert.deepEqual(
    doubts.map(({ actor, account }) => [actor, account]),
    [['keeper', 'papa']],
  )
})

test('a refusal of one call alone ends nothing: the profile says that the session lives', async () => {
  const dead = JSON.stringify({
    status: 'error',
    error_type: 'TokenException',
    message: 'Incorrect `api_key` or `access_token`.',
  })
  const refusing: Net = {
    ...systemNet,
    send: async (request) =>
      request.url.endsWith(holdings.kite)
        ? { status: 403, headers: { 'content-type': 'application/json' }, text: dead }
        : systemNet.send(request),
  }
  await using world = await household({ net: refusing })
  const { accounts } = await view(world)
  assert.equal(accounts[0]!.error?.code, 'broker_rejected')
  assert.equal((await world.app.desk.accounts.get(world.app.operator, 'mine')).status, 'active')
  assert.equal(asked(world, '/user/profile'), 2, 'each of the two accounts was asked about')
})

test('an answer of another shape is no empty portfolio', async () => {
  for (const text of [
    '{"status":"success","data":{}}',
    '{"status":"success"}',
    '{"status":"success","data":[{"tradingsymbol":"X"}]}',
  ]) {
    const odd: Net = {
      ...systemNet,
      send: async (request) =>
        request.url.endsWith(holdings.upstox)
          ? { status: 200, headers: { 'content-type': 'application/json' }, text }
          : systemNet.send(request),
    }
    await using world = await household({ net: odd })
    const upstox = (await view(world)).accounts[2]!
    assert.deepEqual(
      [upstox.holdings, upstox.error?.code, upstox.error?.missing],
      [null, 'bad_reply', ['holdings']],
      text,
    )
    assert.ok(upstox.positions && upstox.funds)
  }
})

test('a key sees the accounts that it is for, with the right for it, and no sum of the others', async () => {
  await using world = await household()
  const { id } = await world.app.desk.accounts.get(world.app.operator, 'papa')
  const key = (rights: Principal['rights'], accountIds: readonly string[] | null): Principal => ({
    ...fullRights('key', 'bot'),
    rights,
    accountIds: accountIds && new Set(accountIds),
  })
  const limited = await view(world, key(new Set(['portfolio']), [id]))
  assert.deepEqual(
    limited.accounts.map(({ account }) => account),
    ['papa'],
  )
  assert.deepEqual(
    limited.totals.map(({ accounts }) => accounts),
    [['papa']],
  )
  assert.equal(asked(world, funds.upstox), 0, 'nobody else’s broker is asked')
  const { desk } = world.app
  await assert.rejects(desk.portfolios.orders(key(new Set(['portfolio']), [id]), 'mine'), {
    code: 'account_not_found',
  })
  for (const principal of [
    key(new Set(['status', 'read-token', 'login', 'pause']), null),
    chatRights({ id: 'c', accountIds: null }),
  ]) {
    await assert.rejects(view(world, principal), { code: 'scope_missing' })
    await assert.rejects(desk.portfolios.orders(principal, 'papa'), { code: 'scope_missing' })
  }
})

test('accounts without a session say so, and whose person nobody has confirmed is not asked for', async () => {
  await using world = await openWorld()
  await world.addAccount({ account: 'none' })
  const { accounts, partial, asOf } = await view(world)
  assert.deepEqual([accounts[0]!.error?.code, accounts[0]!.holdings, partial], ['session_none', null, true])
  assert.deepEqual([accounts[0]!.asOf, asOf], [null, null], 'nothing was read at any time')
  assert.equal((await world.app.desk.portfolios.orders(world.app.operator, 'none')).asOf, null)
  assert.equal(world.simulator.calls({ path: holdings.kite }).length, 0)
})

test('nothing of a portfolio is stored', async () => {
  await using world = await household()
  const { accounts } = await view(world)
  await world.app.desk.portfolios.orders(world.app.operator, 'mine')
  const stored = ['bhor.db', 'bhor.db-wal']
    .map((name) => readFileSync(join(world.home, name), 'latin1'))
    .join('')
  assert.ok(stored.includes('papa-2'), 'the store was read')
  for (const { symbol, isin } of accounts.flatMap((account) => account.holdings!)) {
    assert.ok(!stored.includes(isin!), isin!)
    assert.ok(!stored.includes(`"${symbol}"`), symbol)
  }
})

test('the orders of the day, positions with their P&L, funds, gate and limits of one account', async () => {
  await using world = await household()
  const { app } = world
  const out = JSON.parse((await app.desk.sessions.handOut(app.operator, 'mine')).reveal())
  const order = {
    exchange: 'NSE',
    tradingsymbol: 'ONGC',
    transaction_type: 'BUY',
    order_type: 'LIMIT',
    quantity: '3',
    product: 'CNC',
    price: '250',
    validity: 'DAY',
  }
  await systemNet.send({
    method: 'POST',
    url: `${out.baseUrl}/orders/regular`,
    headers: { ...out.headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(order).toString(),
    timeoutMs: 5000,
  })
  const told = await app.desk.portfolios.orders(app.operator, 'mine')
  assert.deepEqual(
    told.orders!.map(({ symbol, side, quantity, filled, price, averagePrice, state, at }) => [
      symbol,
      side,
      quantity,
      filled,
      price,
      averagePrice,
      state,
      at,
    ]),
    [['ONGC', 'BUY', '3', '3', '250', '246.15', 'complete', world.clock.now().toString()]],
  )
  assert.ok(
    told.positions!.some(
      ({ symbol, product, quantity, pnl }) =>
        symbol === 'ONGC' && product === 'CNC' && quantity === '3' && pnl === '0',
    ),
  )
  assert.deepEqual(told.limits, { ordersPerSecond: 10, callsPerSecond: 10, own: null })
  const rateLimit = { requestsPerSecond: 3, burstSize: 6 }
  await app.desk.accounts.edit(app.operator, 'mine', { settings: { rateLimit } })
  assert.deepEqual((await app.desk.portfolios.orders(app.operator, 'mine')).limits, {
    ordersPerSecond: 10,
    callsPerSecond: 10,
    own: rateLimit,
  })
  assert.deepEqual([told.account, told.broker, told.kind, told.generation], ['mine', 'kite', 'sandbox', 1])
  assert.equal(told.gate.state, (await app.desk.gates.get(app.operator, 'mine')).state)
  const upstox = await app.desk.portfolios.orders(app.operator, 'papa-2')
  assert.deepEqual([upstox.orders, upstox.error], [[], undefined])
  assert.deepEqual(upstox.sums, {
    positionsPnl: sumOf(upstox.positions!.map(({ pnl }) => pnl)),
    positionsDayPnl: sumOf(upstox.positions!.map(({ dayPnl }) => dayPnl!)),
    available: upstox.funds![0]!.available,
    used: '0',
  })
  await assert.rejects(app.desk.portfolios.orders(app.operator, 'nobody'), { code: 'account_not_found' })
})
