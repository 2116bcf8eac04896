import type { Compromised } from '../../contracts/api.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import { iso } from '../../core/instant.ts'
import { accountFor } from '../accounts/account.ts'
import { accountView } from '../accounts/view.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import type { Principal } from '../ground/rights.ts'
import { latestSessionOf } from '../life/live.ts'
import { logout } from '../life/logout.ts'
import { type Receiver, receiversOf } from './uses.ts'

/** More keys than that are counted, not named, in the record. */
const mostNamed = 50

/**
 * Gives up a session that somebody else may have: it ends here, then at the broker, and the record says who had been
 * given it. Programs hear of it over the feed.
 *
 * @throws BhorError as {@link logout}; where the broker did not confirm, the record is written all the same
 */
export async function giveUpSession(
  context: SessionContext,
  principal: Principal,
  alias: string,
): Promise<Compromised> {
  // Who got it is told to those who may know of every key.
  const account = await accountFor(context, principal, 'admin', alias)
  const session = await latestSessionOf(context, account)
  const unconfirmed = await logout(context, principal, alias, { compromised: true }).then(
    () => undefined,
    (error: unknown) => error,
  )
  const after = await context.store.sessions.latest(account.id)
  const isGivenUp = session && after?.id === session.id && after.endReason === 'logged_out'
  if (!isGivenUp) throw unconfirmed ?? new BhorError('generation_conflict')
  const receivers = await receiversOf(context, session)
  await change(context, async (c) => {
    const detail = { generation: session.generation, ...receiverFacts(receivers) }
    const { actor } = principal
    c.tell({ actor, action: 'session.compromised', result: 'ok', account, detail })
  })
  if (unconfirmed !== undefined) throw withReceivers(unconfirmed, receivers)
  const named = await Promise.all(receivers.map((receiver) => receiverView(context, receiver)))
  const lasting = Object.entries(session.tokenExpiriesMs).filter(([, endMs]) => endMs > session.expiresAtMs)
  const { tokens } = await context.broker(account.broker)
  return {
    ...(await accountView(context, account)),
    handedTo: named,
    livesOn: lasting
      .filter(([kind]) => !tokens[kind]?.internal)
      .map(([tokenKind, endMs]) => ({ tokenKind, until: iso(endMs) })),
  }
}

function receiverFacts(receivers: readonly Receiver[]): Record<string, string | number> {
  const keys = receivers.flatMap(({ actor }) => (actor.kind === 'key' ? [actor.id] : []))
  const others = receivers.flatMap(({ actor }) => (actor.kind === 'key' ? [] : [actor.kind]))
  return {
    handOuts: receivers.reduce((sum, { times }) => sum + times, 0),
    keyCount: keys.length,
    keys: keys.slice(0, mostNamed).join(','),
    others: [...new Set(others)].join(','),
  }
}

async function receiverView(
  { store }: SessionContext,
  { actor, times, firstAtMs, lastAtMs }: Receiver,
): Promise<Compromised['handedTo'][number]> {
  const key = actor.kind === 'key' ? await store.keys.byId(actor.id).catch(() => undefined) : undefined
  return {
    kind: actor.kind,
    key: actor.kind === 'key' ? actor.id : null,
    name: key?.name ?? null,
    times,
    firstAt: iso(firstAtMs),
    lastAt: iso(lastAtMs),
  }
}

/** What was not confirmed can be asked again; who got it is known now. */
function withReceivers(error: unknown, receivers: readonly Receiver[]): unknown {
  if (!isBhorError(error)) return error
  const facts = { ...error.facts, ...receiverFacts(receivers) }
  return new BhorError(error.code, error.message, { cause: error, facts, hint: error.hint })
}
