import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantFromLocal, toLocalText } from './local-time.ts'

const instant = Temporal.Instant.from('2025-11-25T05:00:00Z')

test('a time without a zone is the time of this computer, read and written', () => {
  for (const [zone, text] of [
    ['Asia/Kolkata', '2025-11-25T10:30:00'],
    ['UTC', '2025-11-25T05:00:00'],
    ['America/New_York', '2025-11-25T00:00:00'],
  ] as const) {
    assert.equal(toLocalText(instant, zone), text)
    assert.equal(instantFromLocal(text, zone)?.toString(), instant.toString(), zone)
    assert.equal(
      instantFromLocal(`${text.replace('T', ' ')}.250000`, zone)?.toString(),
      '2025-11-25T05:00:00.25Z',
    )
  }
})

test('a time with an offset means what it says, wherever it is read', () => {
  for (const text of ['2025-11-25T10:30:00+05:30', '2025-11-25T05:00:00Z', '2025-11-25T10:30:00+0530'])
    assert.equal(instantFromLocal(text, 'America/New_York')?.toString(), instant.toString(), text)
})

test('an hour that is repeated is its first, one that is left out is read as the clocks go on', () => {
  const zone = 'America/New_York'
  assert.equal(instantFromLocal('2026-11-01T01:30:00', zone)?.toString(), '2026-11-01T05:30:00Z')
  assert.equal(instantFromLocal('2026-03-08T02:30:00', zone)?.toString(), '2026-03-08T07:30:00Z')
})

test('anything else is no time', () => {
  for (const text of [
    '',
    'today',
    '2025-11-25',
    '2025-13-25T10:30:00',
    '2025-11-25T25:30:00',
    '25/11/2025 10:30',
    '1764050400',
  ])
    assert.equal(instantFromLocal(text, 'UTC'), undefined, text)
})
