import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { durationMs } from './duration.ts'

test('durations have a number and a unit, and end at a day', () => {
  assert.deepEqual(
    ['90s', '20m', '1h', '0s', '24h', '86400s'].map(durationMs),
    [90_000, 1_200_000, 3_600_000, 0, 86_400_000, 86_400_000],
  )
  const bad = [
    '',
    '5',
    '5 m',
    '-5m',
    '1.5h',
    '1e3s',
    '5M',
    '5d',
    '25h',
    '86401s',
    '999999s',
    'm',
    '٣m',
    '5m\n',
    ' 5m',
  ]
  for (const text of bad) assert.equal(durationMs(text), undefined, text)
  fc.assert(
    fc.property(fc.string(), (text) => {
      const ms = durationMs(text)
      assert.ok(ms === undefined || (Number.isInteger(ms) && ms >= 0 && ms <= 86_400_000))
    }),
  )
})
