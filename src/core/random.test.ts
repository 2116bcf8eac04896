import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fraction, seededRandom } from './random.ts'

test('the same seed gives the same bytes, however they are taken', () => {
  const [one, two] = [seededRandom('a'), seededRandom('a')]
  const whole = Buffer.from(one.bytes(100))
  const parts = Buffer.concat([two.bytes(1), two.bytes(32), two.bytes(67)])
  assert.deepEqual(whole, parts)
  assert.notDeepEqual(whole, Buffer.from(seededRandom('b').bytes(100)))
  const random = seededRandom('fractions')
  const drawn = Array.from({ length: 10_000 }, () => fraction(random))
  assert.ok(drawn.every((f) => f >= 0 && f < 1))
  const mean = drawn.reduce((sum, f) => sum + f, 0) / drawn.length
  assert.ok(Math.abs(mean - 0.5) < 0.02)
})
