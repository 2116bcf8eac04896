import type { DayOrder, Holding } from '../../contracts/broker.ts'
import { type Decimal, minus, negated, productOf, signOf, sumOf } from '../../core/decimal.ts'

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
 * "The total holding qty" is documented; whether what was bought yesterday is in it is not. Upstox's own P&L tells, which counts
 * every share: with which quantity it comes nearer.
 */
export function heldQuantity({
  quantity,
  t1Quantity,
  averagePrice,
  lastPrice,
  pnl,
}: Pick<Holding, 'quantity' | 't1Quantity' | 'averagePrice' | 'lastPrice' | 'pnl'>): Decimal {
  if (averagePrice === null || lastPrice === null || pnl === null) return quantity
  const together = sumOf([quantity, t1Quantity])
  const awayOf = (held: Decimal) => {
    const away = minus(productOf(minus(lastPrice, averagePrice), held), pnl)
    return signOf(away) < 0 ? negated(away) : away
  }
  return signOf(minus(awayOf(together), awayOf(quantity))) < 0 ? together : quantity
}

/**
 * What was bought or sold in a day, in rupees. Whether Upstox's values hold the multiplier is not documented; of the documented
 * position of currencies `value` does and the amounts of the day before do not. So it is reckoned where there is one.
 */
export function tradedOf(side: {
  readonly value: Decimal
  readonly quantity: Decimal
  readonly price: Decimal | null
  readonly multiplier: Decimal
}): Decimal | null {
  if (side.multiplier === '1' || side.quantity === '0') return side.value
  return side.price === null ? null : productOf(side.quantity, side.price, side.multiplier)
}

/**
 * Upstox sends no P&L of the day: what was sold today less what was bought, and what is left at its last price less what
 * was carried over at its close of yesterday.
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
