import { NetError } from '../contracts/net.ts'
import type { AccountRecord, IntentRecord, SessionRecord } from '../contracts/store.ts'
import { BhorError, toBhorError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { SingleFlight } from '../core/single-flight.ts'
import { accountNamed } from './accounts.ts'
import { callBroker, errorOfNet, errorOfVerdict } from './broker-call.ts'
import { commitSession } from './commit.ts'
import { entryOf, type Principal, type SessionContext } from './context.ts'
import { checkedGrant, isUnknown, refuseSecondFlight } from './exchange.ts'
import { dropGrant, verifyIdentity } from './identity.ts'
import { amended } from './records.ts'
import { type OpenSession, openRenewableSession } from './signing.ts'

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
    const account = await accountNamed(this.#context, alias, principal)
    return this.#flights.run(account.id, () => renewOnce(this.#context, principal, account))
  }
}

async function renewOnce(
  context: SessionContext,
  principal: Principal,
  account: AccountRecord,
): Promise<Renewed> {
  const open = await openRenewableSession(context, account)
  const { broker, hosts, signing } = open
  const renewal = broker.renewal
  if (!renewal || !signing.tokens[renewal.needs]) {
    throw new BhorError(
      'renewal_unavailable',
      `${broker.name} gave this app no refresh token: the morning login is the renewal.`,
      {
        hint: `Log in: bhor login ${account.alias}.`,
      },
    )
  }
  const intent = await claim(context, open)
  try {
    const request = renewal.request(signing)
    const { reply, verdict } = await callBroker(
      context.net,
      broker,
      hosts,
      request,
      'renewal',
      signing.baseUrl,
    )
    if (verdict.kind !== 'ok') throw errorOfVerdict(broker, verdict, reply.status)
    const renewed = renewal.read(reply, signing)
    // What the renewal does not replace stays: the refresh token above all.
    const grant = checkedGrant(broker, {
      ...renewed,
      tokens: { ...signing.tokens, ...renewed.tokens },
      userId: renewed.userId ?? signing.userId,
    })
    const verified = await verifyIdentity(context, broker, account, grant)
    return await commitSession(context, principal, {
      broker,
      account,
      grant,
      verified,
      startedBy: 'renewal',
      intent,
      renews: open.session,
    }).catch(async (error: unknown) => {
      if (!isUnknown(error)) await dropGrant(context, broker, account, grant).catch(() => undefined)
      throw error
    })
  } catch (cause) {
    throw await recordFailure(context, principal, open, intent, cause)
  }
}

/** One renewal at a time, across processes: whoever writes the intent may send. */
async function claim(
  context: SessionContext,
  { account, session, broker, signing }: OpenSession,
): Promise<IntentRecord> {
  const refresh = signing.tokens[broker.renewal?.needs ?? ''] ?? ''
  const id = newId('intent', context.random)
  const intent: IntentRecord = {
    id,
    accountId: account.id,
    loginId: '',
    kind: 'renewal',
    // Unlike a code, a refresh token may be sent again after a failure: the hash is this attempt's own.
    grantHash: context.vault.fingerprint('login-grant', JSON.stringify([broker.id, refresh, id])),
    state: 'open',
    code: '',
    createdAtMs: context.clock.nowMs(),
    finishedAtMs: null,
  }
  await context.store.transaction(async (tx) => {
    await tx.intents.insert(intent)
    await refuseSecondFlight(tx, account, intent)
    const current = await tx.sessions.latest(account.id)
    if (current?.id !== session.id || current.status !== session.status) {
      throw new BhorError('generation_conflict', `${account.alias} has changed meanwhile; nothing was sent.`)
    }
  })
  return intent
}

async function recordFailure(
  context: SessionContext,
  principal: Principal,
  open: OpenSession,
  intent: IntentRecord,
  cause: unknown,
): Promise<BhorError> {
  const isLost = cause instanceof NetError && cause.outcome === 'unknown'
  const error = isLost
    ? new BhorError(
        'answer_lost',
        `${open.broker.name} was asked for a renewal, but its answer was lost (${cause.reason}).`,
        { cause, facts: { reason: cause.reason } },
      )
    : cause instanceof NetError
      ? errorOfNet(open.broker, cause)
      : toBhorError(cause)
  // A commit of unknown outcome is settled by the keeper, from the intent; writing on would only guess.
  if (isUnknown(error)) return error
  const nowMs = context.clock.nowMs()
  await context.store.transaction(async (tx) => {
    const current = await tx.accounts.byId(open.account.id)
    // Removed meanwhile, and its intents with it.
    if (current) {
      const state = isLost ? 'lost' : 'failed'
      await tx.intents.update({ ...intent, state, code: error.code, finishedAtMs: nowMs })
      const lastFault = { atMs: nowMs, code: error.code, detail: error.message.slice(0, 300) }
      await tx.accounts.update(amended(context.vault, 'accounts', current, { lastFault }), current.generation)
    }
    await context.audit.within(tx, [
      entryOf(context, principal.actor, open.account, {
        action: 'session.renew',
        result: 'failed',
        code: error.code,
        detail: error.facts,
      }),
    ])
  })
  context.changes.announce()
  return error
}
