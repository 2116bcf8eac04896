import type { Broker } from '../../contracts/broker.ts'
import type { MirrorRecord } from '../../contracts/mirrors.ts'
import type { AccountRecord, IntentRecord, SessionRecord } from '../../contracts/store.ts'
import type { WorkKind } from '../../contracts/work.ts'
import { nextIst, type WallClock } from '../../core/ist.ts'
import { isRegistered, measuredAgainAtMs } from '../egress/standing.ts'
import { intentLostAfterMs } from '../ground/intent.ts'
import { dueLogout } from '../hygiene/due.ts'
import { askAgainAfterMs, doubtAtMs } from '../life/doubts.ts'
import { expiresAt } from '../life/expiry.ts'
import { isBehind } from '../mirrors/behind.ts'

const minuteMs = 60_000
/** Before anybody trades; a broker's own hours of flushing come from its manifest. */
const usualLooks: readonly WallClock[] = ['08:45']
/** Accounts that are due at the same hour are spread over this much. */
const spreadMs = 3 * minuteMs
/** A new session must end by this much later to be worth a renewal before the end. */
const leastGainMs = 5 * minuteMs
/** A session of these hours before the flush is one that the flush may end. */
const longestBeforeFlushMs = 3 * 60 * minuteMs
/** Until then the death of such a session is the flush's, and not somebody's login. */
const flushFoundWithinMs = 90 * minuteMs

/** What is known of an account when its work is planned. */
export interface DueFacts {
  readonly broker: Broker
  readonly account: AccountRecord
  readonly session: SessionRecord | undefined
  /** The exchange or renewal that is under way, or that nobody finished. */
  readonly intent: IntentRecord | undefined
  /** The files that are kept in step. */
  readonly mirrors: readonly MirrorRecord[]
  /** When time alone makes another gate of its gate. */
  readonly gateChangesAtMs: number | null
  /** In [0, 1), the same for an account at every time: who shares an hour does not share the second. */
  readonly spread: number
}

/** What is due for an account, and when (epoch milliseconds); a time in the past is due now. */
export function dueOf(facts: DueFacts): ReadonlyMap<WorkKind, number> {
  const { account, session, intent, mirrors, gateChangesAtMs } = facts
  const due = new Map<WorkKind, number>()
  const plan = (kind: WorkKind, atMs: number | undefined) => {
    if (atMs !== undefined) due.set(kind, Math.max(0, Math.round(atMs)))
  }
  plan('egress', egressAtMs(account))
  plan('gate', gateChangesAtMs ?? undefined)
  if (intent) plan('intent', intent.createdAtMs + intentLostAfterMs)
  if (!session) return due
  if (mirrors.some((mirror) => isBehind(mirror, session))) plan('mirror', session.createdAtMs)
  if (session.status === 'active') {
    plan('expiry', session.expiresAtMs)
    plan('probe', probeAtMs(facts, session))
    // Hand-outs plan nothing: whoever looks finds out when the last one was.
    plan('hygiene', dueLogout(account.settings.hygiene, session, undefined)?.atMs)
  }
  plan('hygiene', unfinishedLogoutAtMs(account, session))
  plan('renewal', renewalAtMs(facts, session))
  return due
}

/**
 * A logout ends the session here first: whoever died then has not asked the broker. Where bhor logs out by itself nobody
 * else would ask again; once that was done, the row in `work` says so.
 */
function unfinishedLogoutAtMs({ settings }: AccountRecord, session: SessionRecord): number | undefined {
  if (session.endReason !== 'logged_out' || session.endedAtMs === null) return undefined
  const atMs = dueLogout(settings.hygiene, session, undefined)?.atMs
  return atMs !== undefined && atMs <= session.endedAtMs ? atMs : undefined
}

/** What is registered is compared with what the world sees. Nobody else needs to be measured. */
function egressAtMs(account: AccountRecord): number | undefined {
  return isRegistered(account) ? (measuredAgainAtMs(account) ?? account.updatedAtMs) : undefined
}

/** The first of the broker's hours after `sinceMs` at which bhor asks by itself whether a session lives. */
export function nextLookMs({ looks = usualLooks }: Broker, sinceMs: number): number {
  const since = Temporal.Instant.fromEpochMilliseconds(sinceMs)
  return Math.min(...looks.map((time) => nextIst(time, since).epochMilliseconds))
}

/** When the broker is asked about a live session: at once in doubt, else at its hours, else never. */
function probeAtMs({ broker, account, spread }: DueFacts, session: SessionRecord): number | undefined {
  const { lastProbe } = account
  const sinceMs = Math.max(session.createdAtMs, lastProbe?.atMs ?? 0)
  const isUnanswered =
    lastProbe !== null && lastProbe.verdict === 'unknown' && lastProbe.atMs >= session.createdAtMs
  if (isUnanswered) return lastProbe.atMs + askAgainAfterMs
  const doubtedAtMs = doubtAtMs(account, session)
  if (doubtedAtMs !== undefined) return doubtedAtMs
  const nextMs = nextLookMs(broker, sinceMs) + spread * spreadMs
  return nextMs < session.expiresAtMs ? nextMs : undefined
}

/**
 * When a session that can be renewed is renewed: one to two hours before its end where the new one lasts longer. Where
 * both would end at the same dawn, at that dawn; and at once when the broker has ended it early.
 */
function renewalAtMs({ broker, spread }: DueFacts, session: SessionRecord): number | undefined {
  const { renewal } = broker
  if (!renewal || session.tokenExpiriesMs[renewal.needs] === undefined) return undefined
  const dawnMs = session.expiresAtMs + minuteMs + spread * spreadMs
  if (session.status === 'active') {
    const earlyMs = session.expiresAtMs - (1 + spread) * 60 * minuteMs
    const grantedAt = Temporal.Instant.fromEpochMilliseconds(Math.round(earlyMs))
    const nextEndMs = expiresAt(broker.expiry, { grantedAt, tokens: {} }).epochMilliseconds
    return nextEndMs - session.expiresAtMs >= leastGainMs ? earlyMs : dawnMs
  }
  if (session.endReason === 'expired') return dawnMs
  return session.endReason === 'revoked' && isWorthRenewing(broker, session) ? session.endedAtMs! : undefined
}

/**
 * Whether a session that the broker ended early is renewed. Where a broker keeps one session, somebody else's login has
 * taken this one, and a renewal would take it back: bhor does not fight. But for its morning flush, which is nobody's
 * login.
 */
function isWorthRenewing({ liveSessions, flushedBy }: Broker, session: SessionRecord): boolean {
  if (liveSessions === 'many') return true
  if (flushedBy === undefined || session.endedAtMs === null) return false
  const flushedAt = nextIst(flushedBy, Temporal.Instant.fromEpochMilliseconds(session.createdAtMs))
  return (
    flushedAt.epochMilliseconds < session.expiresAtMs &&
    flushedAt.epochMilliseconds - session.createdAtMs < longestBeforeFlushMs &&
    session.endedAtMs <= flushedAt.epochMilliseconds + flushFoundWithinMs
  )
}
