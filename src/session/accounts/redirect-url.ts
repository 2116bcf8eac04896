import type { AccountKind } from '../../contracts/store.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import type { SessionContext } from '../ground/context.ts'
import { nearPath } from '../login/pasted-address.ts'

/** Written out, and nothing in it that browsers, mail programs and brokers write in different ways. */
const plain = /^https?:\/\/[^\s/?#\\"<>^`{|}]+[^\s#\\"<>^`{|}]*$/i
const ascii = /^[\x21-\x7e]*$/

/**
 * The redirect URL as it is registered at the broker. Brokers compare it letter by letter, and the one-time code
 * comes over it: https, or plain http to this computer only.
 *
 * @param mayBeLocalhost for apps that were registered so for document 004; a login there ends by pasting, and
 *   {@link redirectNote} names it
 * @throws BhorError `bad_field`
 */
export function checkRedirectUrl(
  name: string,
  value: string,
  { mayBeLocalhost = false }: { readonly mayBeLocalhost?: boolean } = {},
): string {
  const refuse = (why: string, hint: string) =>
    new BhorError('bad_field', why, { hint, facts: { field: name } })
  if (!ascii.test(value)) {
    throw refuse(
      'The redirect URL holds a blank, or a letter that no address has.',
      'Copy it once more, without what stands before, after or in it: brokers compare it letter by letter.',
    )
  }
  const address = URL.parse(value)
  if (!address || value.length > 500)
    throw refuse('The redirect URL is not an address.', 'Leave it out for the usual one.')
  if (value.includes('#') || address.username || address.password) {
    throw refuse('The redirect URL holds a fragment or a credential.', 'Use the plain address.')
  }
  const isLocalhost = /^localhost\.?$/.test(address.hostname)
  if (isLocalhost && !mayBeLocalhost) {
    throw refuse(
      '“localhost” can lead to another program over IPv6.',
      'Register and use http://127.0.0.1:… instead.',
    )
  }
  const isThisComputer = isLocalhost || address.hostname === '127.0.0.1' || address.hostname === '[::1]'
  if (address.protocol !== 'https:' && !(address.protocol === 'http:' && isThisComputer)) {
    throw refuse('The redirect URL must be https, except to 127.0.0.1.', 'Use https, or http://127.0.0.1:…')
  }
  if (!plain.test(value))
    throw refuse(
      'The redirect URL is not written out in full.',
      'Write it like https://example.com/callback.',
    )
  return value
}

/** Where a login at this broker may come back to by itself: the porch, from any device, and the desk, on this computer. */
export function ownRedirectUrls(
  { redirectUrl, porch }: Pick<SessionContext, 'redirectUrl' | 'porch'>,
  broker: string,
): readonly [string, ...string[]] {
  const desk = redirectUrl(broker)
  const url = porch?.()?.url
  return url === undefined ? [desk] : [`${url}/callback/${broker}`, desk]
}

/** What to register at the broker. The simulator's pages are on this computer, and so is whoever sees them. */
export function proposedRedirectUrl(
  context: Pick<SessionContext, 'redirectUrl' | 'porch'>,
  broker: string,
  kind: AccountKind = 'live',
): string {
  return kind === 'sandbox' ? context.redirectUrl(broker) : ownRedirectUrls(context, broker)[0]
}

/**
 * What is wrong with a redirect URL that leads neither to where the desk listens for it nor to where the porch does; null
 * where nothing is.
 *
 * @param own the desk's own address for this broker
 * @param porch the porch's
 * @param mayBeElsewhere for an app that is not the user's own: it leads to another computer, and each address is pasted
 */
export function redirectNote(
  redirectUrl: string,
  own: string,
  porch?: string,
  { mayBeElsewhere = false }: { readonly mayBeElsewhere?: boolean } = {},
): string | null {
  if (redirectUrl === own || redirectUrl === porch) return null
  const refused = refusalOf(redirectUrl)
  if (refused !== undefined) return refused
  const [given, desk] = [new URL(redirectUrl), new URL(own)]
  if (porch !== undefined && given.origin === new URL(porch).origin)
    return `The redirect URL leads to the porch, but not to where it awaits this broker. Register ${porch} at the broker and set it here.`
  const isHere = given.hostname === '127.0.0.1' || given.hostname === '[::1]'
  // A desk that takes any free port has no address to compare with until it listens.
  if (desk.port === '0' && (isHere || porch === undefined)) return null
  if (!isHere) return mayBeElsewhere ? null : elsewhereNote(given, porch ?? own, porch !== undefined)
  const register = `Register ${own} at the broker and set it here`
  const isNear = given.origin === desk.origin && nearPath(given).startsWith('/callback')
  if (isNear)
    return `The redirect URL is nearly, but not quite, the desk’s own. ${register}, so that nothing depends on its being understood.`
  return `A login that comes back to the redirect URL does not end at the desk: ${difference(given, desk)}. ${register}, or paste the address after each login.`
}

function elsewhereNote({ host }: URL, register: string, hasPorch: boolean): string {
  const whither = hasPorch ? 'neither to the porch nor to the desk' : 'not to the desk'
  return `A login comes back to ${host}, and as far as bhor knows that leads ${whither}. Register ${register} at the broker and set it here, or paste the address where the browser ends after each login.`
}

function difference(given: URL, desk: URL): string {
  if (given.protocol !== desk.protocol) return 'it speaks http there, not https'
  if (given.hostname !== desk.hostname) return `it answers as ${desk.hostname}, not as ${given.hostname}`
  const [port, others] = [desk.port || '80', given.port || '80']
  return port === others
    ? `it takes none at ${given.pathname}`
    : `it listens at port ${port}, not at port ${others}`
}

/** A row may be older than the rules. */
function refusalOf(redirectUrl: string): string | undefined {
  try {
    checkRedirectUrl('redirectUrl', redirectUrl)
    return undefined
  } catch (error) {
    if (isBhorError(error)) return `${error.message} ${error.hint}`
    throw error
  }
}
