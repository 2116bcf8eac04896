import type { QuietHours } from '../../contracts/alerts.ts'
import { istClock, nextIst, type WallClock } from '../../core/ist.ts'

/** Whether clocks in India stand within these hours, which may pass midnight. */
export function isQuiet(quiet: QuietHours | null, nowMs: number): boolean {
  if (!quiet) return false
  const { from, until } = quiet
  const now = istClock(nowMs)
  return from < until ? from <= now && now < until : now >= from || now < until
}

/** From when on somebody may be told what is not critical: now, or the end of the quiet hours. */
export function heardFromMs(quiet: QuietHours | null, nowMs: number): number {
  if (!quiet || !isQuiet(quiet, nowMs)) return nowMs
  return nextIst(quiet.until as WallClock, Temporal.Instant.fromEpochMilliseconds(nowMs)).epochMilliseconds
}
