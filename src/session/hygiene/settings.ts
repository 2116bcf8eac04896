import type { AccountSettings } from '../../contracts/store.ts'
import { durationMs } from '../../core/duration.ts'
import { BhorError } from '../../core/errors.ts'
import { isWallClock } from '../../core/ist.ts'

type Hygiene = AccountSettings['hygiene']

/** A session that is ended sooner than this after its last use is ended before anybody could use it. */
const shortestUnusedMs = 5 * 60_000

/** The rules after a change: what is not named stays, empty text takes away. @throws BhorError `bad_field` */
export function hygieneAfter(before: Hygiene, change: Hygiene): Hygiene {
  const { logoutAt, logoutUnusedAfter } = { ...before, ...change }
  if (logoutAt && !isWallClock(logoutAt)) {
    throw bad('logoutAt', 'The time to log out is no time of day.', '15:45, by clocks in India')
  }
  if (logoutUnusedAfter && !((durationMs(logoutUnusedAfter) ?? 0) >= shortestUnusedMs)) {
    const text = 'The time without use is no length from 5 minutes to 24 hours.'
    throw bad('logoutUnusedAfter', text, '45m or 4h')
  }
  if (!logoutAt && !logoutUnusedAfter) return undefined
  return { ...(logoutAt ? { logoutAt } : {}), ...(logoutUnusedAfter ? { logoutUnusedAfter } : {}) }
}

function bad(name: string, message: string, example: string): BhorError {
  const hint = `Write it as ${example}, or empty for never.`
  return new BhorError('bad_field', message, { hint, facts: { field: `settings.hygiene.${name}` } })
}
