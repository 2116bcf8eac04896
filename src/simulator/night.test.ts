import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../core/clock.ts'
import { startSimulator } from './index.ts'

const always = Number.POSITIVE_INFINITY

async function start() {
  const simulator = await startSimulator({ port: 0, clock: new ManualClock(), rateLimits: false })
  const session = { apiKey: 'key', accessToken: 'token', expiresAt: '2027-01-01T00:00:00Z' }
  simulator.adoptSession({ ...session, broker: 'upstox', userId: 'DM0002' })
  simulator.adoptSession({ ...session, broker: 'kite', userId: 'DM0001' })
  const ask = async (broker: string, path: string, method = 'GET') => {
    const authorization = broker === 'kite' ? 'token key:token' : 'Bearer token'
    const response = await fetch(simulator.hosts(broker).api + path, { method, headers: { authorization } })
    return `${response.status} ${/UDAPI\d+/.exec(await response.text())?.[0] ?? ''}`.trim()
  }
  return { simulator, ask }
}

const funds = '/v2/user/get-funds-and-margin'
const profile = '/v2/user/profile'

test('closed_at_night: Upstox closes funds and orders from 00:00 to 05:30 in India, and opens again', async () => {
  const { simulator, ask } = await start()
  await using _ = simulator
  simulator.faults.add({ kind: 'closed_at_night', times: always })
  for (const [now, expected] of [
    ['2026-11-23T18:29:59Z', '200'],
    ['2026-11-23T18:30:00Z', '423 UDAPI100072'],
    ['2026-11-23T23:59:59Z', '423 UDAPI100072'],
    ['2026-11-24T00:00:00Z', '200'],
  ] as const) {
    simulator.clock.set(now)
    assert.equal(await ask('upstox', funds), expected, now)
    assert.equal(await ask('upstox', '/v3/user/get-funds-and-margin'), expected, now)
    assert.equal(await ask('upstox', profile), '200', now)
  }
  simulator.clock.set('2026-11-23T20:00:00Z')
  assert.equal(await ask('upstox', '/v2/order/place', 'POST'), '423 UDAPI100074')
  assert.equal(await ask('kite', '/user/margins'), '200', 'Kite has no such hours')
})

test('closed_at_night with a match closes what it names, at night only', async () => {
  const { simulator, ask } = await start()
  await using _ = simulator
  simulator.faults.add({ kind: 'closed_at_night', match: { path: profile }, times: always })
  assert.equal(await ask('upstox', profile), '200')
  simulator.clock.set('2026-11-23T20:00:00Z')
  assert.equal(await ask('upstox', profile), '423 UDAPI100072')
  assert.equal(await ask('upstox', funds), '200')
})

test('both wordings of a refused address, on orders only', async () => {
  const { simulator } = await start()
  await using _ = simulator
  const order = async (broker: string, path: string) => {
    const authorization = broker === 'kite' ? 'token key:token' : 'Bearer token'
    const url = simulator.hosts(broker).api + path
    const response = await fetch(url, { method: 'POST', headers: { authorization } })
    assert.equal(response.status, 403)
    return response.text()
  }
  for (const [kind, kite, upstox] of [
    ['ip_refused', /IP \(127\.0\.0\.1\) is not allowed to place orders/, /does not match origin IP/],
    ['ip_unset', /No IPs configured for this app\. Add allowed IPs/, /No static IP has been configured/],
  ] as const) {
    simulator.faults.add({ kind, times: always })
    assert.match(await order('kite', '/orders/regular'), kite)
    assert.match(await order('upstox', '/v2/order/place'), upstox)
    const headers = { authorization: 'token key:token' }
    assert.equal((await fetch(`${simulator.hosts('kite').api}/user/profile`, { headers })).status, 200)
    simulator.faults.clear()
  }
})
