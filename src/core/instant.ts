/** An instant as machines read it: UTC, ISO 8601, with `Z`. */
export function iso(epochMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toString()
}

export function isoOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : iso(epochMs)
}

/** `Sun, 29 Nov 2026 03:00:00 GMT`, as a `Date` header says it. */
export function httpDate(epochMs: number): string {
  return new Date(epochMs).toUTCString()
}

/** The time of a `Date` header, in the middle of the second that it names; undefined for anything else. */
export function msOfHttpDate(text: string | undefined): number | undefined {
  if (!text || !/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)) return undefined
  const ms = Date.parse(text)
  return Number.isFinite(ms) ? ms + 500 : undefined
}

/** As a `Date`, for programs that know nothing newer. */
export function dateOf(instant: Temporal.Instant): Date {
  return new Date(instant.epochMilliseconds)
}
