import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ActivityEntry } from '../../../src/contracts/activity.ts'
import { dayName, daysOf, samenessOf } from './days.ts'

const entry = (seq: number, at: string, more: Partial<ActivityEntry> = {}): ActivityEntry => ({
  seq,
  firstSeq: seq,
  at,
  since: null,
  times: 1,
  kind: 'session',
  who: 'my-bot',
  text: 'my-bot got the session of demo',
  actor: 'key:key_1',
  action: 'session.handout',
  account: 'demo',
  result: 'ok',
  code: null,
  ...more,
})

test('days are those of India', () => {
  const days = daysOf([
    entry(4, '2026-11-24T03:00:00Z'),
    entry(3, '2026-11-23T18:30:00Z'),
    entry(2, '2026-11-23T18:29:59Z'),
  ])
  assert.deepEqual(
    days.map(({ date, entries }) => [date, entries.map(({ seq }) => seq)]),
    [
      ['2026-11-24', [4, 3]],
      ['2026-11-23', [2]],
    ],
  )
})

test('a day is named by how near it is, and by its year where that is another one', () => {
  const now = Date.parse('2026-11-23T18:30:00Z')
  assert.equal(dayName('2026-11-24', now).near, 'Today')
  assert.equal(dayName('2026-11-23', now).near, 'Yesterday')
  assert.equal(dayName('2026-11-22', now).near, '')
  assert.match(dayName('2026-11-22', now).name, /^Sunday,? 22 November$/)
  assert.match(dayName('2025-11-22', now).name, /^Saturday,? 22 November,? 2025$/)
})

test('the same on another day, by somebody else or with another end is something else', () => {
  const one = entry(1, '2026-11-24T03:00:00Z')
  assert.equal(samenessOf(one), samenessOf(entry(9, '2026-11-24T09:00:00Z')))
  for (const other of [
    entry(2, '2026-11-24T19:00:00Z'),
    entry(2, '2026-11-24T03:00:00Z', { actor: 'key:key_2' }),
    entry(2, '2026-11-24T03:00:00Z', { result: 'refused' }),
    entry(2, '2026-11-24T03:00:00Z', { account: null }),
  ])
    assert.notEqual(samenessOf(one), samenessOf(other))
})
