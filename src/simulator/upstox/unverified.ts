/**
 * What no source tells about Upstox. Each is a guess that the simulator makes in this one place only; compare
 * with the real broker and correct it here.
 */

/** How long a `code` lives; a user's note says one to two minutes. */
export const codeTtlMs = 2 * 60_000

/** What the redirect carries when the person cancels: the error of RFC 6749, 4.1.2.1. */
export const cancelledRedirect: readonly (readonly [string, string])[] = [['error', 'access_denied']]

/** HTTP statuses that are documented only as "4XX". */
export const statusOf = {
  UDAPI100057: 401,
  UDAPI100068: 401,
  UDAPI100069: 401,
  UDAPI100070: 401,
  UDAPI100016: 401,
} as const

/** What a client gets who is not enabled for the app. */
export const notEnabledCode = 'UDAPI100016'

/** Codes of refused orders where the documentation's list could not be compared. */
export const orderCodes = {
  quantity: 'UDAPI1052',
  instrument: 'UDAPI100011',
  notFound: 'UDAPI100010',
  closed: 'UDAPI100040',
} as const

/** Which calls besides orders an extended token may not make: all that change something. */
export const extendedTokenMethods: readonly string[] = ['GET']

/** The status of `UDAPI1123`. */
export const noNotifierStatus = 400
/** The colour of its buttons. */
export const accent = '#5a298b'
