import type { CalendarDay, DayKind, Segment } from '../../../../src/contracts/calendar.ts'
import { istDate } from '../../time/ist.ts'

const dayMs = 24 * 60 * 60_000

/** `2026-11-30` and 7 to `2026-12-07`. */
export function daysAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}

/** The Monday of the week that a moment belongs to, in India. */
export function mondayOf(atMs: number): string {
  const date = istDate(atMs)
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
  return daysAfter(date, -((weekday + 6) % 7))
}

/** Several segments of one day for which the same is said. */
export interface SaidDay extends Pick<CalendarDay, 'date' | 'kind' | 'note' | 'saidBy' | 'sessions'> {
  readonly segments: readonly Segment[]
}

/**
 * The days that somebody has said something of: holidays, special sessions, and those that are ordinary because the
 * user says so. What is said of several segments alike is one.
 */
export function saidDays(days: readonly CalendarDay[]): readonly SaidDay[] {
  const found = new Map<string, SaidDay>()
  for (const { date, segment, kind, note, saidBy, sessions, source } of days) {
    // A list of the user's own year is no word on each of its days.
    const isSaid = kind === 'holiday' || kind === 'special' || (saidBy === 'user' && source === 'the user')
    if (!isSaid) continue
    // Only of a special session do the hours belong to what is said.
    const key = JSON.stringify([date, kind, note, saidBy, kind === 'special' && sessions])
    const { segments = [] } = found.get(key) ?? {}
    found.set(key, { date, kind, note, saidBy, sessions, segments: [...segments, segment] })
  }
  return [...found.values()]
}

/** From which day on no list speaks of which segments. */
export function unconfirmedFrom(
  days: readonly CalendarDay[],
): readonly { readonly from: string; readonly segments: readonly Segment[] }[] {
  const first = new Map<Segment, string>()
  for (const { date, segment, kind } of days)
    if (kind === 'unconfirmed' && !first.has(segment)) first.set(segment, date)
  const dates = [...new Set(first.values())].toSorted()
  return dates.map((from) => ({
    from,
    segments: [...first].filter(([, date]) => date === from).map(([segment]) => segment),
  }))
}

/** A day of the grid; null where the answer does not reach as far. */
export interface GridDay {
  readonly date: string
  readonly kind: DayKind
  readonly note: string
}

/** Weeks of seven days, by one segment. */
export function weeksOf(
  days: readonly CalendarDay[],
  monday: string,
  count: number,
  segment: Segment = 'equity',
): readonly (readonly GridDay[])[] {
  const of = new Map(days.filter((day) => day.segment === segment).map((day) => [day.date, day]))
  return Array.from({ length: count }, (_, week) =>
    Array.from({ length: 7 }, (_each, at) => {
      const date = daysAfter(monday, week * 7 + at)
      const { kind = 'unconfirmed', note = '' } = of.get(date) ?? {}
      return { date, kind, note }
    }),
  )
}
