import { upstox } from '../brokers/upstox/index.ts'
import { systemClock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { dateOf } from '../core/instant.ts'
import { endOfLogin } from '../session/life/expiry.ts'

type Moment = Date | Temporal.Instant

/**
 * When a token ends by its hour alone: the first 03:30 in India strictly after it was issued. Document 004 has it the other
 * way round for tokens of the night; see docs/from-document-004.md. A token's own `exp` can be earlier: the token manager
 * knows it, this does not.
 */
export const TimeUtils = {
  getTokenExpiryTime(issued: Moment): Date {
    return dateOf(endOf(issued))
  },
  isTokenExpired(issued: Moment, now: Moment = systemClock.now()): boolean {
    return Temporal.Instant.compare(instantOf(now), endOf(issued)) >= 0
  },
  /** What is left; nothing once it has ended. `remaining.total('seconds')` is Python's `total_seconds()`. */
  getTimeUntilExpiry(issued: Moment, now: Moment = systemClock.now()): Temporal.Duration {
    const left = endOf(issued).epochMilliseconds - instantOf(now).epochMilliseconds
    return Temporal.Duration.from({ milliseconds: Math.max(left, 0) })
  },
  datetimeToTimestampMs(moment: Moment): number {
    return instantOf(moment).epochMilliseconds
  },
  timestampMsToDatetime(timestampMs: number): Date {
    return dateOf(instantOfMs(timestampMs))
  },
} as const

function endOf(issued: Moment): Temporal.Instant {
  // Its rule names an hour, so that there always is an end.
  return endOfLogin(upstox.expiry, instantOf(issued))!
}

/** @throws BhorError `bad_field` for a date that is none, and for anything else */
function instantOf(moment: Moment): Temporal.Instant {
  return moment instanceof Temporal.Instant
    ? moment
    : instantOfMs(moment instanceof Date ? moment.getTime() : NaN)
}

function instantOfMs(ms: number): Temporal.Instant {
  if (Number.isInteger(ms) && Math.abs(ms) <= 8.64e15) return Temporal.Instant.fromEpochMilliseconds(ms)
  throw new BhorError('bad_field', 'That is not a moment in time.', {
    hint: 'Give a Date, a Temporal.Instant, or milliseconds since 1970.',
  })
}
