import type { Grant, Profile } from '../../contracts/broker.ts'
import type { IntentRecord } from '../../contracts/store.ts'
import { dataWithoutControls, hasControls } from '../../core/control-characters.ts'
import { BhorError } from '../../core/errors.ts'
import type { SessionContext } from '../ground/context.ts'
import { type Line, lineOf } from '../ground/line.ts'
import { samePersonAs } from '../ground/rivals.ts'

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
 * @throws BhorError `wrong_user`; `bad_token_shape` for an id with control characters; `broker_rejected` when the broker refuses the token or names nobody
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
  if (named.some(hasControls))
    throw new BhorError('bad_token_shape', `${broker.name} sent a user id that no person has.`)
  const expected = account.userId || first
  if (named.some((id) => id !== expected)) throw wrongUser(expected)
  const told = dataWithoutControls(profile ?? grant.profile)
  return { userId: expected, profile: told, verdict: profile ? 'valid' : 'unknown' }
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
 * is forgotten either way. Where a logout ends all that the user has, one that has another session keeps that.
 *
 * @param intent by which it was granted
 */
export async function dropGrant(
  context: SessionContext,
  line: Line,
  grant: Grant,
  intent: IntentRecord,
): Promise<void> {
  const { logout } = line.broker
  if (!logout || (logout.ends === 'user' && (await hasAnother(context, line, intent)))) return
  // It takes what time it needs.
  const { values, call } = lineOf(context, { ...line, leftMs: undefined }, grant)
  await call(logout.request(values), 'logout').catch(() => undefined)
}

/** Whether the user has a session that is stored, or is just getting one. */
async function hasAnother(
  context: SessionContext,
  { account }: Line,
  intent: IntentRecord,
): Promise<boolean> {
  const { store, clock } = context
  const ids = new Set((await samePersonAs(context, account, store)).map(({ id }) => id))
  const { records } = await store.intents.open()
  if (records.some(({ id, accountId }) => id !== intent.id && ids.has(accountId))) return true
  for (const id of ids) {
    const session = await store.sessions.latest(id)
    if (session?.status === 'active' && clock.nowMs() < session.expiresAtMs) return true
  }
  return false
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
