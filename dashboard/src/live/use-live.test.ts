import assert from 'node:assert/strict'
import { test } from 'node:test'
import { marginMs, timerMs } from './use-live.ts'

test('a moment months away is waited for in steps: a longer timer would be due at once, again and again', () => {
  const hourMs = 60 * 60_000
  assert.equal(timerMs(5 * hourMs, 0), 5 * hourMs + marginMs)
  assert.equal(timerMs(0, hourMs), marginMs)
  for (const days of [2, 30, 400]) assert.equal(timerMs(days * 24 * hourMs, 0), 24 * hourMs)
})
