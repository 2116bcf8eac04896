import type { TestResult } from '../contracts/api.ts'
import type { Profile } from '../contracts/broker.ts'
import { BhorError } from '../core/errors.ts'
import { SingleFlight } from '../core/single-flight.ts'
import { accountNamed } from './accounts.ts'
import { callBroker, errorOfNet, errorOfVerdict } from './broker-call.ts'
import { entryOf, type Principal, type SessionContext } from './context.ts'
import { endSession } from './ending.ts'
import { amended } from './records.ts'
import { type OpenSession, openLiveSession } from './signing.ts'

const minuteMs = 60_000

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
   * @throws BhorError `session_…` when there is no session to test, `rate_limited` past the broker's budget
   */
  async test(principal: Principal, alias: string): Promise<TestResult> {
    const account = await accountNamed(this.#context, alias, principal)
    return this.#flights.run(account.id, async () => {
      const open = await openLiveSession(this.#context, account)
      this.#spend(open)
      return testConnection(this.#context, principal, open)
    })
  }

  #spend({ account, broker }: OpenSession): void {
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
  open: OpenSession,
): Promise<TestResult> {
  const { account } = open
  const askedAtMs = context.clock.nowMs()
  const startedMs = context.clock.monotonicMs()
  const outcome = await probe(context, open)
  const tookMs = Math.round(context.clock.monotonicMs() - startedMs)
  if (outcome.verdict === 'invalid')
    await endSession(context, { kind: 'keeper', id: '' }, open.session, 'revoked', outcome.error.code)
  await recordProbe(context, principal, askedAtMs, open, outcome)
  const { alias, broker, kind } = account
  const about = { account: alias, broker, kind, generation: open.session.generation }
  if (outcome.verdict === 'valid') {
    const { userId, userName = '', email = '' } = outcome.profile
    const text = `${open.broker.name} answers, and the session is live.`
    return {
      ...about,
      verdict: 'valid',
      code: 'ok',
      text,
      hint: null,
      profile: { userId, userName, email },
      tookMs,
    }
  }
  const { code, message, hint } = outcome.error
  return { ...about, verdict: outcome.verdict, code, text: message, hint, profile: null, tookMs }
}

type Outcome =
  | { readonly verdict: 'valid'; readonly profile: Profile }
  | { readonly verdict: 'invalid' | 'unknown'; readonly error: BhorError }

async function probe(
  context: SessionContext,
  { broker, hosts, signing, session, account }: OpenSession,
): Promise<Outcome> {
  const request = broker.sign(broker.probe.request(signing), signing)
  try {
    const { reply, verdict } = await callBroker(context.net, broker, hosts, request, 'probe', signing.baseUrl)
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
  principal: Principal,
  askedAtMs: number,
  open: OpenSession,
  outcome: Outcome,
): Promise<void> {
  const { account } = open
  const code = outcome.verdict === 'valid' ? 'ok' : outcome.error.code
  await context.store.transaction(async (tx) => {
    const current = await tx.account(account.id)
    if (!current) return
    // An answer about an earlier session says nothing about the one that has taken its place.
    if (current.generation === open.session.generation) {
      // Of what happened at the broker after it was asked, the answer says nothing.
      const lastProbe = { atMs: askedAtMs, verdict: outcome.verdict, code }
      await tx.updateAccount(amended(context.vault, 'accounts', current, { lastProbe }), current.generation)
    }
    const facts = outcome.verdict === 'valid' ? {} : outcome.error.facts
    const detail = { verdict: outcome.verdict, generation: open.session.generation, ...facts }
    const result = outcome.verdict === 'valid' ? 'ok' : 'failed'
    await context.audit.within(tx, [
      entryOf(context, principal.actor, account, {
        action: 'session.probe',
        result,
        detail,
        ...(code === 'ok' ? {} : { code }),
      }),
    ])
  })
  context.changes.announce()
}
