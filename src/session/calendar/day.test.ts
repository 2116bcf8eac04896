import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type DayList, type Segment, segments } from '../../contracts/calendar.ts'
import { dayAfter, dayOf, isTraded, nextTradingDay } from './day.ts'
import { coveredSegments, missingLists, shippedLists } from './known.ts'
import { spanOf } from './spans.ts'

const kindOf = (date: string, segment: Segment, lists = shippedLists) => dayOf(lists, date, segment).kind

/** `09:15-15:30 open` */
function hours(date: string, segment: Segment, lists = shippedLists): string[] | null {
  const { sessions } = dayOf(lists, date, segment)
  return (
    sessions?.map(({ phase, from, until, only }) =>
      [`${from}-${until}`, phase, ...(only ? [only] : [])].join(' '),
    ) ?? null
  )
}

/** Written down again, independently of the data file. */
const closed2026 =
  '01-15 01-26 03-03 03-26 03-31 04-03 04-14 05-01 05-28 06-26 09-14 10-02 10-20 11-10 11-24 12-25'.split(' ')

test('2026: shares, futures and options rest on these days, on weekends but two, and on no other', () => {
  for (const segment of ['equity', 'fno'] as const) {
    for (let date = '2026-01-01'; date < '2027-01-01'; date = dayAfter(date)) {
      const isWeekend = [0, 6].includes(new Date(`${date}T00:00Z`).getUTCDay())
      const special = ['2026-02-01', '2026-11-08'].includes(date) && 'special'
      const closed = closed2026.includes(date.slice(5)) && 'holiday'
      assert.equal(kindOf(date, segment), special || closed || (isWeekend ? 'weekend' : 'trading'), date)
    }
  }
})

test('2026: MCX rests all day on four days, trades in the evening of the others, in the morning of 1 January', () => {
  const allDay = ['01-26', '04-03', '10-02', '12-25']
  for (const day of closed2026) {
    const date = `2026-${day}`
    const isAllDay = allDay.includes(day)
    assert.equal(kindOf(date, 'commodity'), isAllDay ? 'holiday' : 'special', date)
    assert.equal(hours(date, 'commodity')?.length, isAllDay ? 0 : 1, date)
  }
  assert.deepEqual(hours('2026-03-03', 'commodity'), ['17:00-23:55 open'])
  assert.deepEqual(hours('2026-10-20', 'commodity'), ['17:00-23:30 open'])
  assert.deepEqual(hours('2026-01-01', 'commodity'), ['09:00-17:00 open'])
  assert.equal(kindOf('2026-01-01', 'equity'), 'trading')
})

test('special sessions: the budget day has the usual hours, those of Muhurat nobody has said', () => {
  assert.deepEqual(hours('2026-02-01', 'equity'), ['09:00-09:08 pre_open', '09:15-15:30 open'])
  for (const segment of ['equity', 'fno', 'commodity'] as const) {
    const muhurat = dayOf(shippedLists, '2026-11-08', segment)
    assert.deepEqual([muhurat.kind, muhurat.sessions], ['special', null])
    assert.match(muhurat.note, /not known/)
  }
})

test('the hours since 3 August 2026 and before', () => {
  assert.deepEqual(hours('2026-07-31', 'equity'), ['09:00-09:08 pre_open', '09:15-15:30 open'])
  assert.deepEqual(hours('2026-07-31', 'fno'), ['09:00-09:08 pre_open', '09:15-15:30 open'])
  assert.deepEqual(hours('2026-08-03', 'equity'), [
    '09:00-09:08 pre_open',
    '09:15-15:15 open shares with derivatives',
    '09:15-15:30 open other shares',
    '15:15-15:35 closing_auction shares with derivatives',
  ])
  assert.deepEqual(hours('2026-08-03', 'fno'), ['09:00-09:08 pre_open', '09:15-15:40 open'])
})

test('MCX ends later while the United States have no summer time', () => {
  // Summer time there: from the second Sunday of March to the first of November.
  for (const [date, until] of [
    ['2026-03-06', '23:55'],
    ['2026-03-09', '23:30'],
    ['2026-10-30', '23:30'],
    ['2026-11-02', '23:55'],
  ] as const)
    assert.deepEqual(hours(date, 'commodity'), ['09:00-17:00 open', `17:00-${until} open`], date)
})

test('of a year without a list a weekday is unconfirmed, and so is currency in every year', () => {
  for (const date of ['2025-12-31', '2027-01-01', '2027-01-26', '2031-06-02']) {
    assert.equal(kindOf(date, 'equity'), 'unconfirmed', date)
    assert.equal(hours(date, 'equity')?.length, date < '2026' ? 2 : 4, date)
    assert.equal(dayOf(shippedLists, date, 'equity').list, undefined)
  }
  assert.equal(kindOf('2027-01-02', 'equity'), 'weekend')
  const currency = dayOf(shippedLists, '2026-11-25', 'currency')
  assert.deepEqual([currency.kind, currency.sessions], ['unconfirmed', null])
  assert.equal(kindOf('2026-11-22', 'currency'), 'weekend')
})

test('the next trading day: over weekends and holidays, into a year without a list', () => {
  const next = (date: string, segment: Segment = 'equity') => {
    const day = nextTradingDay(shippedLists, date, segment)
    return `${day.date} ${day.kind}`
  }
  assert.equal(next('2026-11-23'), '2026-11-25 trading')
  assert.equal(next('2026-11-06'), '2026-11-08 special')
  assert.equal(next('2026-11-08'), '2026-11-09 trading')
  assert.equal(next('2026-10-01'), '2026-10-05 trading')
  assert.equal(next('2026-12-24'), '2026-12-28 trading')
  assert.equal(next('2026-12-31'), '2027-01-01 unconfirmed')
  assert.equal(next('2026-11-23', 'commodity'), '2026-11-24 special')
})

test('what is said of one day counts before the list of its year, and before bhor’s own', () => {
  const own: DayList = {
    segment: 'equity',
    firstDay: '2026-01-01',
    lastDay: '2026-12-31',
    source: 'the user',
    days: [{ date: '2026-12-01', kind: 'holiday' }],
  }
  const lists = [own, ...shippedLists]
  assert.deepEqual(
    [kindOf('2026-12-01', 'equity', lists), kindOf('2026-12-01', 'fno', lists)],
    ['holiday', 'trading'],
  )
  // The whole of the user's list is in place of bhor's.
  assert.equal(kindOf('2026-12-25', 'equity', lists), 'trading')
  const traded = spanOf('The day', 'equity', '2026-12-01', undefined, 'the user')
  for (const order of [
    [traded, ...lists],
    [...lists, traded],
  ])
    assert.equal(kindOf('2026-12-01', 'equity', order), 'trading')
})

test('whatever is said, a day has one kind, sessions fit it, and the next trading day is after it', () => {
  const anyDay = fc
    .integer({ min: 0, max: 2000 })
    .map((days) => Temporal.PlainDate.from('2025-06-01').add({ days }).toString())
  const anySaid = fc.record({
    date: anyDay,
    segment: fc.constantFrom(...segments),
    kind: fc.constantFrom('holiday', 'special', 'ordinary'),
  })
  fc.assert(
    fc.property(
      fc.array(anySaid, { maxLength: 20 }),
      anyDay,
      fc.constantFrom(...segments),
      (said, date, segment) => {
        const spans = said.map((one) => {
          const day =
            one.kind === 'holiday'
              ? { kind: one.kind }
              : { kind: 'special' as const, hours: 'usual' as const }
          const listed = one.kind === 'ordinary' ? undefined : { date: one.date, ...day }
          return spanOf('The day', one.segment, one.date, listed as never, 'the user')
        })
        const lists = [...spans, ...shippedLists]
        const day = dayOf(lists, date, segment)
        const mine = said.find((one) => one.date === date && one.segment === segment)
        if (mine && mine.kind !== 'ordinary') assert.equal(day.kind, mine.kind)
        if (mine?.kind === 'ordinary') assert.ok(['trading', 'weekend'].includes(day.kind))
        assert.equal(day.kind === 'holiday' || day.kind === 'weekend', day.sessions?.length === 0)
        const next = nextTradingDay(lists, date, segment)
        assert.ok(next.date > date && isTraded(next))
      },
    ),
    { numRuns: 300 },
  )
})

test('next year’s list is missed from 15 December on, this year’s always', () => {
  assert.deepEqual(coveredSegments(shippedLists, 2026), ['equity', 'fno', 'commodity'])
  assert.deepEqual(missingLists(shippedLists, '2026-12-14'), [])
  const next = [{ year: 2027, segments: ['equity', 'fno'] }]
  assert.deepEqual(missingLists(shippedLists, '2026-12-15'), next)
  assert.deepEqual(missingLists(shippedLists, '2026-12-31'), next)
  assert.deepEqual(missingLists(shippedLists, '2027-03-01'), next)
})
