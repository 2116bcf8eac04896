import { strict as assert } from 'node:assert'
import { test } from 'node:test'
import { KiteConnect } from 'kiteconnect'
import { assertSameCall, sentBy } from '../sdk-peer.suite.ts'
import { documented } from '../suite/suite.ts'
import { kite } from './index.ts'

const app = { apiKey: 'kitedemokey12345', apiSecret: 'kitedemosecret67890' }
const now = Temporal.Instant.from('2026-11-23T03:02:00Z')
const context = {
  app,
  account: {},
  redirectUrl: 'http://127.0.0.1:7878/callback/kite',
  vars: { request_token: 'req+/=&1' },
  now,
}
const session = { app, account: {}, tokens: { access: 'acc+/=', refresh: 'ref+/=' }, userId: 'DM0001', now }
const client = (root: string, extra: { access_token?: string } = {}) =>
  new KiteConnect({ api_key: app.apiKey, root, ...extra })

test('the login page is the official client’s, with our state beside it', () => {
  const theirs = new URL(new KiteConnect({ api_key: app.apiKey }).getLoginURL())
  const { host, path, query = [] } = kite.logins[0].loginUrl({ ...context, state: 's' })
  assert.equal(kite.hosts[host as 'login'] + path, theirs.origin + theirs.pathname)
  const ours = new Map(query)
  assert.equal(ours.get('redirect_params'), 'state=s')
  ours.delete('redirect_params')
  assert.deepEqual(Object.fromEntries(ours), Object.fromEntries(theirs.searchParams))
})

test('the exchange is the official client’s', async () => {
  const peer = await sentBy((root) => client(root).generateSession(context.vars.request_token, app.apiSecret))
  assertSameCall(kite.logins[0].steps[0].request(context), peer, ['x-kite-version', 'authorization'])
})

test('the renewal is the official client’s', async () => {
  const peer = await sentBy((root) => client(root).renewAccessToken(session.tokens.refresh, app.apiSecret))
  assertSameCall(kite.renewal.request(session), peer, ['x-kite-version', 'authorization'])
})

test('the logout is the official client’s', async () => {
  const peer = await sentBy((root) => client(root).invalidateAccessToken(session.tokens.access))
  assertSameCall(kite.logout.request(session), peer, ['x-kite-version', 'authorization'])
})

test('a signed probe is the official client’s profile', async () => {
  const peer = await sentBy((root) => client(root, { access_token: session.tokens.access }).getProfile())
  assertSameCall(kite.sign(kite.probe.request(session), session), peer, ['x-kite-version', 'authorization'])
})

test('the portfolio is asked for as by the official client, and read to the same numbers', async () => {
  const { holdings, positions, funds, orders } = kite.portfolio
  const asked = async <Read>(
    call: { request: (from: typeof session) => Parameters<typeof kite.sign>[0] },
    file: string,
    use: (by: ReturnType<typeof client>) => Promise<Read>,
  ): Promise<Read> => {
    let read: Read | undefined
    const peer = await sentBy(
      async (root) => {
        read = await use(client(root, { access_token: session.tokens.access }))
      },
      documented(import.meta.url, file).text,
    )
    assertSameCall(kite.sign(call.request(session), session), peer, ['x-kite-version', 'authorization'])
    return read!
  }
  const own = holdings.read(documented(import.meta.url, 'holdings'))
  const theirs = await asked(holdings, 'holdings', (by) => by.getHoldings())
  assert.deepEqual(
    [own[0]!.symbol, own[0]!.t1Quantity, own[0]!.lastPrice],
    [theirs[0]!.tradingsymbol, ...[theirs[0]!.t1_quantity, theirs[0]!.last_price].map(String)],
  )
  const held = positions.read(documented(import.meta.url, 'positions'))
  const { net } = await asked(positions, 'positions', (by) => by.getPositions())
  assert.deepEqual(
    held.map(({ symbol, quantity, dayPnl }) => [symbol, quantity, dayPnl]),
    net.map((one) => [one.tradingsymbol, String(one.quantity), String(one.m2m)]),
  )
  const [equity] = funds.read(documented(import.meta.url, 'margins'))
  const margins = await asked(funds, 'margins', (by) => by.getMargins())
  assert.equal(equity!.cash, String(margins.equity?.available.cash))
  const book = orders.read(documented(import.meta.url, 'orders'))
  const list = await asked(orders, 'orders', (by) => by.getOrders())
  assert.deepEqual(
    book.map(({ id, status }) => [id, status]),
    list.map((one) => [one.order_id, one.status]),
  )
})
