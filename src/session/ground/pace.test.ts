import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountRecord } from '../../contracts/store.ts'
import { ManualClock } from '../../core/clock.ts'
import { Pace } from './pace.ts'

const account = (id: string, rateLimit?: object) =>
  ({ id, settings: { ...(rateLimit ? { rateLimit } : {}) } }) as AccountRecord
const slow = { requestsPerSecond: 2, burstSize: 3 }

test('an account with a rate of its own has its burst, then waits its turn; others wait for nobody', async () => {
  const clock = new ManualClock('2026-11-23T03:00:00Z')
  const pace = new Pace(clock)
  let granted = 0
  const asked = Array.from({ length: 5 }, () => pace.turn(account('papa', slow)).then(() => granted++))
  await pace.turn(account('mama', slow))
  for (let calls = 0; calls < 100; calls++) await pace.turn(account('free'))
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  await settle()
  assert.equal(granted, 3)
  await clock.advance(499)
  await settle()
  assert.equal(granted, 3)
  await clock.advance(2)
  await settle()
  assert.equal(granted, 4)
  await clock.advance(1_000)
  await settle()
  await clock.advance(1_000)
  await Promise.all(asked)
})

test('whoever has not the time is told that nothing was sent, and waits for nothing', async () => {
  const pace = new Pace(new ManualClock('2026-11-23T03:00:00Z'))
  for (let calls = 0; calls < 3; calls++) await pace.turn(account('papa', slow))
  await assert.rejects(pace.turn(account('papa', slow), 400), { outcome: 'not_sent', reason: 'timeout' })
})
