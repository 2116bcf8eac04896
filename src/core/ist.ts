/**
 * Wall-clock rules in India. Every broker's day ends at a clock time in Asia/Kolkata, whatever zone the
 * host is in; India has had no daylight saving since 1945, but the rules go through the zone anyway.
 */
export const istZone = 'Asia/Kolkata'

/** A time of day as `HH:MM`, 24 hours. */
export type WallClock = `${number}${number}:${number}${number}`

export function isWallClock(text: string | undefined): text is WallClock {
  return text !== undefined && /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text)
}

/** The first moment strictly after `after` at which clocks in India show `time`. */
export function nextIst(time: WallClock, after: Temporal.Instant): Temporal.Instant {
  const local = after.toZonedDateTimeISO(istZone)
  const sameDay = local.withPlainTime(Temporal.PlainTime.from(time))
  const next = Temporal.Instant.compare(sameDay.toInstant(), after) > 0 ? sameDay : sameDay.add({ days: 1 })
  return next.toInstant()
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const
// biome-ignore format: a year is a line
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec'] as const

/** `Tue 24 Nov 06:00`, for people. Not by the locale's own data, which takes a hundred times as long. */
export function istDayText(instant: Temporal.Instant): string {
  const { dayOfWeek, day, month } = instant.toZonedDateTimeISO(istZone)
  return `${weekdays[dayOfWeek - 1]} ${day} ${months[month - 1]} ${istTimeText(instant)}`
}

/** `06:00`, in India. */
export function istTimeText(instant: Temporal.Instant): string {
  return instant.toZonedDateTimeISO(istZone).toPlainTime().toString({ smallestUnit: 'minute' })
}

/** `Tue 24 Nov 06:00 IST`: a moment in a sentence. */
export function istMoment(epochMs: number): string {
  return `${istDayText(Temporal.Instant.fromEpochMilliseconds(epochMs))} IST`
}

/** `06:00`, as clocks in India show it. */
export function istClock(epochMs: number): string {
  const local = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(istZone)
  return local.toPlainTime().toString({ smallestUnit: 'minute' })
}

/** Reads a broker's zoneless `yyyy-mm-dd hh:mm:ss`, which is always Indian time. Throws `RangeError` on anything else. */
export function instantFromIst(text: string): Temporal.Instant {
  return Temporal.PlainDateTime.from(text.trim().replace(' ', 'T')).toZonedDateTime(istZone).toInstant()
}

/** `2026-11-24 06:00:00`, as brokers write it. */
export function toIstText(instant: Temporal.Instant): string {
  return instant
    .toZonedDateTimeISO(istZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'second' })
    .replace('T', ' ')
}

/** Counts the days in India: it rises by one at each midnight there. No zone data, because every hand-out asks it. */
export function istDayNumber(epochMs: number): number {
  return Math.floor((epochMs + 5.5 * 60 * 60_000) / (24 * 60 * 60_000))
}

/** `2025-11-08 13:45:27`, by clocks in India. */
export function istDateTime(epochMs: number): string {
  const local = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(istZone)
  return local.toPlainDateTime().toString({ smallestUnit: 'second' }).replace('T', ' ')
}
