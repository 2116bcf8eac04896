import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../../core/clock.ts'
import { Pace } from './pace.ts'

test('half of what a broker allows in any second, each app for itself', async () => {
  const clock = new ManualClock()
  const pace = new Pace(clock)
  const gone: number[] = []
  const turns = Array.from({ length: 12 }, () =>
    pace.turn('app', 10).then(() => gone.push(clock.monotonicMs())),
  )
  await clock.advance(0)
  assert.deepEqual(gone, [0, 0, 0, 0, 0])
  await pace.turn('another', 10)
  await clock.advance(999)
  assert.equal(gone.length, 5)
  await clock.advance(1)
  assert.equal(gone.length, 10)
  await clock.advance(1000)
  await Promise.all(turns)
  assert.deepEqual(gone.slice(5), [1000, 1000, 1000, 1000, 1000, 2000, 2000])
  for (const atMs of gone) assert.ok(gone.filter((other) => other >= atMs && other < atMs + 1000).length <= 5)
})

test('a broker that allows one call a second gets one', async () => {
  const clock = new ManualClock()
  const pace = new Pace(clock)
  await pace.turn('app', 1)
  let isGone = false
  const second = pace.turn('app', 1).then(() => (isGone = true))
  await clock.advance(900)
  assert.equal(isGone, false)
  await clock.advance(100)
  await second
})
