/** A time without a zone, as other programs on this computer write it; a fraction of a second and an offset may follow. */
const form = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?$/

/** `2025-11-25T10:30:00`, as the clocks of this computer show it. */
export function toLocalText(instant: Temporal.Instant, zone = Temporal.Now.timeZoneId()): string {
  return instant.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'second' })
}

/**
 * Reads such a time; one with an offset means what it says. Of an hour that a change of the clocks repeats the first one
 * is meant. Undefined for anything else.
 */
export function instantFromLocal(
  text: string,
  zone = Temporal.Now.timeZoneId(),
): Temporal.Instant | undefined {
  const [, day, time, offset] = form.exec(text.trim()) ?? []
  if (day === undefined) return undefined
  try {
    return offset === undefined
      ? Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(zone).toInstant()
      : Temporal.Instant.from(`${day}T${time}${offset}`)
  } catch {
    return undefined
  }
}
