import { foregroundClock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { istZone } from '../core/ist.ts'

const pattern = /^(?:(\d{4}-\d{2}-\d{2})[ T])?(\d{2}:\d{2})$/

/**
 * A moment as people write it, `15:30` today or `2026-11-24 15:30`, by clocks in India; as machines read it.
 *
 * @throws BhorError `bad_field` for what is no time, and for a time of today that has passed
 */
export function momentOf(text: string, now = foregroundClock.now()): string {
  const [, day, time = ''] = pattern.exec(text) ?? []
  const today = now.toZonedDateTimeISO(istZone).toPlainDate()
  const instant = instantOf(day ?? today.toString(), time)
  if (!instant) {
    throw bad(`That is no time of day (${text.length} characters).`, 'Write 15:30, or "2026-11-24 15:30".')
  }
  if (day === undefined && Temporal.Instant.compare(instant, now) <= 0) {
    const tomorrow = today.add({ days: 1 }).toString()
    throw bad(`It is past ${time} today in India.`, `Give the day as well: "${tomorrow} ${time}".`)
  }
  return instant.toString()
}

function instantOf(day: string, time: string): Temporal.Instant | undefined {
  try {
    return Temporal.PlainDateTime.from(`${day}T${time}`, { overflow: 'reject' })
      .toZonedDateTime(istZone)
      .toInstant()
  } catch {
    return undefined
  }
}

function bad(message: string, hint: string): BhorError {
  return new BhorError('bad_field', message, { hint, facts: { field: 'until' } })
}
