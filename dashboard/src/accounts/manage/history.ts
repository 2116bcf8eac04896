import type { PastSession } from '../../../../src/contracts/activity.ts'
import { istDate } from '../../time/ist.ts'

export const historyDays = 30
const dayMs = 24 * 60 * 60_000

/** How a session ended, or that it lives. */
export type PastEnd = NonNullable<PastSession['end']> | 'live'

/** One day in India. */
export interface PastDay {
  /** `2026-11-24` */
  readonly date: string
  /** Some moment of it. */
  readonly atMs: number
  /** Those that began on it, the first one first. */
  readonly sessions: readonly PastSession[]
  /** How the last of them ended; null on a day without one. */
  readonly end: PastEnd | null
}

/** The last days, today last, with the sessions that began on each. */
export function pastDays(sessions: readonly PastSession[], nowMs: number): readonly PastDay[] {
  const byDate = Map.groupBy(sessions, ({ startedAt }) => istDate(Date.parse(startedAt)))
  return Array.from({ length: historyDays }, (_, at) => {
    // India has no daylight saving, so a step of 24 hours is a step of one date.
    const atMs = nowMs - (historyDays - 1 - at) * dayMs
    const date = istDate(atMs)
    const ofDay = (byDate.get(date) ?? []).toSorted((a, b) => a.generation - b.generation)
    const last = ofDay.at(-1)
    return { date, atMs, sessions: ofDay, end: last === undefined ? null : endOf(last) }
  })
}

export function endOf({ end }: PastSession): PastEnd {
  return end ?? 'live'
}
