import { foregroundClock } from '../../core/clock.ts'
import { isBhorError } from '../../core/errors.ts'

/** How long a call waits for another process before `store_busy`, its turn in this one included. */
const patienceMs = 5_000
const longestPauseMs = 50

/** When a call that comes in now has waited long enough. */
export function patienceFromNow(): number {
  return foregroundClock.monotonicMs() + patienceMs
}

/**
 * Does `work` as soon as no other process holds the store. SQLite's own waiting would hold the whole process. What is
 * waited for is real, so the time is too.
 *
 * @throws BhorError `store_busy`
 */
export async function whenFree<T>(work: () => T, untilMs = patienceFromNow()): Promise<T> {
  for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return work()
    } catch (error) {
      if (!isBhorError(error, 'store_busy') || foregroundClock.monotonicMs() >= untilMs) throw error
    }
    await foregroundClock.sleep(pauseMs)
  }
}
