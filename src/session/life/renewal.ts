import type { AccountRecord, IntentRecord, SessionRecord } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { SingleFlight } from '../../core/single-flight.ts'
import { accountFor } from '../accounts/account.ts'
import { errorOfVerdict } from '../ground/broker-call.ts'
import type { SessionContext } from '../ground/context.ts'
import { claimIntent, newIntent, refuseSecondFlight, settleIntent } from '../ground/intent.ts'
import { type Line, lineTo } from '../ground/line.ts'
import type { Principal } from '../ground/rights.ts'
import { checkedGrant, exchangeError, storeGrant } from '../login/exchange.ts'
import { isUnknown } from '../login/unknown-commit.ts'
import { latestSessionOf, liveOrThrow } from './live.ts'

interface Renewed {
  readonly account: AccountRecord
  readonly session: SessionRecord
}

/** A new token without a human, where the broker gave the means for it. One at a time per account. */
export class Renewals {
  readonly #flights = new SingleFlight<Renewed>()
  readonly #context: SessionContext

  constructor(context: SessionContext) {
    this.#context = context
  }

  /** @throws BhorError `renewal_unavailable`, `session_…`, `bad_grant`, `answer_lost`, `broker_…` */
  async renew(principal: Principal, alias: string): Promise<Renewed> {
    const account = await accountFor(this.#context, principal, 'login', alias)
    return this.#flights.run(account.id, () => renewOnce(this.#context, principal, account))
  }
}

async function renewOnce(
  context: SessionContext,
  principal: Principal,
  account: AccountRecord,
): Promise<Renewed> {
  const session = await renewableSessionOf(context, account)
  const line = await lineTo(context, account, session)
  const { broker, values } = line
  const { renewal } = broker
  if (!renewal || !values.tokens[renewal.needs]) {
    throw new BhorError(
      'renewal_unavailable',
      `${broker.name} gave this app no refresh token: the morning login is the renewal.`,
      { hint: `Log in: bhor login ${account.alias}.` },
    )
  }
  const intent = await claim(context, principal, line, session)
  return context.flights.run({ intent }, async () => {
    try {
      const { reply, verdict } = await line.call(renewal.request(values), 'renewal')
      if (verdict.kind !== 'ok') throw errorOfVerdict(broker, verdict, reply.status)
      const renewed = renewal.read(reply, values)
      // What the renewal does not replace stays: the refresh token above all.
      const grant = checkedGrant(line, {
        ...renewed,
        tokens: { ...values.tokens, ...renewed.tokens },
        userId: renewed.userId ?? values.userId,
      })
      const granted = { line, grant, startedBy: 'renewal', intent, renews: session } as const
      return await storeGrant(context, principal, granted)
    } catch (cause) {
      const error = exchangeError(broker, cause, 'was asked for a renewal')
      if (isUnknown(error)) throw error
      const state = error.code === 'answer_lost' ? 'lost' : 'failed'
      const told = { actor: principal.actor, action: 'session.renew', state, error } as const
      await context.flights.settle(intent, () => settleIntent(context, intent, told))
      throw error
    }
  })
}

/** Live, or run out by itself, which is when a renewal is wanted most. @throws BhorError `session_none`, `session_revoked` */
async function renewableSessionOf(context: SessionContext, account: AccountRecord): Promise<SessionRecord> {
  const session = await latestSessionOf(context, account)
  const hasRunOut = session?.status === 'active' || session?.endReason === 'expired'
  return session && hasRunOut ? session : liveOrThrow(context.clock.nowMs(), account, session)
}

/** One renewal at a time, across processes: whoever writes the intent may send. */
async function claim(
  context: SessionContext,
  { actor }: Principal,
  { account }: Line,
  session: SessionRecord,
): Promise<IntentRecord> {
  // Unlike a code, a refresh token may be sent again after a failure.
  const intent = newIntent(context, account, 'renewal', [])
  await claimIntent(context, actor, intent, async (c) => {
    await refuseSecondFlight(c.reads, account)
    const current = await c.reads.sessions.latest(account.id)
    if (current?.id !== session.id || current.status !== session.status) {
      throw new BhorError('generation_conflict', `${account.alias} has changed meanwhile; nothing was sent.`)
    }
    const detail = { generation: session.generation }
    const tx = c.tell({ actor, action: 'session.renew_start', result: 'ok', account, detail })
    await tx.intents.insert(intent)
  })
  return intent
}
