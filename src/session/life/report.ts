import type { RefusalReport, ReportView } from '../../contracts/api.ts'
import type { BrokerReply } from '../../contracts/broker.ts'
import type { AccountRecord, SessionRecord } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { tryParseJson } from '../../core/json.ts'
import { accountFor } from '../accounts/account.ts'
import { codeOfVerdict } from '../ground/broker-call.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { amended } from '../ground/records.ts'
import type { Principal } from '../ground/rights.ts'
import { isInDoubt } from './doubts.ts'
import { latestSessionOf } from './live.ts'
import type { Probes } from './probe.ts'

/** Until the broker has answered, a program that reports the same again within this time is not recorded again. */
const sameReportMs = 60_000
/** What the broker has just confirmed is not doubted by a refusal that was on its way. */
const justProvenMs = 5_000
/** More programs than a household has; the oldest are forgotten. */
const mostRemembered = 1_000

/**
 * What programs say that a broker has answered them. Their word ends nothing: it makes the session doubted, and the
 * broker is asked.
 */
export class Reports {
  readonly #context: SessionContext
  readonly #probes: Probes
  readonly #recorded = new Map<string, number>()

  constructor(context: SessionContext, probes: Probes) {
    this.#context = context
    this.#probes = probes
  }

  /**
   * Reads a refusal as the account's broker means it, and says what bhor now believes of the session. It starts one
   * probe at most, within the broker's limits.
   *
   * @throws BhorError `bad_field` for a generation that never was, `session_none`
   */
  async report(principal: Principal, alias: string, report: RefusalReport): Promise<ReportView> {
    const context = this.#context
    const account = await accountFor(context, principal, 'read-token', alias)
    await context.rateLimits.spend(principal, 'report', account)
    const { generation } = report
    if (!Number.isSafeInteger(generation) || generation < 1 || generation > account.generation) {
      const text = `${alias} has had ${account.generation} sessions; there is no generation ${generation}.`
      throw new BhorError('bad_field', text, { facts: { field: 'generation' } })
    }
    const broker = await context.broker(account.broker)
    const { kind } = broker.classify(replyOf(report), 'api')
    if (kind === 'expired') await this.doubt(principal, account, generation)
    const state = await this.#stateOf(alias, principal, generation)
    return {
      account: account.alias,
      broker: account.broker,
      kind: account.kind,
      generation,
      verdict: kind,
      code: kind === 'ok' ? 'ok' : codeOfVerdict[kind],
      state,
    }
  }

  /**
   * Somebody was told by the broker that the session of this generation is dead: it is doubted, and the broker asked, within its
   * limits.
   */
  async doubt(principal: Principal, account: AccountRecord, generation: number): Promise<void> {
    const context = this.#context
    const { clock } = context
    if (generation !== account.generation) return
    const session = await latestSessionOf(context, account)
    if (!session || !isAlive(session, clock.nowMs())) return
    if (clock.nowMs() - provenAtMs(account) < justProvenMs) return
    if (!isInDoubt(account, session, clock.nowMs())) await this.#record(principal, account, session)
    // Past the broker's limits the doubt stays, and the keeper asks as soon as they allow it.
    await this.#probes.askBriefly(account)
  }

  async #record({ actor }: Principal, account: AccountRecord, session: SessionRecord): Promise<void> {
    const context = this.#context
    const nowMs = context.clock.nowMs()
    const who = `${actor.kind} ${actor.id} ${account.id} ${session.generation}`
    const lastMs = this.#recorded.get(who)
    const isOpen = lastMs !== undefined && lastMs > provenAtMs(account)
    if (isOpen && nowMs - lastMs < sameReportMs) return
    this.#recorded.delete(who)
    this.#recorded.set(who, nowMs)
    const [oldest] = this.#recorded.keys()
    if (this.#recorded.size > mostRemembered && oldest !== undefined) this.#recorded.delete(oldest)
    await change(context, async (c) => {
      const stored = await c.reads.accounts.byId(account.id)
      if (stored?.generation !== session.generation) return
      const code = 'session_revoked'
      const lastDoubt = { atMs: nowMs, code }
      const after = amended(context.vault, 'accounts', stored, { lastDoubt })
      const detail = { generation: session.generation }
      const tx = c.tell({ actor, action: 'session.report', result: 'ok', code, account: after, detail })
      await tx.accounts.update(after, stored.generation)
    })
  }

  async #stateOf(alias: string, principal: Principal, generation: number): Promise<ReportView['state']> {
    const context = this.#context
    const account = await accountFor(context, principal, 'read-token', alias)
    if (account.generation > generation) return 'replaced'
    const session = await latestSessionOf(context, account)
    const nowMs = context.clock.nowMs()
    if (!session || !isAlive(session, nowMs)) return 'dead'
    const doubted = isInDoubt(account, session, nowMs) || account.lastProbe?.verdict === 'unknown'
    return doubted ? 'doubted' : 'alive'
  }
}

/** When the broker was last asked and said that the session lives. */
function provenAtMs({ lastProbe }: AccountRecord): number {
  return lastProbe?.verdict === 'valid' ? lastProbe.atMs : Number.NEGATIVE_INFINITY
}

function isAlive(session: SessionRecord, nowMs: number): boolean {
  return session.status === 'active' && nowMs < session.expiresAtMs
}

function replyOf({ status, body = '' }: RefusalReport): BrokerReply {
  return { status, headers: {}, text: body, json: tryParseJson(body) }
}
