import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CalendarDay } from '../../../../src/contracts/calendar.ts'
import { daysAfter, mondayOf, saidDays, unconfirmedFrom, weeksOf } from './weeks.ts'

const day = (date: string, more: Partial<CalendarDay> = {}): CalendarDay => ({
  date,
  segment: 'equity',
  kind: 'trading',
  sessions: [],
  note: '',
  source: null,
  saidBy: 'bhor',
  ...more,
})

test('a week begins on Monday in India, whatever the hour', () => {
  assert.equal(mondayOf(Date.parse('2026-11-29T18:29:59Z')), '2026-11-23')
  assert.equal(mondayOf(Date.parse('2026-11-29T18:30:00Z')), '2026-11-30')
  assert.equal(daysAfter('2026-12-31', 1), '2027-01-01')
  assert.equal(daysAfter('2028-02-28', 1), '2028-02-29')
  const weeks = weeksOf([day('2026-12-01', { kind: 'holiday', note: 'x' })], '2026-11-30', 2)
  assert.deepEqual([weeks.length, weeks[1]?.at(-1)?.date], [2, '2026-12-13'])
  assert.deepEqual(weeks[0]?.[1], { date: '2026-12-01', kind: 'holiday', note: 'x' })
})

test('what is said of several segments alike is one; a list of a whole year is no word on each of its days', () => {
  const holiday = { kind: 'holiday', note: 'Diwali' } as const
  const said = saidDays([
    day('2026-11-10', holiday),
    day('2026-11-10', { ...holiday, segment: 'fno' }),
    day('2026-11-10', { kind: 'special', segment: 'commodity', sessions: null }),
    day('2026-11-11'),
    day('2026-11-12', { saidBy: 'user', source: 'the user' }),
    day('2026-11-12', { saidBy: 'user', source: 'the user', segment: 'fno', sessions: null }),
    day('2026-11-13', { saidBy: 'user', source: 'a circular' }),
  ])
  assert.deepEqual(
    said.map(({ date, kind, segments }) => [date, kind, segments]),
    [
      ['2026-11-10', 'holiday', ['equity', 'fno']],
      ['2026-11-10', 'special', ['commodity']],
      ['2026-11-12', 'trading', ['equity', 'fno']],
    ],
  )
})

test('from when on no list speaks, by segment', () => {
  const unconfirmed = { kind: 'unconfirmed' } as const
  assert.deepEqual(
    unconfirmedFrom([
      day('2026-12-31'),
      day('2026-12-31', { ...unconfirmed, segment: 'currency' }),
      day('2027-01-01', unconfirmed),
      day('2027-01-01', { ...unconfirmed, segment: 'fno' }),
      day('2027-01-04', unconfirmed),
    ]),
    [
      { from: '2026-12-31', segments: ['currency'] },
      { from: '2027-01-01', segments: ['equity', 'fno'] },
    ],
  )
})
