import type { Broker } from '../../contracts/broker.ts'
import type { AccountRecord } from '../../contracts/store.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import { ownRedirectUrls } from '../accounts/redirect-url.ts'
import type { SessionContext } from '../ground/context.ts'
import { soundOf } from '../ground/records.ts'
import { hasRight, type Principal } from '../ground/rights.ts'
import { type Callback, callbackInput } from './callback.ts'
import { pastedAddresses } from './pasted-address.ts'
import { pastedCallback, wrongPage } from './pasted-callback.ts'
import { invalidState, isStateFor, loginOfCallback, redirectOf } from './redirected.ts'

/**
 * The account to which a pasted address belongs: the one of whose login it brings the state.
 *
 * @throws BhorError `wrong_page`, `login_state_invalid` also for that of an account that the caller may not see,
 *   `login_ambiguous`, `callback_incomplete`
 */
export async function ownerOfAddress(
  context: SessionContext,
  principal: Principal,
  text: string,
): Promise<AccountRecord> {
  const visible = await candidates(context, principal)
  let why: unknown
  let likely: { readonly broker: Broker; readonly callback: Callback } | undefined
  for (const { broker, account } of visible) {
    try {
      const callback = pastedCallback(context, broker, redirectOf(broker), account, text)
      likely ??= { broker, callback }
      if (isSigned(context, broker, callback)) {
        likely = { broker, callback }
        break
      }
    } catch (error) {
      if (!isBhorError(error)) throw error
      why ??= error
    }
  }
  if (!likely) throw why ?? wrongPage('Log in from here first: /login.')
  const { broker, callback } = likely
  const own = visible.filter((one) => one.broker.id === broker.id).map(({ account }) => account)
  const method = redirectOf(broker)
  const reading = method.readCallback(callbackInput(callback))
  if (reading.kind === 'wrong_page') throw wrongPage(reading.hint)
  const [only] = own
  // Where the broker brings no state back, a caller with one account of it means that one.
  const expected = own.length === 1 ? only : undefined
  const login = await loginOfCallback(context, broker, method, reading, expected)
  const owner = own.find(({ id }) => id === login.accountId)
  if (!owner) throw invalidState('The address belongs to no login that was started from here.')
  return owner
}

/** Whether a text holds an address to which a broker may have sent a browser, so that it may hold a code of one. */
export async function holdsAddress(
  context: SessionContext,
  principal: Principal,
  text: string,
): Promise<boolean> {
  const homes = (await candidates(context, principal)).flatMap(({ account, broker }) => [
    account.redirectUrl,
    ...ownRedirectUrls(context, broker.id),
  ])
  const urls = [...new Set(homes)].flatMap((home) => URL.parse(home) ?? [])
  return pastedAddresses(text, urls).own.length > 0
}

/** Whatever a login at this broker may not be finished by. @throws BhorError `not_in_chat` */
export function refuseInChat({ name, logins }: Broker): void {
  const isTold = logins.some((login) => login.kind === 'redirect' && login.bringsTokens === true)
  if (isTold)
    throw new BhorError(
      'not_in_chat',
      `A login at ${name} cannot be made in a chat: the address at its end holds the session itself.`,
    )
}

async function candidates(context: SessionContext, principal: Principal) {
  const { store, vault } = context
  const accounts = soundOf(vault, 'accounts', await store.accounts.list())
  const found: { readonly account: AccountRecord; readonly broker: Broker }[] = []
  for (const account of accounts.filter((one) => hasRight(principal, 'login', one))) {
    const broker = await context.broker(account.broker).catch(() => undefined)
    if (broker?.logins.some(({ kind }) => kind === 'redirect')) found.push({ account, broker })
  }
  return found
}

function isSigned(context: SessionContext, { id }: Broker, { params }: Callback): boolean {
  return [...params.values()].flat().some((value) => isStateFor(context, id, value))
}
