import type { GateView } from '../../contracts/api.ts'
import type { AccountRecord, GateRecord, HouseRecord, StoreReads } from '../../contracts/store.ts'
import type { BhorError } from '../../core/errors.ts'
import { iso, isoOrNull } from '../../core/instant.ts'
import { istMoment } from '../../core/ist.ts'
import type { SessionContext } from '../ground/context.ts'
import { type Finding, gateCauses } from './causes.ts'
import { factsOf, hoursOf } from './facts.ts'
import { theHouseOf } from './first-look.ts'
import { type Gate, type GateFacts, gateOf, houseGateOf } from './gate.ts'
import { healthOf } from './health.ts'

/** What is the same for all accounts at one moment. */
export interface CommonFacts {
  readonly house: HouseRecord | 'damaged'
  readonly hours: readonly Finding[]
  /** Where their rows are read. */
  readonly reads: StoreReads
}

export async function commonFactsOf(
  context: SessionContext,
  reads: StoreReads = context.store,
): Promise<CommonFacts> {
  return { house: await theHouseOf(context), hours: await hoursOf(context), reads }
}

/** The gate of an account as it is shown. */
export async function gateView(
  context: SessionContext,
  account: AccountRecord,
  common?: CommonFacts,
): Promise<GateView> {
  const { house, hours, reads } = common ?? (await commonFactsOf(context))
  const facts = { ...(await factsOf(context, account, house, reads)), hours }
  const told = await reads.gates.of(account.id)
  const gate = gateOf(facts)
  return { ...viewOf(gate, account.alias), since: iso(sinceMsOf(facts, gate, told)) }
}

/** The gate of the house, in the words of those of its accounts: what closes all of them. */
export function houseView(context: SessionContext, house: HouseRecord | 'damaged'): GateView {
  const nowMs = context.clock.nowMs()
  const gate = houseGateOf({ house, nowMs, health: healthOf(context) })
  const { state, causes, ...rest } = viewOf(gate, '')
  const liftedAtMs = house === 'damaged' ? nowMs : house.changedAtMs
  const sinceMs = gate.isOpen ? liftedAtMs : (gate.sinceMs ?? nowMs)
  const text = gate.isOpen ? 'Nobody has stopped trading for all accounts.' : rest.text
  return { state, ...rest, text, since: iso(sinceMs), causes }
}

/** Everything but since when, which follows from what was told before. */
export function viewOf(gate: Gate, alias: string): GateView {
  const { isOpen, reason, untilMs, findings } = gate
  const closing = findings.filter((finding) => gateCauses[finding.reason].closes)
  const end = untilMs === null ? '' : ` until ${istMoment(untilMs)}`
  const words = (shown: readonly Finding[]) => shown.map((one) => gateCauses[one.reason].text(one))
  return {
    state: isOpen ? 'open' : 'closed',
    reason,
    text: isOpen ? [`Open${end}.`, ...words(findings)].join(' ') : words(closing).join(' '),
    since: isoOrNull(gate.sinceMs),
    until: isoOrNull(untilMs),
    next: closing[0] ? gateCauses[closing[0].reason].next(alias) : null,
    causes: findings.map((finding) => ({
      reason: finding.reason,
      closes: gateCauses[finding.reason].closes,
      text: gateCauses[finding.reason].text(finding),
      since: isoOrNull(finding.sinceMs),
      until: isoOrNull(finding.untilMs),
      next: gateCauses[finding.reason].next(alias),
    })),
  }
}

/** What was told last says since when, if it says the same; a kill in between is known from the house. */
function sinceMsOf({ nowMs, house }: GateFacts, gate: Gate, told: GateRecord | undefined): number {
  if (gate.isOpen) {
    const liftedAtMs = house === 'damaged' ? 0 : house.changedAtMs
    return told?.isOpen ? Math.max(told.sinceMs, liftedAtMs) : nowMs
  }
  const known = told && !told.isOpen ? told.sinceMs : nowMs
  return Math.min(known, gate.sinceMs ?? nowMs)
}

/** The gate of an account whose rows cannot be believed. */
export function damagedGate({ message, hint }: BhorError, nowMs: number): GateView {
  const since = iso(nowMs)
  const told = { reason: 'store_damaged', text: message, since, until: null, next: hint } as const
  return { state: 'closed', ...told, causes: [{ ...told, closes: true }] }
}
