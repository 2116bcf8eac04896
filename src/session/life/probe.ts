import type { TestResult } from '../../contracts/api.ts'
import type { Profile } from '../../contracts/broker.ts'
import type { AccountRecord, SessionRecord } from '../../contracts/store.ts'
import { dataWithoutControls } from '../../core/control-characters.ts'
import { BhorError } from '../../core/errors.ts'
import { SingleFlight } from '../../core/single-flight.ts'
import { accountFor } from '../accounts/account.ts'
import { errorOfNet, errorOfVerdict } from '../ground/broker-call.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { type Line, lineTo } from '../ground/line.ts'
import { amended } from '../ground/records.ts'
import { keeper, type Principal } from '../ground/rights.ts'
import { doubtAtMs } from './doubts.ts'
import { endSession } from './ending.ts'
import { probableSessionOf } from './live.ts'

const minuteMs = 60_000
/** Whoever waits for a session gets it, or hears why not, within five seconds. */
const brieflyMs = 4_000

/** Probes at the user's wish, politely: callers at the same moment share one, and an adapter's budget is kept. */
export class Probes {
  readonly #context: SessionContext
  readonly #flights = new SingleFlight<TestResult>()
  readonly #startedMs = new Map<string, number[]>()

  constructor(context: SessionContext) {
    this.#context = context
  }

  /**
   * Asks the broker for the profile: *valid*, *invalid* or *unknown*. Only the broker's own word that the session is
   * dead, or another person's, ends it; a refused address, a rate limit or a broker that is down says nothing about
   * the session.
   *
   * @param context other than this one's own for work under a lease
   * @throws BhorError `session_…` when there is no session to test, `rate_limited` past the broker's budget
   */
  async test(principal: Principal, alias: string, context = this.#context): Promise<TestResult> {
    const account = await accountFor(context, principal, 'login', alias)
    await context.rateLimits.spend(principal, 'test', account)
    return this.#flights.run(account.id, async () => {
      const session = await probableSessionOf(context, account)
      const line = await lineTo(context, account, session)
      this.#spend(line)
      return testConnection(context, principal, line, session)
    })
  }

  /**
   * Asks for somebody who waits: for four seconds at most, whatever it comes to. The question goes on, and whoever asks
   * meanwhile shares it; what the broker said stands in the account's row.
   */
  async askBriefly({ alias }: AccountRecord): Promise<void> {
    const enough = new AbortController()
    const asked = this.test(keeper, alias).catch(() => undefined)
    const waited = this.#context.clock.sleep(brieflyMs, enough.signal).catch(() => undefined)
    await Promise.race([asked, waited])
    enough.abort()
  }

  #spend({ account, broker }: Line): void {
    const nowMs = this.#context.clock.monotonicMs()
    const recent = (this.#startedMs.get(account.id) ?? []).filter((startedMs) => nowMs - startedMs < minuteMs)
    const [oldest] = recent
    if (oldest !== undefined && recent.length >= broker.limits.probesPerMinute) {
      const retryAfterMs = oldest + minuteMs - nowMs
      throw new BhorError('rate_limited', `${account.alias} was tested ${recent.length} times in a minute.`, {
        retryAfterMs,
      })
    }
    this.#startedMs.set(account.id, [...recent, nowMs])
  }
}

async function testConnection(
  context: SessionContext,
  principal: Principal,
  line: Line,
  session: SessionRecord,
): Promise<TestResult> {
  const { account, broker } = line
  const { generation } = session
  const about = { account: account.alias, broker: account.broker, kind: account.kind, generation }
  const askedAtMs = context.clock.nowMs()
  const startedMs = context.clock.monotonicMs()
  const outcome = await probe(line, session)
  const tookMs = Math.round(context.clock.monotonicMs() - startedMs)
  if (outcome.verdict === 'invalid') {
    const reason = context.clock.nowMs() >= session.expiresAtMs ? 'expired' : 'revoked'
    await endSession(context, keeper.actor, session, reason, outcome.error.code)
  }
  await recordProbe(context, principal, askedAtMs, session, outcome)
  if (outcome.verdict === 'valid') {
    const { userId, userName = '', email = '' } = outcome.profile
    const text = `${broker.name} answers, and the session is live.`
    const profile = dataWithoutControls({ userId, userName, email })
    return { ...about, verdict: 'valid', code: 'ok', text, hint: null, profile, tookMs }
  }
  const { code, message, hint } = outcome.error
  return { ...about, verdict: outcome.verdict, code, text: message, hint, profile: null, tookMs }
}

type Outcome =
  | { readonly verdict: 'valid'; readonly profile: Profile }
  | { readonly verdict: 'invalid' | 'unknown'; readonly error: BhorError }

async function probe({ broker, values, account, call }: Line, session: SessionRecord): Promise<Outcome> {
  const request = broker.sign(broker.probe.request(values), values)
  try {
    const { reply, verdict } = await call(request, 'probe')
    if (verdict.kind === 'expired')
      return { verdict: 'invalid', error: errorOfVerdict(broker, verdict, reply.status) }
    if (verdict.kind !== 'ok')
      return { verdict: 'unknown', error: errorOfVerdict(broker, verdict, reply.status) }
    const profile = broker.probe.read(reply)
    const namesAnother = profile.userId !== '' && profile.userId !== session.userId
    if (!namesAnother) return { verdict: 'valid', profile }
    const error = new BhorError(
      'wrong_user',
      `The session of ${account.alias} belongs to another user of ${broker.name}. It was dropped.`,
    )
    return { verdict: 'invalid', error }
  } catch (error) {
    return { verdict: 'unknown', error: errorOfNet(broker, error) }
  }
}

async function recordProbe(
  context: SessionContext,
  { actor }: Principal,
  askedAtMs: number,
  session: SessionRecord,
  outcome: Outcome,
): Promise<void> {
  const code = outcome.verdict === 'valid' ? undefined : outcome.error.code
  const facts = outcome.verdict === 'valid' ? {} : outcome.error.facts
  const detail = { verdict: outcome.verdict, generation: session.generation, ...facts }
  const result = outcome.verdict === 'valid' ? 'ok' : 'failed'
  await change(context, async (c) => {
    const account = await c.reads.accounts.byId(session.accountId)
    if (!account) return
    const told = {
      actor,
      action: 'session.probe',
      result,
      account,
      detail,
      ...(code ? { code } : {}),
    } as const
    // An answer about an earlier session says nothing about the one that has taken its place.
    if (account.generation !== session.generation) return void c.tell(told)
    // Of what happened at the broker after it was asked, the answer says nothing.
    const lastProbe = { atMs: askedAtMs, verdict: outcome.verdict, code: code ?? 'ok' }
    const after = amended(context.vault, 'accounts', account, { lastProbe })
    await c.tell(told).accounts.update(after, account.generation)
    const from = outcome.verdict === 'valid' ? doubtBefore(account, session) : undefined
    if (!from) return
    const recovered = { action: 'session.recover', result: 'ok' } as const
    c.tell({ ...recovered, actor, account, detail: { generation: session.generation, from } })
  })
}

/** What the broker’s word that a session lives puts an end to: that it did not answer, or what put it in doubt. */
function doubtBefore(account: AccountRecord, session: SessionRecord): string | undefined {
  const { lastProbe, lastFault, lastDoubt } = account
  if (lastProbe?.verdict === 'unknown' && lastProbe.atMs >= session.createdAtMs) return lastProbe.code
  const sinceMs = doubtAtMs(account, session)
  return [lastFault, lastDoubt].find((cause) => cause && cause.atMs === sinceMs)?.code
}
