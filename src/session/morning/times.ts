import type { DayList } from '../../contracts/calendar.ts'
import type { AccountRecord } from '../../contracts/store.ts'
import type { WallClock } from '../../core/ist.ts'
import { type Day, dayOf, isTraded, nextTradingDay } from '../calendar/day.ts'
import { istInstant } from '../calendar/hours.ts'
import { istDate } from '../calendar/market.ts'

/** What the operator wants of a morning, by clocks in India. */
export interface Morning {
  /** By then every account is verified. */
  readonly deadline: WallClock
  /** When those who are missing are called, in order; all before the deadline. */
  readonly calls: readonly WallClock[]
  /** The accounts that are called: all live ones, all with the sandbox's, or these names. */
  readonly accounts: 'live' | 'all' | readonly string[]
}
export const usualMorning: Morning = {
  deadline: '08:55',
  calls: ['07:30', '08:15', '08:35', '08:50'],
  accounts: 'live',
}

/** Whether an account is one of those that are called. */
export function isCalled(
  { accounts }: Pick<Morning, 'accounts'>,
  { alias, kind }: Pick<AccountRecord, 'alias' | 'kind'>,
): boolean {
  return typeof accounts === 'string' ? accounts === 'all' || kind === 'live' : accounts.includes(alias)
}

/** A prompt outlives the deadline by this much: who is late still gets in. */
export const promptOutlivesMs = 30 * 60_000

/** The morning of one trading day. */
export interface MorningTimes {
  /** `2026-11-30` */
  readonly date: string
  readonly day: Day
  readonly deadlineMs: number
  readonly callsMs: readonly number[]
}

/** The morning that a moment belongs to: today's until midnight in India, where today is traded, else the next one. */
export function morningOf(lists: readonly DayList[], morning: Morning, nowMs: number): MorningTimes {
  const date = istDate(Temporal.Instant.fromEpochMilliseconds(nowMs))
  const today = dayOf(lists, date, 'equity')
  return timesOf(morning, isTraded(today) ? today : nextTradingDay(lists, date, 'equity'))
}

/** The first morning whose deadline lies ahead. */
export function nextMorning(lists: readonly DayList[], morning: Morning, nowMs: number): MorningTimes {
  const times = morningOf(lists, morning, nowMs)
  return nowMs < times.deadlineMs
    ? times
    : timesOf(morning, nextTradingDay(lists, times.date, times.day.segment))
}

function timesOf({ deadline, calls }: Morning, day: Day): MorningTimes {
  const at = (time: WallClock) => istInstant(day.date, time).epochMilliseconds
  return { date: day.date, day, deadlineMs: at(deadline), callsMs: calls.map(at) }
}
