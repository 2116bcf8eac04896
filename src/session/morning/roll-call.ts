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
import { hasRight, type Principal, requireRight } from '../ground/rights.ts'
import { type Morning, type MorningTimes, morningOf, usualMorning } from './times.ts'

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
    const called = (await this.called()).filter((account) => hasRight(principal, 'status', account))
    const common = { house: await theHouseOf(context), reads: await readAtOnce(context) }
    const accounts = await Promise.all(called.map((account) => this.entry(account, times, common)))
    const missing = accounts.filter(({ state }) => state !== 'ready').length
    return {
      date: times.date,
      day: times.day.kind,
      deadline: iso(times.deadlineMs),
      next: isoOrNull(times.callsMs.find((atMs) => atMs > nowMs) ?? null),
      asOf: iso(nowMs),
      ready: accounts.length - missing,
      missing,
      text: textOf(times, nowMs, accounts),
      accounts,
    }
  }

  /** The morning that this moment belongs to. */
  async times(): Promise<MorningTimes> {
    return morningOf(await knownDays(this.#context), this.morning, this.#context.clock.nowMs())
  }

  /** The accounts that are called, by name. One whose row is damaged is called as well. */
  async called(): Promise<AccountRecord[]> {
    const { accounts: wanted } = this.morning
    const { records } = await this.#context.store.accounts.list()
    const isCalled = ({ alias, kind }: AccountRecord) =>
      typeof wanted === 'string' ? wanted === 'all' || kind === 'live' : wanted.includes(alias)
    return records.filter(isCalled).toSorted((a, b) => (a.alias < b.alias ? -1 : 1))
  }

  /** How an account stands for a morning: one whose session ends before the deadline is not ready. */
  async entry(account: AccountRecord, { deadlineMs }: MorningTimes, common?: Common): Promise<RollCallEntry> {
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

  async #factsOf(account: AccountRecord, common?: Common): Promise<GateFacts | 'damaged'> {
    const context = this.#context
    const { house, reads } = common ?? { house: await theHouseOf(context), reads: context.store }
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

function textOf(times: MorningTimes, nowMs: number, accounts: readonly RollCallEntry[]): string {
  const missing = accounts.filter(({ state }) => state !== 'ready')
  const deadline = istMoment(times.deadlineMs)
  if (accounts.length === 0) return 'No account is called in the morning.'
  if (missing.length === 0) return accounts.length === 1 ? 'Ready.' : `All ${accounts.length} are ready.`
  const names = missing.map(({ account }) => account).join(', ')
  const when = nowMs < times.deadlineMs ? `The deadline is ${deadline}.` : `The deadline was ${deadline}.`
  return `${missing.length} of ${accounts.length} not ready: ${names}. ${when}`
}
