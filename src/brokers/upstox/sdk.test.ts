import { strict as assert } from 'node:assert'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { assertSameCall, sentBy } from '../sdk-peer.suite.ts'
import { documented } from '../suite/suite.ts'
import { upstox } from './index.ts'

/** The client has no types; these are the parts that the tests use. */
interface Client {
  basePath: string
  readonly orderBasePath: string
  readonly authentications: { readonly OAUTH2: { accessToken?: string } }
}
type Done = (error: unknown) => void
/** Its models: camelCase, numbers as numbers. */
type Model = Readonly<Record<string, unknown>>
type Told = (error: unknown, told: { readonly data: unknown }) => void
interface Sdk {
  readonly ApiClient: new () => Client
  readonly LoginApi: new (
    client: Client,
  ) => {
    authorize(id: string, redirect: string, version: string, options: object, done: Done): void
    token(version: string, options: object, done: Done): void
    logout(version: string, done: Done): void
  }
  readonly UserApi: new (
    client: Client,
  ) => {
    getProfile(version: string, done: Done): void
    getUserFundMargin(version: string, options: object, done: Told): void
  }
  readonly PortfolioApi: new (
    client: Client,
  ) => { getHoldings(version: string, done: Told): void; getPositions(version: string, done: Told): void }
  readonly OrderApi: new (client: Client) => { getOrderBook(version: string, done: Told): void }
}
const sdk = createRequire(import.meta.url)('upstox-js-sdk') as Sdk

const app = { apiKey: '615b1297-d443-3b39-ba19-1927fbcdddc7', apiSecret: 'y2+secret/=' }
const now = Temporal.Instant.from('2026-11-23T03:02:00Z')
const context = {
  app,
  account: {},
  redirectUrl: 'https://bhor.example.com/cb?x=1&y=a b',
  vars: { code: 'mk4+/=&x' },
  now,
}
const session = { app, account: {}, tokens: { access: 'acc.ess-token' }, userId: 'DM0001', now }

const sent = (use: (client: Client, done: Done) => void) =>
  sentBy((origin) => {
    const client = new sdk.ApiClient()
    client.basePath = origin
    return new Promise<void>((resolve) => use(client, () => resolve()))
  })

test('the hosts are the official client’s', () => {
  const client = new sdk.ApiClient()
  assert.deepEqual(upstox.hosts, { api: client.basePath, orders: client.orderBasePath })
})

test('the login page is the official client’s, and says that it wants a code', async () => {
  const peer = await sent((client, done) =>
    new sdk.LoginApi(client).authorize(app.apiKey, context.redirectUrl, '2.0', { state: 's' }, done),
  )
  const { path, query = [] } = upstox.logins[0].loginUrl({ ...context, state: 's' })
  // The client leaves response_type out; the documentation requires it.
  assertSameCall(
    { method: 'GET', host: 'api', path, query },
    { ...peer, query: { ...peer.query, response_type: 'code' } },
  )
})

test('the exchange is the official client’s', async () => {
  const { code } = context.vars
  const fields = {
    code,
    clientId: app.apiKey,
    clientSecret: app.apiSecret,
    redirectUri: context.redirectUrl,
    grantType: 'authorization_code',
  }
  const peer = await sent((client, done) => new sdk.LoginApi(client).token('2.0', fields, done))
  assertSameCall(upstox.logins[0].steps[0].request(context), peer, ['accept'])
})

test('the logout is the official client’s', async () => {
  const peer = await sent((client, done) => {
    client.authentications.OAUTH2.accessToken = session.tokens.access
    new sdk.LoginApi(client).logout('2.0', done)
  })
  assertSameCall(upstox.logout.request(session), peer, ['authorization'])
})

test('a signed probe is the official client’s profile', async () => {
  const peer = await sent((client, done) => {
    client.authentications.OAUTH2.accessToken = session.tokens.access
    new sdk.UserApi(client).getProfile('2.0', done)
  })
  assertSameCall(upstox.sign(upstox.probe.request(session), session), peer, ['authorization', 'accept'])
})

test('the portfolio is asked for as by the official client, and read to the same numbers', async () => {
  const { holdings, positions, funds, orders } = upstox.portfolio
  const asked = async (
    call: { request: (from: typeof session) => Parameters<typeof upstox.sign>[0] },
    file: string,
    use: (client: Client, done: Told) => void,
  ): Promise<unknown> => {
    let data: unknown
    const peer = await sentBy(
      (origin) => {
        const client = new sdk.ApiClient()
        client.basePath = origin
        client.authentications.OAUTH2.accessToken = session.tokens.access
        return new Promise<void>((resolve, reject) =>
          use(client, (error, told) => {
            data = told?.data
            if (error) reject(error)
            else resolve()
          }),
        )
      },
      documented(import.meta.url, file).text,
    )
    assertSameCall(upstox.sign(call.request(session), session), peer, ['authorization', 'accept'])
    return data
  }
  const own = holdings.read(documented(import.meta.url, 'holdings'))
  const theirs = (await asked(holdings, 'holdings', (by, done) =>
    new sdk.PortfolioApi(by).getHoldings('2.0', done),
  )) as Model[]
  const numbers = (model: Model, ...fields: string[]) => fields.map((field) => String(model[field]))
  assert.deepEqual(
    [own[0]!.symbol, own[0]!.quantity, own[0]!.pnl],
    numbers(theirs[0]!, 'tradingSymbol', 'quantity', 'pnl'),
  )
  const held = positions.read(documented(import.meta.url, 'positions'))
  const open = (await asked(positions, 'positions', (by, done) =>
    new sdk.PortfolioApi(by).getPositions('2.0', done),
  )) as Model[]
  assert.deepEqual(
    held.map(({ symbol, quantity, pnl }) => [symbol, quantity, pnl]),
    open.map((model) => numbers(model, 'tradingSymbol', 'quantity', 'pnl')),
  )
  const [equity] = funds.read(documented(import.meta.url, 'funds'))
  const margins = (await asked(funds, 'funds', (by, done) =>
    new sdk.UserApi(by).getUserFundMargin('2.0', {}, done),
  )) as Readonly<Record<string, Model>>
  assert.deepEqual(
    [equity!.available, equity!.used],
    numbers(margins.equity!, 'availableMargin', 'usedMargin'),
  )
  const book = orders.read(documented(import.meta.url, 'orders'))
  const list = (await asked(orders, 'orders', (by, done) =>
    new sdk.OrderApi(by).getOrderBook('2.0', done),
  )) as Model[]
  assert.deepEqual([book[0]!.id, book[0]!.averagePrice], numbers(list[0]!, 'orderId', 'averagePrice'))
})
