import type { ActivityEntry } from '../../../src/contracts/activity.ts'
import { istDate } from '../time/ist.ts'
import { words } from '../words/audit.ts'
import { locale } from '../words/words.ts'

/** What happened on one day in India. */
export interface Day {
  /** `2026-11-24` */
  readonly date: string
  readonly entries: readonly ActivityEntry[]
}

/** The newest first, as the entries are. */
export function daysOf(entries: readonly ActivityEntry[]): readonly Day[] {
  const days = Map.groupBy(entries, ({ at }) => istDate(Date.parse(at)))
  return [...days].map(([date, ofDay]) => ({ date, entries: ofDay }))
}

const long = new Intl.DateTimeFormat(locale, {
  timeZone: 'UTC',
  weekday: 'long',
  day: 'numeric',
  month: 'long',
})
const withYear = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'full' })

/** `Today`, `Yesterday` or nothing, and `Tuesday 24 November`. */
export function dayName(date: string, nowMs: number): { readonly near: string; readonly name: string } {
  const today = istDate(nowMs)
  const noon = Date.parse(`${date}T12:00:00Z`)
  // India has no daylight saving, so a step of 24 hours is a step of one date.
  const yesterday = istDate(nowMs - 24 * 60 * 60_000)
  const near = date === today ? words.audit.today : date === yesterday ? words.audit.yesterday : ''
  return { near, name: (date.slice(0, 4) === today.slice(0, 4) ? long : withYear).format(noon) }
}

/** The same for what the server tells in one entry of a day, however often somebody looks. */
export function samenessOf({ at, actor, action, account, result, code }: ActivityEntry): string {
  return JSON.stringify([istDate(Date.parse(at)), actor, action, account, result, code])
}
