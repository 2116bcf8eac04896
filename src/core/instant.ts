/** An instant as machines read it: UTC, ISO 8601, with `Z`. */
export function iso(epochMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toString()
}

export function isoOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : iso(epochMs)
}
