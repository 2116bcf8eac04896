import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { openBed } from '../../test/support/bed.ts'
import { programOver } from '../../test/support/program.ts'
import { type UpstoxClient, upstox } from './upstox.ts'

type Done = (error: unknown, data?: unknown) => void
type Api = new (client: UpstoxClient) => Record<string, (...said: [...unknown[], Done]) => void>
const sdk = createRequire(import.meta.url)('upstox-js-sdk') as Record<'UserApi' | 'OrderApi', Api> & {
  ApiClient: new () => UpstoxClient
}

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

function call<Data>(client: UpstoxClient, api: 'UserApi' | 'OrderApi', method: string, ...said: unknown[]) {
  return new Promise<Data>((resolve, reject) => {
    const instance = new sdk[api](client)
    instance[method]!(...said, (error, data) => (error ? reject(error) : resolve(data as Data)))
  })
}
const profile = async (client: UpstoxClient) =>
  (await call<{ data: { userId: string } }>(client, 'UserApi', 'getProfile', '2.0')).data.userId
const place = async (client: UpstoxClient) =>
  (await call<{ data: { orderId: string } }>(client, 'OrderApi', 'placeOrder', order, '2.0')).data.orderId

test('the official client, ready: it reads and orders, and goes on with the next session by itself', async () => {
  await using bed = await openBed('upstox')
  await bed.domain.logIn('demo')
  await using bhor = programOver(bed)
  const client = await upstox(bhor, 'demo')
  assert.ok(client instanceof sdk.ApiClient)
  const userId = (await bhor.session('demo')).userId
  assert.equal(await profile(client), userId)
  assert.ok(await place(client))
  await bed.clock.advance(10_000)
  await bed.domain.logIn('demo')
  assert.equal(await profile(client), userId)
  assert.ok(await place(client))
  assert.equal(client.authentications.OAUTH2.accessToken, (await bhor.session('demo')).accessToken)
})

test('a token that the broker has ended: bhor knows of it, and the callback is told what to do', async () => {
  await using bed = await openBed('upstox')
  await bed.domain.logIn('demo')
  await using bhor = programOver(bed)
  const client = await upstox(bhor, 'demo')
  await bed.clock.advance(10_000)
  bed.simulator.killSession('upstox', 'upstoxdemokey')
  await assert.rejects(place(client), { code: 'session_revoked' })
  assert.equal(await bed.recorded('session.report'), 1)
  assert.equal(bed.simulator.calls({ broker: 'upstox', method: 'POST', path: '/v2/order/place' }).length, 1)
})
