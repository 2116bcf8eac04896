import type { GateReason, RollCallEntry, RollCallView } from '../../contracts/api.ts'
import type { AccountRecord, SessionRecord } from '../../contracts/store.ts'
import { isBhorError, wordsOf } from '../../core/errors.ts'
import { iso, isoOrNull } from '../../core/instant.ts'
import { istMoment } from '../../core/ist.ts'
import { knownDays } from '../calendar/known.ts'
import { gateCauses } from '../gate/causes.ts'
import { factsOf } from '../gate/facts.ts'
import { theHouseOf } from '../gate/first-look.ts'
import { type GateFacts, gateOf } from '../gate/gate.ts'
import type { CommonFacts } from '../gate/view.ts'
import { readAtOnce } from '../ground/at-once.ts'
import type { SessionContext } from '../ground/context.ts'
import { proven } from '../ground/records.ts'
import { hasRight, isLimited, type Principal, requireRight } from '../ground/rights.ts'
import { isCalled, type Morning, type MorningTimes, morningOf, usualMorning } from './times.ts'

/** What stands between an account and the market, by what closes its gate. What is not here is no matter of the morning. */
const states: Partial<Record<GateReason, RollCallEntry['state']>> = {
  session_none: 'login',
  session_expired: 'login',
  session_revoked: 'login',
  logged_out: 'login',
  unconfirmed: 'blocked',
  session_doubted: 'unproven',
  unproven: 'unproven',
  store_damaged: 'blocked',
  egress_different: 'blocked',
  egress_unmeasured: 'blocked',
}

/** What is the same for all accounts at one moment. */
type Common = Pick<CommonFacts, 'house' | 'reads'>

/** The accounts that are called, by name, and the names among those of the configuration that no account has. */
export interface Roster {
  readonly accounts: readonly AccountRecord[]
  readonly unknown: string[]
}

/** The accounts of a household before the market: who is verified, and who still needs a login. */
export class RollCall {
  readonly #context: SessionContext

  constructor(context: SessionContext) {
    this.#context = context
  }

  get morning(): Morning {
    return this.#context.morning ?? usualMorning
  }

  /** Everyone that the caller may see. @throws BhorError `scope_missing` */
  async view(principal: Principal): Promise<RollCallView> {
    requireRight(principal, 'status', 'own')
    const context = this.#context
    const nowMs = context.clock.nowMs()
    const times = await this.times()
    const roster = await this.roster()
    const called = roster.accounts.filter((account) => hasRight(principal, 'status', account))
    const unknown = isLimited(principal) ? [] : roster.unknown
    const accounts = await this.entries(called, times)
    const missing = accounts.flatMap(({ account, state }) => (state === 'ready' ? [] : account))
    return {
      date: times.date,
      day: times.day.kind,
      deadline: iso(times.deadlineMs),
      next: isoOrNull(times.callsMs.find((atMs) => atMs > nowMs) ?? null),
      asOf: iso(nowMs),
      ready: accounts.length - missing.length,
      missing: missing.length + unknown.length,
      text: textOf(times, nowMs, accounts.length + unknown.length, missing, unknown),
      accounts,
      unknown,
    }
  }

  /** The morning that this moment belongs to. */
  async times(): Promise<MorningTimes> {
    return morningOf(await knownDays(this.#context), this.morning, this.#context.clock.nowMs())
  }

  /** Who is called. One whose row is damaged is called as well. */
  async roster(): Promise<Roster> {
    const { accounts: wanted } = this.morning
    const { records } = await this.#context.store.accounts.list()
    const names = new Set(records.map(({ alias }) => alias))
    return {
      accounts: records
        .filter((account) => isCalled(this.morning, account))
        .toSorted((a, b) => (a.alias < b.alias ? -1 : 1)),
      unknown: typeof wanted === 'string' ? [] : wanted.filter((name) => !names.has(name)),
    }
  }

  /** How these accounts of the roster stand for a morning, in its order. */
  async entries(accounts: readonly AccountRecord[], times: MorningTimes): Promise<RollCallEntry[]> {
    const context = this.#context
    if (accounts.length === 0) return []
    const common = { house: await theHouseOf(context), reads: await readAtOnce(context) }
    return Promise.all(accounts.map((account) => this.#entry(account, times, common)))
  }

  /** One whose session ends before the deadline is not ready. */
  async #entry(account: AccountRecord, { deadlineMs }: MorningTimes, common: Common): Promise<RollCallEntry> {
    const context = this.#context
    const { alias, label, broker, kind, generation } = account
    const about = { account: alias, label, broker, kind, generation }
    const facts = await this.#factsOf(account, common)
    if (facts === 'damaged') {
      const { alert: text, hint: next } = wordsOf('store_damaged')
      return { ...about, state: 'blocked', text, next }
    }
    const [worst] = gateOf(facts).findings.filter(({ reason }) => states[reason] !== undefined)
    const session = facts.session === 'damaged' ? undefined : facts.session
    const endsEarly = session !== undefined && session.expiresAtMs <= deadlineMs
    if (!worst && !endsEarly) return { ...about, state: 'ready', text: readyText(session), next: null }
    const state = worst ? states[worst.reason]! : 'login'
    if (state === 'login' && session && (await context.planner.willRenew(context.store, account, session)))
      return { ...about, state: 'renewing', text: 'bhor renews the session by itself.', next: null }
    if (!worst)
      return {
        ...about,
        state,
        text: endsEarlyText(session!),
        next: `Log in after that: bhor login ${alias}.`,
      }
    const { text, next } = gateCauses[worst.reason]
    return { ...about, state, text: text(worst), next: next(alias) }
  }

  async #factsOf(account: AccountRecord, { house, reads }: Common): Promise<GateFacts | 'damaged'> {
    const context = this.#context
    try {
      const sound = proven(context.vault, 'accounts', account)
      return await factsOf(context, sound, house, reads)
    } catch (error) {
      if (isBhorError(error, 'store_damaged')) return 'damaged'
      throw error
    }
  }
}

function readyText(session: SessionRecord | undefined): string {
  return `Ready; the session ends ${istMoment(session?.expiresAtMs ?? 0)}.`
}

function endsEarlyText({ expiresAtMs }: SessionRecord): string {
  return `The session ends ${istMoment(expiresAtMs)}, before the deadline.`
}

function textOf(
  { deadlineMs }: MorningTimes,
  nowMs: number,
  count: number,
  missing: readonly string[],
  unknown: readonly string[],
): string {
  const names = [...missing, ...unknown]
  if (count === 0) return 'No account is called in the morning.'
  if (names.length === 0) return count === 1 ? 'Ready.' : `All ${count} are ready.`
  const when = `The deadline ${nowMs < deadlineMs ? 'is' : 'was'} ${istMoment(deadlineMs)}.`
  const text = `${names.length} of ${count} not ready: ${names.join(', ')}. ${when}`
  return unknown.length === 0 ? text : `${text} ${unknownText(unknown)} ${unknownHint}`
}

/** What is said of names in the configuration that no account has: a slip, or the account was renamed or removed. */
export function unknownText(names: readonly string[]): string {
  return `roll_call_accounts has ${names.join(', ')}, and no account is named so.`
}
export const unknownHint = 'Correct roll_call_accounts and restart bhor.'
