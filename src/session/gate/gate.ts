import { expiringWithinMs, type GateReason, gateReasons } from '../../contracts/api.ts'
import type { AccountRecord, HouseRecord, SessionRecord } from '../../contracts/store.ts'
import { type ErrorCode, errorTable, wordsOf } from '../../core/errors.ts'
import { doubtAtMs } from '../life/doubts.ts'
import { type Finding, gateCauses } from './causes.ts'
import { counting, pauseWords } from './pause.ts'
import { sealWords } from './seal.ts'

/** A fault of bhor itself, which closes every gate that this process is asked about. */
export interface HealthCause {
  readonly reason: GateReason & ErrorCode
  readonly sinceMs: number | null
  /** See {@link Finding}. */
  readonly said?: string
}

/** Everything that a gate follows from; `facts.ts` reads it. */
export interface GateFacts {
  readonly nowMs: number
  readonly account: AccountRecord
  /** The latest; `damaged` where the stored ones cannot be believed. */
  readonly session: SessionRecord | 'damaged' | undefined
  /** `damaged`, also where its row is missing. */
  readonly house: HouseRecord | 'damaged'
  /** When the broker's last word that the session lives stops counting. */
  readonly proofEndsAtMs: number
  /** How the measured way out compares with what is registered; `nothing registered` says nothing. */
  readonly egress: 'nothing registered' | 'as registered' | 'different' | 'unmeasured'
  /** When what was seen of it stops counting; null where nothing was seen, or nothing is registered. */
  readonly egressEndsAtMs: number | null
  /** What the calendar has to say; it closes nothing. */
  readonly hours: readonly Finding[]
  readonly health: readonly HealthCause[]
}

/** May the account trade now? */
export interface Gate {
  readonly isOpen: boolean
  /** The gravest cause that closes it. */
  readonly reason: GateReason | null
  /** Of an open gate null: its causes do not say since when there are none. */
  readonly sinceMs: number | null
  readonly untilMs: number | null
  /** When time alone makes another one of it, the session's end aside, which is written down; null for never. */
  readonly changesAtMs: number | null
  /** The gravest first; those that close it before those that do not. */
  readonly findings: readonly Finding[]
}

/** What closes the gates of all accounts. */
export type HouseFacts = Pick<GateFacts, 'nowMs' | 'house' | 'health'>

/** What each input says: nothing, where nothing speaks against trading. */
const ofHouse: readonly ((facts: HouseFacts) => readonly Finding[])[] = [house, health]
const ofAccount: readonly ((facts: GateFacts) => readonly Finding[])[] = [
  pause,
  session,
  proof,
  egress,
  ({ hours }) => hours,
]

/** Pure: the same facts, the same gate. Any cause that closes is enough. */
export function gateOf(facts: GateFacts): Gate {
  const findings = [...ofHouse, ...ofAccount].flatMap((input) => input(facts))
  const ends = [provenUntil(facts), facts.account.pause?.untilMs ?? null, facts.egressEndsAtMs]
  const changesAtMs = earliest(ends.filter((ms) => ms !== null && ms > facts.nowMs))
  return { ...gateFrom(findings, liveUntil(facts)), changesAtMs }
}

/** What of it all accounts share. */
export function houseGateOf(facts: HouseFacts): Gate {
  const findings = ofHouse.flatMap((input) => input(facts))
  return { ...gateFrom(findings, null), changesAtMs: null }
}

function gateFrom(found: readonly Finding[], openUntilMs: number | null): Omit<Gate, 'changesAtMs'> {
  const findings = found.toSorted((a, b) => weight(a.reason) - weight(b.reason))
  const closing = findings.filter(({ reason }) => gateCauses[reason].closes)
  const isOpen = closing.length === 0
  return {
    isOpen,
    reason: closing[0]?.reason ?? null,
    sinceMs: earliest(closing.map(({ sinceMs }) => sinceMs)),
    untilMs: isOpen ? openUntilMs : opensAt(closing),
    findings,
  }
}

function weight(reason: GateReason): number {
  return gateReasons.indexOf(reason)
}

function health({ health }: HouseFacts): Finding[] {
  return health.map((cause) => ({ untilMs: null, ...cause }))
}

function house({ house, nowMs }: HouseFacts): Finding[] {
  if (house === 'damaged') return [{ reason: 'switch_damaged', sinceMs: null, untilMs: null }]
  const { seal } = house
  const kill = counting(house.kill, nowMs)
  const found: Finding[] = []
  if (kill)
    found.push({ reason: 'killed', sinceMs: kill.sinceMs, untilMs: kill.untilMs, said: pauseWords(kill) })
  if (seal) found.push({ reason: 'sealed', sinceMs: seal.atMs, untilMs: null, said: sealWords(seal) })
  return found
}

function pause({ account, nowMs }: GateFacts): Finding[] {
  const found = counting(account.pause, nowMs)
  if (!found) return []
  return [{ reason: 'paused', sinceMs: found.sinceMs, untilMs: found.untilMs, said: pauseWords(found) }]
}

function session({ account, session, nowMs }: GateFacts): Finding[] {
  const because = (reason: GateReason, sinceMs: number | null): Finding[] => [
    { reason, sinceMs, untilMs: null },
  ]
  if (session === 'damaged') return because('store_damaged', null)
  if (!session) return because('session_none', account.createdAtMs)
  const { expiresAtMs, status, endReason, endedAtMs } = session
  if (isLiveAt(session, nowMs)) {
    if (session.unconfirmed !== '') return because('unconfirmed', session.createdAtMs)
    if (expiresAtMs - nowMs > expiringWithinMs) return []
    const sinceMs = expiresAtMs - expiringWithinMs
    return [{ reason: 'session_expiring', sinceMs, untilMs: expiresAtMs }]
  }
  if (status === 'active' || endReason === 'expired') return because('session_expired', expiresAtMs)
  return because(endReason === 'logged_out' ? 'logged_out' : 'session_revoked', endedAtMs)
}

/** The broker's own last word on a live session. */
function proof({ account, session, proofEndsAtMs, nowMs }: GateFacts): Finding[] {
  if (!isLive(session) || !isLiveAt(session, nowMs)) return []
  const { lastProbe } = account
  const untilMs = null
  const doubtedAtMs = doubtAtMs(account, session)
  const hadNoWord = lastProbe?.verdict === 'unknown' && lastProbe.atMs >= (doubtedAtMs ?? 0)
  if (hadNoWord) return [{ reason: 'unproven', sinceMs: lastProbe.atMs, untilMs, said: wordsFor(lastProbe) }]
  if (doubtedAtMs !== undefined) return [{ reason: 'session_doubted', sinceMs: doubtedAtMs, untilMs }]
  if (lastProbe?.verdict !== 'valid') return [{ reason: 'unproven', sinceMs: session.createdAtMs, untilMs }]
  if (nowMs < proofEndsAtMs) return []
  const said = ' The broker’s last word is too old.'
  return [{ reason: 'unproven', sinceMs: proofEndsAtMs, untilMs, said }]
}

/** Why nobody knows. The code stands in a plain column: one that bhor does not know says nothing. */
function wordsFor({ code }: { readonly code: string }): string {
  return Object.hasOwn(errorTable, code) ? ` ${wordsOf(code as ErrorCode).alert}` : ''
}

function egress({ egress, egressEndsAtMs, account: { lastEgress } }: GateFacts): Finding[] {
  const none = { sinceMs: null, untilMs: null }
  if (egress === 'different') return [{ reason: 'egress_different', ...none }]
  if (egress !== 'unmeasured') return []
  const never = lastEgress?.code ? wordsFor(lastEgress) : ' It was never measured.'
  const said = egressEndsAtMs === null ? never : ` It was seen too long ago.${wordsFor(lastEgress!)}`
  return [{ reason: 'egress_unmeasured', sinceMs: egressEndsAtMs, untilMs: null, said }]
}

function isLive(session: GateFacts['session']): session is SessionRecord {
  return session !== undefined && session !== 'damaged'
}

function isLiveAt({ status, expiresAtMs }: SessionRecord, nowMs: number): boolean {
  return status === 'active' && nowMs < expiresAtMs
}

function liveUntil({ session, nowMs }: GateFacts): number | null {
  return isLive(session) && isLiveAt(session, nowMs) ? session.expiresAtMs : null
}

function provenUntil(facts: GateFacts): number | null {
  const untilMs = liveUntil(facts)
  return untilMs !== null && facts.proofEndsAtMs < untilMs ? facts.proofEndsAtMs : null
}

/** When the last cause ends, if all of them end by themselves. */
function opensAt(closing: readonly Finding[]): number | null {
  const ends = closing.map(({ untilMs }) => untilMs)
  return ends.includes(null) ? null : Math.max(...ends.map(Number))
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((ms) => ms !== null)
  return known.length === 0 ? null : Math.min(...known)
}
