import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BhorError } from '../../core/errors.ts'
import { spanOf, spansOf, type WrittenDay, type YearList } from './spans.ts'

const list = (...days: readonly unknown[]): YearList => ({
  year: 2027,
  segments: ['equity', 'fno', 'commodity'],
  source: 'a circular',
  days: days as WrittenDay[],
})
const holiday = (date: string, rest = {}) => ({ date, kind: 'holiday', ...rest })
const special = (date: string, hours: unknown, rest = {}) => ({ date, kind: 'special', hours, ...rest })
const session = (from: string, until: string, rest = {}) => ({ phase: 'open', from, until, ...rest })

const wrong: readonly (readonly [what: string, list: YearList, says: RegExp])[] = [
  [
    'a day that no month has',
    list(holiday('2027-01-26'), holiday('2027-02-30')),
    /^Row 2 \(2027-02-30\) is no day\.$/,
  ],
  ['a month that no year has', list(holiday('2027-13-01')), /^Row 1 \(2027-13-01\) is no day/],
  ['a day that is written otherwise', list(holiday('26-01-2027')), /^Row 1 \(26-01-2027\) is no day/],
  ['a day with a time', list(holiday('2027-01-26T00:00')), /is no day/],
  ['a day of another year', list(holiday('2026-01-26')), /^Row 1 \(2026-01-26\) is not in 2027/],
  [
    'two rows of one day',
    list(holiday('2027-01-26'), holiday('2027-01-26')),
    /^Row 2 \(2027-01-26\) has another row for equity/,
  ],
  [
    'two rows of one day in one segment',
    list(
      holiday('2027-01-26', { segments: ['fno', 'equity'] }),
      special('2027-01-26', 'usual', { segments: ['equity'] }),
    ),
    /^Row 2 .* has another row for equity/,
  ],
  [
    'a time that no clock shows',
    list(special('2027-10-29', [session('25:00', '26:00')])),
    /has the time “25:00”, which no clock shows/,
  ],
  ['minutes that no hour has', list(special('2027-10-29', [session('18:60', '19:00')])), /“18:60”/],
  ['a time of one digit', list(special('2027-10-29', [session('9:15', '15:30')])), /“9:15”/],
  ['midnight as an end', list(special('2027-10-29', [session('18:00', '24:00')])), /“24:00”/],
  [
    'an end before its beginning',
    list(special('2027-10-29', [session('19:00', '18:00')])),
    /from 19:00 until 18:00/,
  ],
  [
    'an end at its beginning',
    list(special('2027-10-29', [session('18:00', '18:00')])),
    /from 18:00 until 18:00/,
  ],
  [
    'two sessions at once',
    list(special('2027-10-29', [session('18:00', '19:00'), session('18:30', '20:00')])),
    /another session during 18:00 to 19:00/,
  ],
  ['no session', list(special('2027-10-29', [])), /has 0 sessions/],
  ['a special day without hours', list({ date: '2027-10-29', kind: 'special' }), /does not say its hours/],
  [
    'a holiday with hours',
    list(holiday('2027-01-26', { hours: 'usual' })),
    /has hours and is no special session/,
  ],
  ['hours that nobody knows', list(special('2027-10-29', 'soon')), /has the hours “soon”/],
  [
    'an evening that shares do not have',
    list(special('2027-10-29', 'evening')),
    /the hours “evening”, which equity has not/,
  ],
  ['a segment that there is not', { ...list(), segments: ['nse' as 'equity'] }, /the segment “nse”/],
  [
    'a segment of the row that there is not',
    list(holiday('2027-01-26', { segments: ['stocks'] })),
    /the segment “stocks”/,
  ],
  [
    'a segment that the list is not for',
    list(holiday('2027-01-26', { segments: ['currency'] })),
    /is for currency, which the list is not for/,
  ],
  ['no segment', { ...list(), segments: [] }, /names no segment/],
  ['no source', { ...list(), source: ' ' }, /no source/],
  ['a year of no list', { ...list(), year: 206 }, /from 2020 to 2099/],
  ['half a year', { ...list(), year: 2027.5 }, /from 2020 to 2099/],
]

for (const [what, given, says] of wrong) {
  test(`a list with ${what} is refused, with its row and one hint`, () => {
    assert.throws(
      () => spansOf(given),
      (error: BhorError) => {
        assert.equal(error.code, 'calendar_invalid')
        assert.match(error.message, says)
        assert.ok(error.hint.length > 10)
        return true
      },
    )
  })
}

test('a list is one span for each of its segments, with the rows that are for it', () => {
  const spans = spansOf(
    list(holiday('2027-01-26'), special('2027-03-22', 'evening', { segments: ['commodity'], note: 'Holi' })),
  )
  assert.deepEqual(
    spans.map(({ segment, firstDay, lastDay, source, days }) => [
      segment,
      firstDay,
      lastDay,
      source,
      days.length,
    ]),
    [
      ['equity', '2027-01-01', '2027-12-31', 'a circular', 1],
      ['fno', '2027-01-01', '2027-12-31', 'a circular', 1],
      ['commodity', '2027-01-01', '2027-12-31', 'a circular', 2],
    ],
  )
  assert.deepEqual(spans[2]!.days[1], { date: '2027-03-22', kind: 'special', hours: 'evening', note: 'Holi' })
})

test('sessions that follow each other, or are for other shares, are no fault; a phase that is not said is open', () => {
  const hours = [
    { phase: 'pre_open', from: '17:45', until: '18:00' },
    { from: '18:00', until: '19:00' },
    { phase: 'open', from: '18:00', until: '18:30', only: 'other shares' },
  ]
  const { days } = spanOf('It', 'equity', '2027-10-29', special('2027-10-29', hours) as WrittenDay, 'x')
  assert.deepEqual(
    (days[0]!.hours as readonly { phase: string }[]).map(({ phase }) => phase),
    ['pre_open', 'open', 'open'],
  )
})

test('text that could change a screen is not taken as a note or a source', () => {
  for (const evil of ['a\u001b[31mb', 'a\nb', 'x'.repeat(201)]) {
    assert.throws(() => spansOf(list(holiday('2027-01-26', { note: evil }))), { code: 'bad_field' })
    assert.throws(() => spansOf({ ...list(), source: evil }), { code: 'bad_field' })
  }
})
