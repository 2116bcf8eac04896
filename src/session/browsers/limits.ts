import type { BrowserRecord } from '../../contracts/store.ts'

/** How long a browser stays signed in. */
export interface Staying {
  /** Past its tab, and past a stop of the server. */
  readonly isKept: boolean
  /** However much it is used. */
  readonly longestMs: number
  /** Without use. */
  readonly idleMs: number
}

const dayMs = 24 * 60 * 60_000
export const usualStaying: Staying = { isKept: true, longestMs: 30 * dayMs, idleMs: 7 * dayMs }

/** When a sign-in ends that is not used again. */
export function endOf(
  { longestMs, idleMs }: Staying,
  { startedAtMs, lastUsedAtMs }: Pick<BrowserRecord, 'startedAtMs' | 'lastUsedAtMs'>,
): number {
  return Math.min(startedAtMs + longestMs, lastUsedAtMs + idleMs)
}

/** Use is noted when so much of the idle time has passed since the last note: each note is a record of the audit. */
export function noteEveryMs({ idleMs }: Staying): number {
  return Math.min(Math.max(idleMs / 7, 60 * 60_000), dayMs)
}
