import { type DayList, type ListedDay, namedHours, type Segment, segments } from '../../contracts/calendar.ts'
import { BhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import { checkText } from '../ground/fields.ts'

/** A day as somebody writes it down, for one or more segments. */
export interface WrittenDay extends ListedDay {
  /** Those of the list when left out. */
  readonly segments?: readonly Segment[]
}

/** The days of one year that are not as their weekday, by one source, for these segments. */
export interface YearList {
  readonly year: number
  readonly segments: readonly Segment[]
  readonly source: string
  readonly days: readonly WrittenDay[]
}

const firstYear = 2020
const lastYear = 2099
const mostSessions = 10
const openSession = { phase: 'open' } as const

/** The list of a year, segment by segment. @throws BhorError `calendar_invalid` naming the row */
export function spansOf({ year, segments: covered, source, days }: YearList): DayList[] {
  if (!Number.isInteger(year) || year < firstYear || year > lastYear)
    throw invalid(`The year must be from ${firstYear} to ${lastYear}`)
  if (source.trim() === '') throw invalid('The list says no source')
  checkSegments('The list', covered)
  const seen = new Set<string>()
  for (const [at, day] of days.entries()) {
    const row = `Row ${at + 1} (${printable(day.date, 20)})`
    checkDay(row, day)
    if (!day.date.startsWith(`${year}-`)) throw invalid(`${row} is not in ${year}`)
    const own = day.segments ?? covered
    checkSegments(row, own)
    const foreign = own.find((segment) => !covered.includes(segment))
    if (foreign !== undefined) throw invalid(`${row} is for ${foreign}, which the list is not for`)
    for (const segment of own) {
      if (seen.has(`${day.date} ${segment}`)) throw invalid(`${row} has another row for ${segment}`)
      seen.add(`${day.date} ${segment}`)
      checkHours(row, day, segment)
    }
  }
  return covered.map((segment) => ({
    segment,
    firstDay: `${year}-01-01`,
    lastDay: `${year}-12-31`,
    source: checkText('source', source, 200),
    days: days.filter((day) => (day.segments ?? covered).includes(segment)).map(listedDay),
  }))
}

/** What is said of one day: that it is something of its own, or, with `undefined`, that it is as its weekday. */
export function spanOf(
  where: string,
  segment: Segment,
  date: string,
  day: ListedDay | undefined,
  source: string,
): DayList {
  if (day) {
    checkDay(where, day)
    checkHours(where, day, segment)
  } else checkDate(where, date)
  return { segment, firstDay: date, lastDay: date, source, days: day ? [listedDay(day)] : [] }
}

/** @throws BhorError `calendar_invalid` for what is no day between 2020 and 2099 */
export function checkDate(where: string, date: string): string {
  if (!isDay(date)) throw invalid(`${where} is no day`, 'A day is written YYYY-MM-DD, such as 2026-11-10.')
  const year = Number(date.slice(0, 4))
  if (year < firstYear || year > lastYear) throw invalid(`${where} is not from ${firstYear} to ${lastYear}`)
  return date
}

export function checkSegments(where: string, named: readonly string[]): void {
  const unknown = named.find((segment) => !(segments as readonly string[]).includes(segment))
  if (unknown === undefined && named.length > 0 && new Set(named).size === named.length) return
  throw invalid(
    unknown === undefined
      ? `${where} names no segment, or one twice`
      : `${where} names the segment “${printable(unknown, 20)}”`,
    `Segments are ${segments.join(', ')}.`,
  )
}

function checkDay(where: string, { date, kind, hours, note = '' }: ListedDay): void {
  checkDate(where, date)
  if ((kind === 'special') !== (hours !== undefined)) {
    throw invalid(
      kind === 'special'
        ? `${where} is a special session and does not say its hours`
        : `${where} has hours and is no special session`,
      'A special session says its hours, “usual” or “unknown”; a holiday has none.',
    )
  }
  checkText('note', note, 200)
}

function checkHours(where: string, { hours = 'usual' }: ListedDay, segment: Segment): void {
  if (typeof hours === 'string') {
    const isPart = hours === 'morning' || hours === 'evening'
    if (!namedHours.includes(hours) || (isPart && segment !== 'commodity'))
      throw invalid(
        `${where} has the hours “${printable(hours, 20)}”, which ${segment} has not`,
        'Give “usual”, “unknown” or times; MCX also has “morning” and “evening”.',
      )
    return
  }
  if (hours.length === 0 || hours.length > mostSessions)
    throw invalid(`${where} has ${hours.length} sessions`, `Give one to ${mostSessions}, or “unknown”.`)
  for (const { from, until } of hours) {
    for (const time of [from, until]) {
      if (!/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(time))
        throw invalid(
          `${where} has the time “${printable(time, 20)}”, which no clock shows`,
          'A time is written HH:MM, from 00:00 to 23:59.',
        )
    }
    if (from >= until)
      throw invalid(`${where} has a session from ${from} until ${until}`, 'A session ends after it begins.')
  }
  const overlapping = hours.find((one, at) =>
    hours
      .slice(at + 1)
      .some((other) => one.only === other.only && one.from < other.until && other.from < one.until),
  )
  if (overlapping)
    throw invalid(
      `${where} has another session during ${overlapping.from} to ${overlapping.until}`,
      'Let sessions of the same shares follow each other.',
    )
}

/** Only what belongs there. */
function listedDay({ date, kind, hours, note }: ListedDay): ListedDay {
  // A person writes down when the market is open, and seldom more.
  const sessions = Array.isArray(hours) ? hours.map((session) => ({ ...openSession, ...session })) : hours
  return {
    date,
    kind,
    ...(sessions === undefined ? {} : { hours: sessions }),
    ...(note === undefined || note === '' ? {} : { note }),
  }
}

function isDay(text: string): boolean {
  try {
    return /^\d{4}-\d\d-\d\d$/.test(text) && Temporal.PlainDate.from(text).toString() === text
  } catch {
    // no such day
    return false
  }
}

function invalid(what: string, hint?: string): BhorError {
  return new BhorError('calendar_invalid', `${what}.`, hint === undefined ? {} : { hint })
}
