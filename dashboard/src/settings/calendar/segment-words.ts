import type { CalendarDay, Segment } from '../../../../src/contracts/calendar.ts'
import { istClock } from '../../time/ist.ts'
import { words } from '../../words/settings.ts'
import { locale } from '../../words/words.ts'

const said = words.settings.calendar
const list = new Intl.ListFormat(locale, { type: 'conjunction' })
const day = new Intl.DateTimeFormat(locale, {
  timeZone: 'UTC',
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
})

/** `shares and futures and options` */
export function segmentsText(segments: readonly Segment[]): string {
  return list.format(segments.map((segment) => said.segments[segment]))
}

/** `Tue, 10 Nov 2026` */
export function dayText(date: string): string {
  return day.format(Date.parse(`${date}T00:00:00Z`))
}

/** `18:00–19:00`; empty where nothing is traded. */
export function hoursText({ sessions }: Pick<CalendarDay, 'sessions'>): string {
  if (sessions === null) return said.hoursUnknown
  return sessions
    .filter(({ phase }) => phase === 'open')
    .map(({ from, until }) => `${istClock(Date.parse(from))}–${istClock(Date.parse(until))}`)
    .join(', ')
}
