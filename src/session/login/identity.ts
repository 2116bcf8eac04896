import type { Grant, Profile } from '../../contracts/broker.ts'
import { BhorError } from '../../core/errors.ts'
import type { SessionContext } from '../ground/context.ts'
import { type Line, lineOf } from '../ground/line.ts'

export interface Verified {
  readonly userId: string
  readonly profile: Profile | undefined
  /** `unknown` when the profile could not be read and only the grant itself names the person. */
  readonly verdict: 'valid' | 'unknown'
}

/**
 * Whose token is it? The broker is asked for the profile that belongs to it, and every user id that it names must be
 * the account's. That the account expects somebody is no proof: somebody must be named.
 *
 * @throws BhorError `wrong_user`; `broker_rejected` when the broker refuses the token or names nobody
 */
export async function verifyIdentity(context: SessionContext, line: Line, grant: Grant): Promise<Verified> {
  const { broker, account } = line
  const profile = await readProfile(lineOf(context, line, grant))
  const named = [grant.userId, profile?.userId].filter((id) => id !== undefined && id !== '') as string[]
  const [first] = named
  if (first === undefined) {
    throw new BhorError(
      'broker_rejected',
      `${broker.name} did not say whose session this is. Nothing was stored.`,
    )
  }
  const expected = account.userId || first
  if (named.some((id) => id !== expected)) throw wrongUser(expected)
  return { userId: expected, profile: profile ?? grant.profile, verdict: profile ? 'valid' : 'unknown' }
}

export function wrongUser(expectedUser: string): BhorError {
  return new BhorError(
    'wrong_user',
    'You logged in as a different user than this account expects. Nothing was stored.',
    { facts: { expectedUser } },
  )
}

/**
 * Logs out a token that was granted and will not be stored, with the credentials that it was made with. Best effort: it
 * is forgotten either way.
 */
export async function dropGrant(context: SessionContext, line: Line, grant: Grant): Promise<void> {
  const { logout } = line.broker
  if (!logout) return
  const { values, call } = lineOf(context, line, grant)
  await call(logout.request(values), 'logout').catch(() => undefined)
}

async function readProfile({ broker, values, call }: Line): Promise<Profile | undefined> {
  const request = broker.sign(broker.probe.request(values), values)
  // The grant names the person too; a broker that is slow at this very moment must not cost the user the login.
  const answered = await call(request, 'probe').catch(() => undefined)
  if (!answered) return undefined
  if (answered.verdict.kind === 'expired') {
    throw new BhorError('broker_rejected', `${broker.name} refuses the token that was to be stored.`)
  }
  return answered.verdict.kind === 'ok' ? broker.probe.read(answered.reply) : undefined
}
