/**
 * Wall-clock rules in India. Every broker's day ends at a clock time in Asia/Kolkata, whatever zone the
 * host is in; India has had no daylight saving since 1945, but the rules go through the zone anyway.
 */
export declare const istZone = "Asia/Kolkata";
/** A time of day as `HH:MM`, 24 hours. */
export type WallClock = `${number}${number}:${number}${number}`;
/** The first moment strictly after `after` at which clocks in India show `time`. */
export declare function nextIst(time: WallClock, after: Temporal.Instant): Temporal.Instant;
/** Reads a broker's zoneless `yyyy-mm-dd hh:mm:ss`, which is always Indian time. Throws `RangeError` on anything else. */
export declare function instantFromIst(text: string): Temporal.Instant;
/** `2026-11-24 06:00:00`, as brokers write it. */
export declare function toIstText(instant: Temporal.Instant): string;
