import type { ExpiryRule } from '../../contracts/broker.ts'
import { istClock, istMoment } from '../../core/ist.ts'
import { endOfLogin } from './expiry.ts'

/** What a login would bring at this moment, beside the session that there is. */
export interface LoginNow {
  /** When its session would end; undefined where the broker says that only with the token. */
  readonly endsAtMs: number | undefined
  /** Whether it would end later than the present one. At Kite no login before 06:00 lasts past 06:00. */
  readonly helps: boolean
  /** It would end so soon that whoever logs in should know. */
  readonly isShort: boolean
}

const shortMs = 2 * 60 * 60_000

export function loginAt(nowMs: number, rule: ExpiryRule, sessionEndsAtMs: number): LoginNow {
  const endsAtMs = endOfLogin(rule, Temporal.Instant.fromEpochMilliseconds(nowMs))?.epochMilliseconds
  return {
    endsAtMs,
    helps: endsAtMs === undefined || endsAtMs > sessionEndsAtMs,
    isShort: endsAtMs !== undefined && endsAtMs - nowMs <= shortMs,
  }
}

/** What to know before one logs in; empty at most hours. */
export function loginWords({ endsAtMs, isShort }: LoginNow): string {
  if (endsAtMs === undefined || !isShort) return ''
  return ` A login before ${istClock(endsAtMs)} ends at ${istClock(endsAtMs)}.`
}

/** What to say of a session that ends soon. */
export function endWords(sessionEndsAtMs: number, { endsAtMs, helps }: LoginNow): string {
  const ends = `The session ends ${istMoment(sessionEndsAtMs)}`
  if (!helps)
    return `${ends}; a login before then ends at ${istClock(sessionEndsAtMs)} too. Log in afterwards.`
  if (endsAtMs === undefined) return `${ends}. Log in again when it has ended, or before.`
  return `${ends}. A login now lasts until ${istMoment(endsAtMs)}.`
}

/** What helps a program that wants a session which lives until `wantedMs` at least. */
export function lifeHint(sessionEndsAtMs: number, wantedMs: number, { endsAtMs, helps }: LoginNow): string {
  if (!helps)
    return `Ask for less, or log in after ${istMoment(sessionEndsAtMs)}: a login before then ends then, too.`
  if (endsAtMs === undefined || wantedMs <= endsAtMs) return 'Log in again, or ask for less.'
  return `Ask for less: no session lasts so long, one that begins now ends ${istMoment(endsAtMs)}.`
}
