import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Segment } from '../../contracts/calendar.ts'
import { shippedLists } from './known.ts'
import { marketAt, nextOpening } from './market.ts'
import { spanOf } from './spans.ts'

/** `2026-11-25 09:10` by clocks in India. */
const ist = (text: string) => Temporal.Instant.from(`${text.replace(' ', 'T')}+05:30`)
const text = (instant: Temporal.Instant) =>
  instant
    .toZonedDateTimeISO('Asia/Kolkata')
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
    .replace('T', ' ')

/** `open until 2026-11-25 15:30, then closing_auction` */
function at(time: string, segment: Segment, lists = shippedLists): string {
  const { phase, until, next } = marketAt(lists, ist(time), segment)
  return `${phase} until ${text(until)}, then ${next}`
}

const moments: readonly (readonly [time: string, segment: Segment, says: string])[] = [
  ['2026-11-25 00:00', 'equity', 'closed until 2026-11-25 09:00, then pre_open'],
  ['2026-11-25 08:59', 'equity', 'closed until 2026-11-25 09:00, then pre_open'],
  ['2026-11-25 09:00', 'equity', 'pre_open until 2026-11-25 09:08, then closed'],
  ['2026-11-25 09:10', 'equity', 'closed until 2026-11-25 09:15, then open'],
  ['2026-11-25 09:15', 'equity', 'open until 2026-11-25 15:30, then closing_auction'],
  ['2026-11-25 15:29', 'equity', 'open until 2026-11-25 15:30, then closing_auction'],
  ['2026-11-25 15:30', 'equity', 'closing_auction until 2026-11-25 15:35, then closed'],
  ['2026-11-25 15:35', 'equity', 'closed until 2026-11-26 09:00, then pre_open'],
  ['2026-11-25 15:35', 'fno', 'open until 2026-11-25 15:40, then closed'],
  ['2026-07-31 15:30', 'equity', 'closed until 2026-08-03 09:00, then pre_open'],
  // A holiday, and a Friday evening before a weekend.
  ['2026-11-24 12:00', 'equity', 'holiday until 2026-11-25 09:00, then pre_open'],
  ['2026-11-27 20:00', 'equity', 'closed until 2026-11-30 09:00, then pre_open'],
  ['2026-11-28 12:00', 'equity', 'holiday until 2026-11-30 09:00, then pre_open'],
  // Muhurat on a Sunday: nobody has said its hours, so nothing is said of its day.
  ['2026-11-07 12:00', 'equity', 'holiday until 2026-11-08 00:00, then unknown'],
  ['2026-11-08 13:50', 'equity', 'unknown until 2026-11-09 00:00, then closed'],
  // MCX from morning to evening without a break, and in the evening of a holiday.
  ['2026-11-25 10:00', 'commodity', 'open until 2026-11-25 23:55, then closed'],
  ['2026-11-24 10:00', 'commodity', 'closed until 2026-11-24 17:00, then open'],
  ['2026-11-25 10:00', 'currency', 'unknown until 2026-11-28 00:00, then holiday'],
]

for (const [time, segment, says] of moments)
  test(`${segment} at ${time}: ${says}`, () => assert.equal(at(time, segment), says))

test('what runs at a moment is told apart by the shares that it is for', () => {
  const running = (time: string) =>
    marketAt(shippedLists, ist(time), 'equity').running.map(({ phase, only }) => `${phase} ${only}`)
  assert.deepEqual(running('2026-11-25 15:20'), [
    'open other shares',
    'closing_auction shares with derivatives',
  ])
  assert.deepEqual(running('2026-11-25 12:00'), ['open shares with derivatives', 'open other shares'])
  assert.deepEqual(running('2026-11-25 16:00'), [])
})

test('until is the first minute at which the answer is another one', () => {
  for (const segment of ['equity', 'fno', 'commodity', 'currency'] as const) {
    let said: ReturnType<typeof marketAt> | undefined
    for (
      let minute = ist('2026-11-06 00:00');
      text(minute) < '2026-11-13';
      minute = minute.add({ minutes: 1 })
    ) {
      const now = marketAt(shippedLists, minute, segment)
      if (said && Temporal.Instant.compare(minute, said.until) < 0) {
        const isSame =
          now.phase === said.phase || [now.phase, said.phase].every((p) => p === 'closed' || p === 'holiday')
        assert.ok(isSame, `${segment} ${text(minute)}: ${now.phase} after ${said.phase}`)
        assert.ok(now.until.equals(said.until), `${segment} ${text(minute)}`)
        continue
      }
      if (said) assert.deepEqual([now.phase, text(minute)], [said.next, text(said.until)])
      said = now
    }
  }
})

test('a session with hours that the user has said', () => {
  const hours = [{ phase: 'open', from: '13:45', until: '14:45' }] as const
  const listed = { date: '2026-11-08', kind: 'special', hours } as const
  const lists = [spanOf('The day', 'equity', '2026-11-08', listed, 'the user'), ...shippedLists]
  assert.equal(at('2026-11-07 12:00', 'equity', lists), 'holiday until 2026-11-08 13:45, then open')
  assert.equal(at('2026-11-08 13:45', 'equity', lists), 'open until 2026-11-08 14:45, then closed')
  assert.equal(text(nextOpening(lists, ist('2026-11-06 16:00'), 'equity')!), '2026-11-08 13:45')
})

test('the next opening: today, after a holiday, past a day of unknown hours; none where no hours are known', () => {
  const opening = (time: string, segment: Segment = 'equity') =>
    text(nextOpening(shippedLists, ist(time), segment)!)
  assert.equal(opening('2026-11-25 08:00'), '2026-11-25 09:15')
  assert.equal(opening('2026-11-25 09:15'), '2026-11-26 09:15')
  assert.equal(opening('2026-11-23 16:00'), '2026-11-25 09:15')
  assert.equal(opening('2026-11-06 16:00'), '2026-11-09 09:15')
  assert.equal(opening('2026-12-31 16:00'), '2027-01-01 09:15')
  assert.equal(opening('2026-11-25 09:15', 'commodity'), '2026-11-25 17:00')
  assert.equal(nextOpening(shippedLists, ist('2026-11-25 08:00'), 'currency'), undefined)
})
