import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBed } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { NetError } from '../../contracts/net.ts'
import { ManualClock } from '../../core/clock.ts'
import { JudgedClock } from '../../core/judged-clock.ts'
import { systemNet } from '../../net/system.ts'
import { Breakers } from './breakers.ts'

const minuteMs = 60_000

test('after five failures in a row a kind of call rests, then one tries', async () => {
  const clock = new ManualClock()
  const breakers = new Breakers(new JudgedClock(clock))
  for (let i = 0; i < 4; i++) breakers.record('kite probe', 'broker_unavailable')
  assert.equal(breakers.restMs('kite probe'), 0)
  breakers.record('kite probe', 'broker_timeout')
  assert.equal(breakers.restMs('kite probe'), 30_000)
  assert.equal(breakers.restMs('kite renewal'), 0, 'each kind of call for itself')
  assert.equal(breakers.restMs('upstox probe'), 0, 'each broker for itself')
  await clock.advance(30_000)
  assert.equal(breakers.restMs('kite probe'), 0)
  assert.ok(breakers.restMs('kite probe') > 0, 'one call only')
  breakers.record('kite probe', 'broker_unavailable')
  assert.equal(breakers.restMs('kite probe'), 30_000)
  await clock.advance(30_000)
  breakers.record('kite probe', undefined)
  assert.equal(breakers.restMs('kite probe'), 0)
})

test('what a broker says about one account is no trouble of the broker', () => {
  const breakers = new Breakers(new JudgedClock(new ManualClock()))
  for (let i = 0; i < 9; i++) breakers.record('kite renewal', 'bad_grant')
  assert.equal(breakers.restMs('kite renewal'), 0)
})

test('second tries have a budget: answers and time fill it, and a first try needs none', async () => {
  const clock = new ManualClock()
  const breakers = new Breakers(new JudgedClock(clock))
  const retriesNow = () => {
    let count = 0
    while (breakers.restMs('kite probe', true) === 0) count++
    return count
  }
  assert.equal(retriesNow(), 100)
  assert.equal(breakers.restMs('kite probe', true), 30_000)
  assert.equal(breakers.restMs('kite probe'), 0)
  assert.equal(breakers.restMs('kite renewal', true), 0, 'each kind of call for itself')
  for (let i = 0; i < 3; i++) breakers.record('kite probe', undefined)
  breakers.record('kite probe', 'broker_unavailable')
  assert.equal(retriesNow(), 3)
  await clock.advance(60_000)
  assert.equal(retriesNow(), 30)
  await clock.advance(3_600_000)
  assert.equal(retriesNow(), 100)
})

test('what never came to the broker makes no broker well again', () => {
  const breakers = new Breakers(new JudgedClock(new ManualClock()))
  for (let i = 0; i < 4; i++) breakers.record('kite probe', 'broker_unavailable')
  for (const code of ['rate_limited', 'login_in_progress', 'egress_unavailable', 'store_busy'] as const)
    breakers.record('kite probe', code)
  breakers.record('kite probe', 'broker_unavailable')
  assert.equal(breakers.restMs('kite probe'), 30_000)
})

test('a broker that is down rests alone: others are asked meanwhile', async () => {
  const isDown = new Set<string>()
  const asked: string[] = []
  await using bed = await openBed('kite', {
    start: '2026-11-23T04:30:00Z',
    net: {
      async send(request) {
        const broker = request.url.includes('/v2/') ? 'upstox' : 'kite'
        asked.push(broker)
        if (isDown.has(broker)) throw new NetError('not_sent', 'refused')
        return systemNet.send(request)
      },
    },
  })
  const { domain, clock } = bed
  const names = ['k1', 'k2', 'k3', 'k4', 'k5', 'other'] as const
  for (const account of names) {
    await domain.addAccount({ account, broker: account === 'other' ? 'upstox' : 'kite' })
    await domain.logIn(account)
  }
  await clock.advance(minuteMs)
  isDown.add('kite').add('upstox')
  for (const alias of names.slice(0, 5)) await domain.desk.sessions.test(operator, alias)
  await clock.advance(20_000)
  await domain.desk.sessions.test(operator, 'other')
  // Each is asked again five minutes after its question without an answer.
  await clock.advance(4 * minuteMs + 40_000)
  await domain.desk.keeper.look()
  isDown.delete('upstox')
  asked.length = 0
  await clock.advance(20_000)
  await domain.desk.keeper.look()
  assert.deepEqual([...new Set(asked)], ['upstox'])
})
