import type { Broker, CallbackReading, RedirectLogin } from '../../contracts/broker.ts'
import type { AccountRecord, LoginRecord } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import type { SessionContext } from '../ground/context.ts'
import { grantHashOf } from '../ground/intent.ts'
import { isGenuine, proven, soundOf } from '../ground/records.ts'
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

/** Whether a text is a state that bhor signed for a login at this broker. */
export function isStateFor(
  { vault }: Pick<SessionContext, 'vault'>,
  brokerId: string,
  state: string,
): boolean {
  const dot = state.indexOf('.')
  return dot > 0 && vault.isStateSigned(`${brokerId}:${state.slice(0, dot)}`, state.slice(dot + 1))
}

/**
 * The login that a redirect belongs to, waiting or over.
 *
 * @throws BhorError `login_state_invalid`, `login_ambiguous`
 */
export async function loginOfCallback(
  context: SessionContext,
  broker: Broker,
  method: RedirectLogin,
  reading: Exclude<CallbackReading, { kind: 'wrong_page' }>,
  expected?: AccountRecord,
): Promise<LoginRecord> {
  // Whether a broker's own sandbox brings it back is not documented. There is no money in it, and the address was pasted
  // at the account that it is for.
  const isLost = reading.state === undefined && expected?.kind === 'broker-sandbox'
  if (method.state !== 'none' && !isLost) return loginByState(context, broker, reading.state ?? '')
  return (await loginBySpentCode(context, broker, reading)) ?? onlyOpenLogin(context, broker, expected)
}

async function loginByState(context: SessionContext, broker: Broker, state: string): Promise<LoginRecord> {
  if (state === '')
    throw invalidState('The address does not say to which login it belongs: its end is missing.')
  if (!isStateFor(context, broker.id, state))
    throw invalidState('The address was changed or cut off, or it belongs to no login of this bhor.')
  const login = await context.store.logins.byState(context.vault.fingerprint('login-state', state))
  if (!login || login.broker !== broker.id) throw invalidState()
  return proven(context.vault, 'logins', login)
}

/** Where the broker brings no state back, a code that was spent tells for which login. */
async function loginBySpentCode(
  context: SessionContext,
  broker: Broker,
  reading: Exclude<CallbackReading, { kind: 'wrong_page' }>,
): Promise<LoginRecord | undefined> {
  if (reading.kind !== 'granted') return undefined
  const { store, vault } = context
  const codes = reading.secretVars.map((name) => reading.vars[name] ?? '')
  const intent = codes.length > 0 && (await store.intents.byGrant(grantHashOf(context, broker.id, codes)))
  if (!intent || !isGenuine(vault, 'intents', intent)) return undefined
  const login = await store.logins.byId(intent.loginId)
  return login && proven(vault, 'logins', login)
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

export function invalidState(text = 'This login link is not valid (or too old).'): BhorError {
  return new BhorError('login_state_invalid', text)
}
