import assert from 'node:assert/strict'
import { test } from 'node:test'
import { momentOf } from './moment.ts'

const now = Temporal.Instant.from('2026-11-23T03:00:00Z') // 08:30 in India

test('a time of today, or of a day, by clocks in India', () => {
  assert.equal(momentOf('15:30', now), '2026-11-23T10:00:00Z')
  assert.equal(momentOf('08:31', now), '2026-11-23T03:01:00Z')
  assert.equal(momentOf('2026-11-24 06:00', now), '2026-11-24T00:30:00Z')
  assert.equal(momentOf('2026-11-24T06:00', now), '2026-11-24T00:30:00Z')
})

test('what is no time is refused with what to write', () => {
  for (const text of [
    '25:00',
    '24:00',
    '15:60',
    '3pm',
    '',
    ' ',
    '15:30:00',
    '2026-02-30 10:00',
    '2026-11-24',
    'now',
  ]) {
    assert.throws(
      () => momentOf(text, now),
      { code: 'bad_field', hint: 'Write 15:30, or "2026-11-24 15:30".' },
      text,
    )
  }
})

test('a time of today that has passed asks for the day', () => {
  for (const text of ['08:30', '00:00', '08:29']) {
    assert.throws(
      () => momentOf(text, now),
      (error: Error & { hint: string }) => {
        assert.match(error.message, /past \d\d:\d\d today in India/)
        assert.ok(error.hint.includes(`"2026-11-24 ${text}"`), error.hint)
        return true
      },
    )
  }
})
