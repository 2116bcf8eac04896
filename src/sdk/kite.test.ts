import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KiteConnect } from 'kiteconnect'
import { type Bed, openBed } from '../../test/support/bed.ts'
import { programOver } from '../../test/support/program.ts'
import { kite } from './kite.ts'

const order = {
  exchange: 'NSE',
  tradingsymbol: 'INFY',
  transaction_type: 'BUY',
  quantity: 1,
  product: 'CNC',
  order_type: 'LIMIT',
  price: 1500,
} as const

const called = ({ simulator }: Bed, method: string, path: string) =>
  simulator.calls({ broker: 'kite', method, path }).map(({ status }) => status)

test('the official client, ready: it reads and orders, and goes on with the next session by itself', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  await using bhor = programOver(bed)
  const client = await kite(bhor, 'demo')
  assert.ok((client as object) instanceof KiteConnect)
  assert.equal((await client.getProfile()).user_id, 'DM0001')
  assert.ok((await client.placeOrder('regular', order)).order_id)
  // A login ends the token of before. Nobody tells the client.
  await bed.domain.logIn('demo')
  assert.equal((await client.getProfile()).user_id, 'DM0001')
  assert.ok((await client.placeOrder('regular', order)).order_id)
  const { access_token: used } = client as unknown as { access_token: string }
  assert.equal(used, (await bhor.session('demo')).accessToken)
})

test('a token that the broker has ended: bhor hears of it once, nothing is placed twice, the error says what to do', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  await using bhor = programOver(bed)
  const client = await kite(bhor, 'demo')
  await bed.clock.advance(10_000)
  bed.simulator.killSession('kite', 'kitedemokey')
  const orders = await Promise.allSettled(
    Array.from({ length: 4 }, () => client.placeOrder('regular', order)),
  )
  for (const { status, reason } of orders as PromiseRejectedResult[]) {
    assert.deepEqual(
      [status, reason.code, reason.cause.error_type],
      ['rejected', 'session_revoked', 'TokenException'],
    )
    assert.match(reason.hint, /bhor login demo/)
  }
  assert.deepEqual(called(bed, 'POST', '/orders/regular'), [403, 403, 403, 403])
  assert.equal(await bed.recorded('session.report'), 1)
  await assert.rejects(client.getOrders(), { code: 'session_revoked' })
  // After the login the same client goes on.
  await bed.domain.logIn('demo')
  assert.ok((await client.placeOrder('regular', order)).order_id)
})

test('what Kite refuses for another reason is told as Kite says it', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  await using bhor = programOver(bed)
  const client = await kite(bhor, 'demo')
  await assert.rejects(client.placeOrder('regular', { ...order, tradingsymbol: 'NOSUCH' }), {
    error_type: 'InputException',
  })
  assert.equal(await bed.recorded('session.report'), 0)
  assert.equal(called(bed, 'POST', '/orders/regular').length, 1)
})

test('thirty orders and quotes in a burst: the broker never has to ask to slow down', async () => {
  await using bed = await openBed('kite', { rateLimits: true })
  await bed.domain.logIn('demo')
  await using bhor = programOver(bed)
  const client = await kite(bhor, 'demo')
  const all = Promise.all(
    Array.from({ length: 30 }, (_, at) =>
      at % 3 === 0 ? client.getOrders() : client.placeOrder('regular', order),
    ),
  )
  let isDone = false
  void all.finally(() => {
    isDone = true
  })
  for (let step = 0; step < 400 && !isDone; step++) {
    await bed.clock.advance(25)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  await all
  assert.deepEqual(new Set(called(bed, 'POST', '/orders/regular')), new Set([200]))
  assert.equal(called(bed, 'POST', '/orders/regular').length, 20)
})
