import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from './clock.ts'
import { ShiftedClock } from './shifted-clock.ts'

test('a shifted clock goes on with the other one, ahead by what it was moved, and tells of a move', async () => {
  const base = new ManualClock('2026-11-24T00:00:00Z')
  const clock = new ShiftedClock(base)
  const seen: string[] = []
  using _listening = clock.onMove(() => seen.push(clock.now().toString()))
  clock.move(90_000)
  await base.advance(1_000)
  assert.deepEqual(
    [clock.now().toString(), clock.monotonicMs(), seen],
    ['2026-11-24T00:01:31Z', 1_000, ['2026-11-24T00:01:30Z']],
  )
})

test('it never goes back', () => {
  const clock = new ShiftedClock(new ManualClock())
  const before = clock.nowMs()
  for (const ms of [-1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => clock.move(ms), { code: 'bad_field' })
  assert.equal(clock.nowMs(), before)
})
