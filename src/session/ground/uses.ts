const minuteMs = 60_000
const dayMinutes = 24 * 60
/** So long the uses of keys are kept by the minute, and so long by the day. */
const keptByMinuteDays = 7
const keptDays = 400

/** Counted from the epoch. */
export function minuteOf(epochMs: number): number {
  return Math.floor(epochMs / minuteMs)
}

/** The minute of the epoch since which uses are kept by the minute. */
export function firstMinuteKept(nowMs: number): number {
  return minuteOf(nowMs) - keptByMinuteDays * dayMinutes
}

/** What `gather` is given. */
export function usesToGather(nowMs: number): [minute: number, oldestMinute: number] {
  return [firstMinuteKept(nowMs), minuteOf(nowMs) - keptDays * dayMinutes]
}
