/**
 * What Upstox documents nowhere. Each is an assumption made in this one place; correct it here.
 */

/** Lifetime of a `code`; a user's note says one to two minutes. It only tells people how fast to be. */
export const codeTtlMs = 60_000

/** Where the redirect says that the person cancelled: as in RFC 6749, 4.1.2.1. */
export const refusalParams = { error: 'error', description: 'error_description' } as const

/** "1 year" for the extended token; the exact instant is in its `exp`, which is read too. */
export const extendedTokenMs = 365 * 24 * 60 * 60_000

/** The words of a refused address, should the code be another than the two known ones. */
export const ipRefusal = /\bstatic IP\b|\borigin IP\b/i

/** Declared on every operation and documented nowhere; three programs have met it as "closed at night", never as "locked". */
export const closedStatus = 423
