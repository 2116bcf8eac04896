import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../core/clock.ts'
import { Limits } from './limits.ts'

const day = 86_400_000

test('a day ends at midnight in India', () => {
  const clock = new ManualClock('2026-11-23T18:29:59Z')
  const limits = new Limits(() => clock.now())
  const windows = [{ ms: day, most: 1 }]
  assert.deepEqual([limits.allows('a', windows), limits.allows('a', windows)], [true, false])
  clock.set('2026-11-23T18:30:00Z')
  assert.equal(limits.allows('a', windows), true)
  clock.set('2026-11-24T18:29:59Z')
  assert.equal(limits.allows('a', windows), false)
})

test('a refused call counts in no window, and keys are apart', () => {
  const clock = new ManualClock()
  const limits = new Limits(() => clock.now())
  const windows = [
    { ms: 1000, most: 1 },
    { ms: day, most: 2 },
  ]
  assert.deepEqual([limits.allows('a', windows), limits.allows('a', windows)], [true, false])
  assert.equal(limits.allows('b', windows), true)
  clock.set(clock.now().add({ seconds: 1 }))
  assert.equal(limits.allows('a', windows), true)
  clock.set(clock.now().add({ seconds: 1 }))
  assert.equal(limits.allows('a', windows), false)
})
