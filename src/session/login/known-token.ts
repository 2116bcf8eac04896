import type { Grant } from '../../contracts/broker.ts'
import { dataWithoutControls, hasControls } from '../../core/control-characters.ts'
import { BhorError } from '../../core/errors.ts'
import { errorOfNet, errorOfVerdict } from '../ground/broker-call.ts'
import type { SessionContext } from '../ground/context.ts'
import { type Line, lineOf } from '../ground/line.ts'
import { type Verified, wrongUser } from './identity.ts'

/** What the broker says of a token that bhor did not make. */
export type Asked =
  | { readonly state: 'live'; readonly verified: Verified }
  | { readonly state: 'dead' | 'unknown'; readonly error: BhorError }

/**
 * Asks whether a token lives, and whose it is. Whatever the answer, nothing happens to it.
 *
 * @throws BhorError `wrong_user` where it is not the account's
 */
export async function askAboutToken(context: SessionContext, line: Line, grant: Grant): Promise<Asked> {
  const { broker, account } = line
  const { values, call } = lineOf(context, line, grant)
  try {
    const { reply, verdict } = await call(broker.sign(broker.probe.request(values), values), 'probe')
    if (verdict.kind !== 'ok') {
      const state = verdict.kind === 'expired' ? 'dead' : 'unknown'
      return { state, error: errorOfVerdict(broker, verdict, reply.status) }
    }
    const profile = broker.probe.read(reply)
    const { userId } = profile
    if (userId === '' || hasControls(userId))
      throw new BhorError('broker_rejected', `${broker.name} did not say whose session this is.`)
    if (account.userId !== '' && account.userId !== userId) throw wrongUser(account.userId)
    return { state: 'live', verified: { userId, profile: dataWithoutControls(profile), verdict: 'valid' } }
  } catch (error) {
    if (error instanceof BhorError && error.code !== 'broker_redirect') throw error
    return { state: 'unknown', error: errorOfNet(broker, error) }
  }
}
