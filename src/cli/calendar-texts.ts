import type { CalendarDay, MarketNow, Segment } from '../contracts/calendar.ts'
import { istDayText, istTimeText } from '../core/ist.ts'

/** The days that are not as their weekday; segments of which the same is said share a row. */
export function calendarRows(days: readonly CalendarDay[]): string[][] {
  const rows = new Map<string, { segments: Segment[]; cells: string[] }>()
  for (const day of days) {
    if (day.kind !== 'holiday' && day.kind !== 'special') continue
    const cells = [day.kind, hoursText(day), day.saidBy ?? '', day.note]
    const row = rows.get(`${day.date} ${cells.join(' ')}`) ?? {
      segments: [],
      cells: [dayText(day.date), ...cells],
    }
    row.segments.push(day.segment)
    rows.set(`${day.date} ${cells.join(' ')}`, row)
  }
  return [...rows.values()].map(({ segments, cells: [day = '', ...rest] }) => [
    day,
    segments.join(','),
    ...rest,
  ])
}

/** Of which weekdays nobody has a list, a line for each year. */
export function unconfirmedText(days: readonly CalendarDay[]): string[] {
  const open = new Map<string, Set<Segment>>()
  for (const { date, segment, kind } of days) {
    if (kind !== 'unconfirmed') continue
    const year = date.slice(0, 4)
    open.set(year, (open.get(year) ?? new Set()).add(segment))
  }
  return [...open].map(
    ([year, segments]) => `No list of ${year} for ${[...segments].join(', ')}: its weekdays are unconfirmed.`,
  )
}

/** `Now: equity is open until 15:30, then in its closing auction.` */
export function marketLine({ segment, phase, until, next }: MarketNow): string {
  const end = istDayText(Temporal.Instant.from(until))
  return `Now: ${segment} is ${words[phase]} until ${end} IST, then ${words[next]}.`
}

const words: Readonly<Record<MarketNow['phase'], string>> = {
  pre_open: 'in its pre-open',
  open: 'open',
  closing_auction: 'in its closing auction',
  closed: 'closed',
  holiday: 'closed for the day',
  unknown: 'open at hours that nobody has said',
}

function hoursText({ kind, sessions }: CalendarDay): string {
  if (kind === 'holiday') return ''
  if (sessions === null) return 'unknown'
  return sessions
    .filter(({ phase }) => phase === 'open')
    .map(({ from, until }) => [from, until].map((at) => istTimeText(Temporal.Instant.from(at))).join('-'))
    .join(', ')
}

function dayText(date: string): string {
  return Temporal.PlainDate.from(date).toLocaleString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  })
}
