import type { Actor } from '../../contracts/audit.ts'
import type { AccountRecord, SessionRecord } from '../../contracts/store.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import { accountFor } from '../accounts/account.ts'
import { errorOfNet, errorOfVerdict } from '../ground/broker-call.ts'
import { change, type EventDetail, entryOf } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { type Line, lineTo } from '../ground/line.ts'
import type { Principal } from '../ground/rights.ts'
import { doubt, samePersonAs } from '../ground/rivals.ts'
import { endSession } from './ending.ts'
import { latestSessionOf, liveOrThrow } from './live.ts'

/** By then a logout has reached the broker, or never will. */
const answersWithinMs = 25_000

/**
 * Logs out at the broker and ends the session here. It ends here first: from the moment the user asks, no program
 * gets it, whether the broker can be reached or not. Asked again, it asks the broker again: a logout that was not
 * confirmed can be repeated.
 *
 * @param more what its records say beside the generation
 * @throws BhorError `session_…` without a session to log out; `generation_conflict` when a new login came in between;
 *   `broker_…` when the broker did not confirm
 */
export async function logout(
  context: SessionContext,
  principal: Principal,
  alias: string,
  more: EventDetail = {},
): Promise<void> {
  const { actor } = principal
  const account = await accountFor(context, principal, 'login', alias)
  const latest = await latestSessionOf(context, account)
  const isRepeated = latest !== undefined && isLoggedOutEarly(context, latest)
  const session = isRepeated ? latest : liveOrThrow(context.clock.nowMs(), account, latest)
  const line = await lineTo(context, account, session)
  if (!isRepeated && !(await endHere(context, actor, session, more))) {
    throw new BhorError('generation_conflict', `${alias} got a new session meanwhile; it was not logged out.`)
  }
  // Before it is sent, so that a process that dies here leaves nobody undoubted: it may still reach the broker.
  if (line.broker.logout?.ends === 'user') await doubtOthers(context, account)
  const failure = await logOutAtBroker(line)
  if (!failure) return
  const detail = { generation: session.generation, ...more, ...failure.facts }
  const failed = { action: 'session.logout', result: 'failed', code: failure.code, detail } as const
  await context.audit.record(entryOf(context, { actor, account, ...failed }))
  throw new BhorError(
    failure.code,
    `bhor has dropped the session and hands it out no more, but the logout was not confirmed. ${failure.message}`,
    { cause: failure, facts: failure.facts, hint: `Ask again: bhor logout ${alias}.` },
  )
}

/** @returns whether this call ended it, also where the store did not say so: what is stored counts */
async function endHere(
  context: SessionContext,
  actor: Actor,
  session: SessionRecord,
  more: EventDetail,
): Promise<boolean> {
  try {
    return await endSession(context, actor, session, 'logged_out', undefined, more)
  } catch (error) {
    if (!isBhorError(error) || error.facts.outcome !== 'unknown') throw error
    const now = await context.store.sessions.latest(session.accountId)
    if (now?.id !== session.id || now.endReason !== 'logged_out') throw error
    return true
  }
}

/** Logged out here, while the token may still live at the broker. */
function isLoggedOutEarly(context: SessionContext, session: SessionRecord): boolean {
  return session.endReason === 'logged_out' && context.clock.nowMs() < session.expiresAtMs
}

async function doubtOthers(context: SessionContext, account: AccountRecord): Promise<void> {
  await change(context, async (c) => {
    const same = await samePersonAs(context, account, c.reads)
    await doubt(
      context,
      c,
      same.filter(({ id }) => id !== account.id),
      account,
      answersWithinMs,
    )
  })
}

async function logOutAtBroker({ broker, values, call }: Line): Promise<BhorError | undefined> {
  if (!broker.logout) return undefined
  try {
    const { reply, verdict } = await call(broker.logout.request(values), 'logout')
    const isOver = verdict.kind === 'ok' || verdict.kind === 'expired'
    return isOver ? undefined : errorOfVerdict(broker, verdict, reply.status)
  } catch (error) {
    return errorOfNet(broker, error)
  }
}
