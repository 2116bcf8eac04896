import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TimeUtils } from './time-utils.ts'

/** Issued and ended, by clocks in India. */
const rows = [
  ['2026-11-24T02:30:00', '2026-11-24T03:30:00'],
  ['2026-11-24T03:29:59', '2026-11-24T03:30:00'],
  ['2026-11-24T03:30:00', '2026-11-25T03:30:00'],
  ['2026-11-24T03:30:01', '2026-11-25T03:30:00'],
  ['2026-11-24T10:30:00', '2026-11-25T03:30:00'],
  ['2026-11-24T20:00:00', '2026-11-25T03:30:00'],
  ['2026-12-31T23:59:59', '2027-01-01T03:30:00'],
] as const

test('a token ends at the first 03:30 in India strictly after it was issued, wherever this computer is', () => {
  const zone = process.env.TZ
  try {
    for (const host of ['Asia/Kolkata', 'UTC', 'America/New_York']) {
      process.env.TZ = host
      for (const [issued, ended] of rows) {
        const end = new Date(`${ended}+05:30`)
        for (const moment of [new Date(`${issued}+05:30`), Temporal.Instant.from(`${issued}+05:30`)]) {
          assert.equal(TimeUtils.getTokenExpiryTime(moment).getTime(), end.getTime(), `${host} ${issued}`)
          const at = (seconds: number) => new Date(end.getTime() + seconds * 1000)
          assert.equal(TimeUtils.isTokenExpired(moment, at(-1)), false)
          assert.equal(TimeUtils.isTokenExpired(moment, at(0)), true)
          assert.equal(TimeUtils.getTimeUntilExpiry(moment, at(-90)).total('seconds'), 90)
          assert.equal(TimeUtils.getTimeUntilExpiry(moment, at(90)).total('seconds'), 0)
        }
      }
    }
  } finally {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  }
})

test('timestamps are milliseconds, and what is no moment is refused', () => {
  const date = new Date('2026-11-24T05:00:00.123Z')
  assert.equal(TimeUtils.datetimeToTimestampMs(date), 1795496400123)
  assert.equal(TimeUtils.timestampMsToDatetime(1795496400123).getTime(), date.getTime())
  for (const bad of [Number.NaN, Infinity, 1.5, 9e15])
    assert.throws(() => TimeUtils.timestampMsToDatetime(bad), { code: 'bad_field' })
  for (const bad of [new Date('never'), '2026-11-24T10:30:00', 1795496400123, undefined, null]) {
    const moment = bad as Date
    assert.throws(() => TimeUtils.getTokenExpiryTime(moment), { code: 'bad_field' })
    assert.throws(() => TimeUtils.datetimeToTimestampMs(moment), { code: 'bad_field' })
    assert.throws(() => TimeUtils.isTokenExpired(date, (bad ?? null) as Date), { code: 'bad_field' })
  }
})
