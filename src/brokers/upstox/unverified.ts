import type { DayOrder } from '../../contracts/broker.ts'
import { type Decimal, minus, productOf, sumOf } from '../../core/decimal.ts'

/**
 * What Upstox documents nowhere. Each is an assumption made in this one place; correct it here.
 */

/** Lifetime of a `code`; a user's note says one to two minutes. It only tells people how fast to be. */
export const codeTtlMs = 60_000

/**
 * How long an approval is waited for. The request itself lapses at the first 03:30 in India; a phone that nobody has
 * looked at within an hour is asked again.
 */
export const approvalTtlMs = 60 * 60_000

/** Where the redirect says that the person cancelled: as in RFC 6749, 4.1.2.1. */
export const refusalParams = { error: 'error', description: 'error_description' } as const

/** "1 year" for the extended token; the exact instant is in its `exp`, which is read too. */
export const extendedTokenMs = 365 * 24 * 60 * 60_000

/**
 * How a refresh token would be used: as in RFC 6749, section 6, where the code is exchanged too. "We do not support refresh
 * tokens" (staff, 1 August 2025), but the OpenAPI description of the answer declares `refresh_token`.
 */
export const refreshGrantType = 'refresh_token'

/** The words of a refused address, should the code be another than the two known ones. */
export const ipRefusal = /\bstatic IP\b|\borigin IP\b/i

/** Declared on every operation and documented nowhere; three programs have met it as "closed at night", never as "locked". */
export const closedStatus = 423

/** The words of an order's life stand in examples only. Whatever is on its way may still be filled. */
export function stateOfStatus(status: string): DayOrder['state'] {
  const word = status.toLowerCase()
  if (word === 'complete') return 'complete'
  if (word === 'rejected') return 'rejected'
  if (/^cancelled\b/.test(word)) return 'cancelled'
  if (word === 'trigger pending') return 'trigger_pending'
  return /pending|^open|^modif|received|^not cancelled|^not modified/.test(word) ? 'open' : 'other'
}

/**
 * Upstox sends no P&L of the day: what was sold today less what was bought, and what is left at its last price less what
 * was carried over at its close of yesterday. Whether its day values hold the multiplier is not documented: it is 1 for
 * shares, and lots of futures come with quantities in units.
 */
export function dayPnlOf(day: {
  readonly sold: Decimal
  readonly bought: Decimal
  readonly quantity: Decimal
  readonly overnight: Decimal
  readonly last: Decimal
  readonly close: Decimal
  readonly multiplier: Decimal
}): Decimal {
  const left = productOf(day.quantity, day.last, day.multiplier)
  const carried = productOf(day.overnight, day.close, day.multiplier)
  return sumOf([minus(day.sold, day.bought), minus(left, carried)])
}
