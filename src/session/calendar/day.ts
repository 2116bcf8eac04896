import type { DayKind, DayList, MarketSession, Segment } from '../../contracts/calendar.ts'
import { hoursOn, usualHours } from './hours.ts'

/** A day of one segment. */
export interface Day {
  readonly date: string
  readonly segment: Segment
  readonly kind: DayKind
  /** In the order of their beginning; empty where nothing is traded, null where nobody has said the hours. */
  readonly sessions: readonly MarketSession[] | null
  readonly note: string
  /** Who says so; undefined where only the weekday does. */
  readonly list: DayList | undefined
}

/**
 * What a day is, and when it is traded. A weekday of which no list speaks is `unconfirmed` and has the usual hours.
 *
 * @param lists of several that speak of a day, one that speaks of it alone counts first, then the earlier one
 * @param date `2026-11-08`, by clocks in India
 */
export function dayOf(lists: readonly DayList[], date: string, segment: Segment): Day {
  const list = listOf(lists, date, segment)
  const listed = list?.days.find((day) => day.date === date)
  const about = { date, segment, note: listed?.note ?? '', list }
  if (listed?.kind === 'holiday') return { ...about, kind: 'holiday', sessions: [] }
  if (listed)
    return { ...about, kind: 'special', sessions: hoursOn(date, segment, listed.hours ?? 'unknown') }
  if (Temporal.PlainDate.from(date).dayOfWeek > 5) return { ...about, kind: 'weekend', sessions: [] }
  return { ...about, kind: list ? 'trading' : 'unconfirmed', sessions: usualHours(segment, date) }
}

function listOf(lists: readonly DayList[], date: string, segment: Segment): DayList | undefined {
  let found: DayList | undefined
  for (const list of lists) {
    if (list.segment !== segment || date < list.firstDay || date > list.lastDay) continue
    if (!found || (isOneDay(list) && !isOneDay(found))) found = list
  }
  return found
}

function isOneDay({ firstDay, lastDay }: DayList): boolean {
  return firstDay === lastDay
}

/** Something is traded on it, as far as anybody knows. */
export function isTraded({ kind }: Day): boolean {
  return kind === 'trading' || kind === 'special' || kind === 'unconfirmed'
}

/** The first day strictly after `date` on which the segment is traded; it may be an unconfirmed one. */
export function nextTradingDay(lists: readonly DayList[], date: string, segment: Segment): Day {
  for (let next = dayAfter(date); ; next = dayAfter(next)) {
    const day = dayOf(lists, next, segment)
    if (isTraded(day)) return day
  }
}

/** `2026-12-31` to `2027-01-01` */
export function dayAfter(date: string): string {
  return Temporal.PlainDate.from(date).add({ days: 1 }).toString()
}
