/**
 * Wall-clock rules in India. Every broker's day ends at a clock time in Asia/Kolkata, whatever zone the
 * host is in; India has had no daylight saving since 1945, but the rules go through the zone anyway.
 */
export const istZone = 'Asia/Kolkata';
/** The first moment strictly after `after` at which clocks in India show `time`. */
export function nextIst(time, after) {
    const local = after.toZonedDateTimeISO(istZone);
    const sameDay = local.withPlainTime(Temporal.PlainTime.from(time));
    const next = Temporal.Instant.compare(sameDay.toInstant(), after) > 0 ? sameDay : sameDay.add({ days: 1 });
    return next.toInstant();
}
/** Reads a broker's zoneless `yyyy-mm-dd hh:mm:ss`, which is always Indian time. Throws `RangeError` on anything else. */
export function instantFromIst(text) {
    return Temporal.PlainDateTime.from(text.trim().replace(' ', 'T')).toZonedDateTime(istZone).toInstant();
}
/** `2026-11-24 06:00:00`, as brokers write it. */
export function toIstText(instant) {
    return instant
        .toZonedDateTimeISO(istZone)
        .toPlainDateTime()
        .toString({ smallestUnit: 'second' })
        .replace('T', ' ');
}
