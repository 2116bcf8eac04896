import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { instantFromIst, nextIst, toIstText, type WallClock } from './ist.ts'

/** India has been 5 h 30 min ahead of UTC, without daylight saving, since 1945. */
const offsetMs = (5 * 60 + 30) * 60_000
const dayMs = 24 * 60 * 60_000
const recently = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2100, 0, 1) })
const minuteOfDay = fc.integer({ min: 0, max: 24 * 60 - 1 })

function clockOf(minute: number): WallClock {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}` as WallClock
}

test('the next such time in India is what integers say', () => {
  fc.assert(
    fc.property(recently, minuteOfDay, (nowMs, minute) => {
      const local = nowMs + offsetMs
      const today = Math.floor(local / dayMs) * dayMs + minute * 60_000
      const expected = (today > local ? today : today + dayMs) - offsetMs
      const next = nextIst(clockOf(minute), Temporal.Instant.fromEpochMilliseconds(nowMs))
      assert.equal(next.epochMilliseconds, expected)
    }),
    { numRuns: 3000 },
  )
})

test('at the very moment it is the next day’s, a millisecond before it is this one', () => {
  const dawn = Temporal.Instant.from('2026-11-24T00:30:00Z')
  assert.equal(nextIst('06:00', dawn.subtract({ milliseconds: 1 })).toString(), '2026-11-24T00:30:00Z')
  assert.equal(nextIst('06:00', dawn).toString(), '2026-11-25T00:30:00Z')
  assert.equal(nextIst('03:30', dawn).toString(), '2026-11-24T22:00:00Z')
  assert.equal(nextIst('00:00', dawn).toString(), '2026-11-24T18:30:00Z')
})

test('the brokers’ zoneless times go there and back', () => {
  fc.assert(
    fc.property(recently, (ms) => {
      const instant = Temporal.Instant.fromEpochMilliseconds(Math.floor(ms / 1000) * 1000)
      const text = toIstText(instant)
      assert.match(text, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
      assert.equal(instantFromIst(text).epochMilliseconds, instant.epochMilliseconds)
      assert.equal(
        new Date(instant.epochMilliseconds + offsetMs).toISOString().slice(0, 19).replace('T', ' '),
        text,
      )
    }),
    { numRuns: 1000 },
  )
  for (const text of ['', 'soon', '2026-13-01 00:00:00', '2026-02-30 00:00:00', '06:00'])
    assert.throws(() => instantFromIst(text), RangeError)
})
