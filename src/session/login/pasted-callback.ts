import type { Broker, CallbackReading, RedirectLogin } from '../../contracts/broker.ts'
import type { AccountRecord } from '../../contracts/store.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import { ownRedirectUrls } from '../accounts/redirect-url.ts'
import type { SessionContext } from '../ground/context.ts'
import { type Callback, callbackInput, callbackOf } from './callback.ts'
import { nearPath, pastedAddresses } from './pasted-address.ts'
import { isStateFor } from './redirected.ts'

/**
 * What the broker's redirect brought, out of a text that a person copied. Of several readings it is the one that holds a
 * state of ours and all that the broker sends.
 *
 * @throws BhorError `wrong_page`, with what to copy instead
 */
export function pastedCallback(
  context: SessionContext,
  broker: Broker,
  method: RedirectLogin,
  { redirectUrl }: Pick<AccountRecord, 'redirectUrl'>,
  text: string,
): Callback {
  const homes = [redirectUrl, ...ownRedirectUrls(context, broker.id)].flatMap((home) => URL.parse(home) ?? [])
  const { own, others } = pastedAddresses(text, homes)
  const isSigned = (callback: Callback) =>
    [...callback.params.values()].flat().some((value) => isStateFor(context, broker.id, value))
  const isWhole = (callback: Callback) => readingOf(method, callback)?.kind === 'granted'
  const known = own.filter((callback) => callback.isExact || isSigned(callback))
  const chosen =
    known.find((callback) => isSigned(callback) && isWhole(callback)) ??
    known.find(isSigned) ??
    known.find(isWhole) ??
    known[0]
  if (chosen) return chosen
  throw whyNot(broker, method, text, homes, others)
}

/** What the person has copied instead, as far as that can be told. */
function whyNot(
  broker: Broker,
  method: RedirectLogin,
  text: string,
  homes: readonly URL[],
  others: readonly URL[],
): BhorError {
  const usual = `Paste the whole address of the page where the browser ended; it starts with ${homes[0]?.href}.`
  if (text.trim() === '') return wrongPage(usual, 'Nothing was pasted.')
  if (others.length === 0)
    return wrongPage(usual, `This is not an address (${text.trim().length} characters).`)
  for (const url of others) {
    const reading = readingOf(method, callbackOf(url.search.slice(1)))
    if (reading?.kind === 'wrong_page') return wrongPage(reading.hint)
  }
  const [page] = others.filter((url) => homes.some((home) => home.host === url.host))
  if (!page) return wrongPage(usual)
  if (homes.some((home) => nearPath(home) === nearPath(page)))
    return wrongPage(
      'Copy all of it: it goes on with a “?”.',
      'This address ends before what the broker says.',
    )
  if (nearPath(page).startsWith('/callback/'))
    return wrongPage(usual, `This is where logins at another broker end, not those at ${broker.name}.`)
  return wrongPage(
    'If it said that you are logged in, nothing is left to do; else start the login again.',
    'This is a page of bhor itself, which holds nothing of the broker any more.',
  )
}

export function wrongPage(
  hint: string,
  text = 'This is not the page that the broker sent you back to.',
): BhorError {
  return new BhorError('wrong_page', text, { hint })
}

/** Undefined for what no adapter is given: values that come twice, are too long or no text. */
function readingOf(method: RedirectLogin, callback: Callback): CallbackReading | undefined {
  try {
    return method.readCallback(callbackInput(callback))
  } catch (error) {
    if (isBhorError(error)) return undefined
    throw error
  }
}
