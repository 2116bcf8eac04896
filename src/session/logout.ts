import { BhorError } from '../core/errors.ts'
import { accountNamed } from './accounts.ts'
import { callBroker, errorOfNet, errorOfVerdict } from './broker-call.ts'
import type { Principal, SessionContext } from './context.ts'
import { endSession } from './ending.ts'
import { openLiveSession } from './signing.ts'

/**
 * Logs out at the broker and ends the session here. It ends here first: from the moment the user asks, no program
 * gets it, whether the broker can be reached or not.
 *
 * @throws BhorError `session_…` without a live session; `broker_…` when the broker did not confirm
 */
export async function logout(context: SessionContext, principal: Principal, alias: string): Promise<void> {
  const account = await accountNamed(context, alias, principal)
  const { broker, hosts, signing, session } = await openLiveSession(context, account)
  await endSession(context, principal.actor, session, 'logged_out')
  if (!broker.logout) return
  const request = broker.logout.request(signing)
  const failure = await callBroker(context.net, broker, hosts, request, 'logout', signing.baseUrl).then(
    ({ reply, verdict }) =>
      verdict.kind === 'ok' || verdict.kind === 'expired'
        ? undefined
        : errorOfVerdict(broker, verdict, reply.status),
    (error: unknown) => errorOfNet(broker, error),
  )
  if (failure) {
    throw new BhorError(
      failure.code,
      `bhor has dropped the session and hands it out no more, but the logout was not confirmed. ${failure.message}`,
      {
        cause: failure,
        facts: failure.facts,
      },
    )
  }
}
