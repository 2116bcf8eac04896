import type { Broker, RedirectLogin } from '../../contracts/broker.ts'
import type { AccountRecord, LoginRecord } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import type { SessionContext } from '../ground/context.ts'
import { proven, soundOf } from '../ground/records.ts'
import { awaitsRedirect, carryOf } from './methods.ts'

/** @throws BhorError `bad_field` for a broker without a login page of its own */
export function redirectOf(broker: Broker): RedirectLogin {
  const method = broker.logins.find((login) => login.kind === 'redirect')
  if (!method) throw new BhorError('bad_field', `${broker.name} has no login page of its own.`)
  return method
}

/** The signed part of a state names the broker, so that a code of one cannot finish a login at another. */
export function signedState(
  { vault }: Pick<SessionContext, 'vault'>,
  brokerId: string,
  token: string,
): string {
  return `${token}.${vault.signState(`${brokerId}:${token}`)}`
}

/** The open login that a redirect belongs to. @throws BhorError `login_state_invalid`, `login_ambiguous`, `login_used`, `login_expired` */
export async function loginOfCallback(
  context: SessionContext,
  broker: Broker,
  method: RedirectLogin,
  state: string | undefined,
  expected?: AccountRecord,
): Promise<LoginRecord> {
  return method.state === 'none'
    ? onlyOpenLogin(context, broker, expected)
    : loginByState(context, broker, state ?? '')
}

async function loginByState(context: SessionContext, broker: Broker, state: string): Promise<LoginRecord> {
  const dot = state.indexOf('.')
  const isOurs =
    dot > 0 && context.vault.isStateSigned(`${broker.id}:${state.slice(0, dot)}`, state.slice(dot + 1))
  if (!isOurs) throw invalidState()
  const login = await context.store.logins.byState(context.vault.fingerprint('login-state', state))
  if (!login || login.broker !== broker.id) throw invalidState()
  proven(context.vault, 'logins', login)
  if (login.status === 'cancelled') throw new BhorError('login_used', 'This login was cancelled.')
  // Open again for the answer to a question, it wants no second code.
  if (login.status !== 'open' || !awaitsRedirect(carryOf(context, login)))
    throw new BhorError('login_used', 'This login link was already used.')
  if (context.clock.nowMs() >= login.expiresAtMs)
    throw new BhorError('login_expired', 'This login link is older than 10 minutes.')
  return login
}

/** Where the broker brings no state back: the one login that waits for it. Whose session it is, the broker says. */
async function onlyOpenLogin(
  context: SessionContext,
  broker: Broker,
  expected: AccountRecord | undefined,
): Promise<LoginRecord> {
  const open = await context.store.logins.open(context.clock.nowMs(), expected?.id)
  const waiting = soundOf(context.vault, 'logins', open).filter(
    (login) => login.broker === broker.id && awaitsRedirect(carryOf(context, login)),
  )
  // Of several of one account it is the newest: that is what somebody has in front of them.
  const [login] = waiting
  if (!login) throw invalidState()
  if (waiting.every(({ accountId }) => accountId === login.accountId)) return login
  throw new BhorError(
    'login_ambiguous',
    `${waiting.length} logins wait for ${broker.name}, and it does not say which one this is.`,
    {
      hint: 'Paste the address at the account that it belongs to, or cancel the other logins.',
    },
  )
}

export function invalidState(): BhorError {
  return new BhorError('login_state_invalid', 'This login link is not valid (or too old).')
}
