import type { AccountRecord, IntentRecord, SessionRecord } from '../../contracts/store.ts'
import type { Lease } from '../../contracts/work.ts'
import { BhorError } from '../../core/errors.ts'
import { SingleFlight } from '../../core/single-flight.ts'
import { accountFor } from '../accounts/account.ts'
import { refuseOtherAddress } from '../egress/egresses.ts'
import { theHouseOf } from '../gate/first-look.ts'
import { refuseSealed, refuseSealedIn } from '../gate/seal.ts'
import { askedAt } from '../ground/asked-at.ts'
import { errorOfVerdict } from '../ground/broker-call.ts'
import type { Change } from '../ground/change.ts'
import { refuseUncertainClock } from '../ground/clock-faults.ts'
import type { SessionContext } from '../ground/context.ts'
import { askedWithinMs, claimIntent, newIntent, refuseSecondFlight, settleIntent } from '../ground/intent.ts'
import { type Line, limited, lineTo, withSecrets } from '../ground/line.ts'
import type { Principal } from '../ground/rights.ts'
import { checkedGrant, exchangeError, storeGrant } from '../login/exchange.ts'
import { missingSecret } from '../login/line.ts'
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

  /**
   * @param lease must still be held when the broker is asked
   * @throws BhorError `renewal_unavailable`, `session_…`, `bad_grant`, `answer_lost`, `broker_…`, `lease_lost`
   */
  async renew(principal: Principal, alias: string, lease?: Lease): Promise<Renewed> {
    const account = await accountFor(this.#context, principal, 'login', alias)
    await this.#context.rateLimits.spend(principal, 'renew', account)
    return this.#flights.run(account.id, () => renewOnce(this.#context, principal, account, lease))
  }
}

async function renewOnce(
  context: SessionContext,
  principal: Principal,
  account: AccountRecord,
  lease: Lease | undefined,
): Promise<Renewed> {
  refuseSealed(await theHouseOf(context))
  const session = await renewableSessionOf(context, principal, account)
  const line = await withSecrets(context, await lineTo(context, account, session))
  const { broker, values } = line
  const { renewal } = broker
  if (!renewal || !values.tokens[renewal.needs]) {
    throw new BhorError(
      'renewal_unavailable',
      `${broker.name} gave this app no refresh token: the morning login is the renewal.`,
      { hint: `Log in: bhor login ${account.alias}.` },
    )
  }
  const missing = missingSecret(line)
  if (missing !== undefined)
    throw new BhorError('renewal_unavailable', `${account.alias} has no ${missing}: it cannot be renewed.`, {
      hint: `Give it: bhor accounts edit ${account.alias} --api-secret-file FILE.`,
    })
  await refuseUncertainClock(context, line)
  await refuseOtherAddress(context, principal, line)
  const intent = await claim(context, principal, line, session, lease)
  return context.flights.run({ intent }, async () => {
    try {
      const limitedLine = limited(context, line, askedWithinMs)
      const asked = askedAt(context.clock)
      const { reply, verdict } = await limitedLine.call(
        renewal.request({ ...values, now: context.clock.now() }),
        'renewal',
      )
      if (verdict.kind !== 'ok') throw errorOfVerdict(broker, verdict, reply.status)
      const renewed = renewal.read(reply, { ...values, now: context.clock.now() })
      // What the renewal does not replace stays: the refresh token above all.
      const grant = checkedGrant(line, {
        grantedAt: asked(),
        ...renewed,
        tokens: { ...values.tokens, ...renewed.tokens },
        userId: renewed.userId ?? values.userId,
      })
      const granted = { line: limitedLine, grant, startedBy: 'renewal', intent, renews: session } as const
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

/**
 * Live, or run out by itself, which is when a renewal is wanted most. That one which the broker has ended is worth it is
 * the keeper's to decide.
 *
 * @throws BhorError `session_none`, `session_revoked`
 */
async function renewableSessionOf(
  context: SessionContext,
  { actor }: Principal,
  account: AccountRecord,
): Promise<SessionRecord> {
  const session = await latestSessionOf(context, account)
  const isWorthIt = actor.kind === 'keeper' && session?.endReason === 'revoked'
  const hasRunOut = session?.status === 'active' || session?.endReason === 'expired' || isWorthIt
  return session && hasRunOut ? session : liveOrThrow(context.clock.nowMs(), account, session)
}

/** One renewal at a time, across processes: whoever writes the intent may send. */
async function claim(
  context: SessionContext,
  { actor }: Principal,
  { account }: Line,
  session: SessionRecord,
  lease: Lease | undefined,
): Promise<IntentRecord> {
  // Unlike a code, a refresh token may be sent again after a failure.
  const intent = newIntent(context, account, 'renewal', [])
  const write = async (c: Change) => {
    await refuseSealedIn(context, c.reads)
    await refuseSecondFlight(context, c.reads, account)
    const current = await c.reads.sessions.latest(account.id)
    if (current?.id !== session.id || current.status !== session.status) {
      throw new BhorError('generation_conflict', `${account.alias} has changed meanwhile; nothing was sent.`)
    }
    const detail = { generation: session.generation }
    const tx = c.tell({ actor, action: 'session.renew_start', result: 'ok', account, detail })
    await tx.intents.insert(intent)
  }
  await claimIntent(context, actor, intent, write, lease)
  return intent
}
