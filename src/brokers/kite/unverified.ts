import type { DayOrder, Holding } from '../../contracts/broker.ts'
import { type Decimal, minus, sumOf } from '../../core/decimal.ts'

/**
 * What Zerodha documents nowhere, or not clearly. Each is an assumption made in this one place; correct it here.
 */

/**
 * The documentation says "6 AM on the next day"; for a login between midnight and 06:00 that can mean today or
 * tomorrow. bhor takes the first 06:00 after the login. (Staff have also spoken of a flush at 07:00 to 07:30: a
 * session of these minutes may end early, which the next probe finds.)
 */
export const sessionEndsAt = '06:00'

/** Staff: "We flush all existing tokens at around 07:00 AM to 07:30 AM" (kite.trade/forum/discussion/4835). */
export const flushedBy = '07:35'

/** After the flush, and once more before the market: some have seen tokens die at about 08:00. */
export const looks = [flushedBy, '08:45'] as const

/** The refusal of an address is known by its two wordings; HTTP status and `error_type` are reported differently. */
export const ipRefusal =
  /\bIP \([^)]{1,60}\) is not allowed|\bNo IPs configured for this app\b|\ballowed IPs\b/i

/**
 * "Order request timed out. Please check the order book and confirm before placing again." came with HTTP 400, and the
 * orders were executed seconds later (kite.trade/forum comment 35732).
 */
export const unknownOutcome = /\brequest timed out\b|\bcheck the order ?book\b/i

/** Above the limits of orders; status and type are documented nowhere (support.zerodha.com, order-rate-limits-on-kite). */
export const orderLimit = /\bMaximum allowed order requests exceeded\b/i

/** The `status` with which the browser comes back when the person cancels: documented nowhere. */
export const cancelledStatus = 'cancelled'

/** Lifetime of a `request_token`: "only a few minutes"; staff said five, in 2017 (kite.trade/forum comment 3502). */
export const requestTokenTtlMs = 5 * 60_000

/** Whether a static IP is checked for GTT, alerts and mutual funds too is not documented: they count as orders. */
export const routesLikeOrders = [
  'POST /gtt/triggers',
  'PUT /gtt/triggers/*',
  'DELETE /gtt/triggers/*',
  'POST /alerts',
  'PUT /alerts/*',
  'DELETE /alerts',
  'POST /mf/orders',
  'DELETE /mf/orders/*',
  'POST /mf/sips',
  'PUT /mf/sips/*',
  'DELETE /mf/sips/*',
  'PUT /portfolio/positions',
] as const

/**
 * The words of an order's life are documented, what a cancelled one is called here and there is not: CANCELLED, CANCEL,
 * CANCELLED AMO. Whatever is on its way ("PUT ORDER REQ RECEIVED", "OPEN PENDING") may still be filled.
 */
export function stateOfStatus(status: string): DayOrder['state'] {
  if (status === 'COMPLETE') return 'complete'
  if (status === 'REJECTED') return 'rejected'
  if (/^CANCEL(LED)?\b(?! PENDING)/.test(status)) return 'cancelled'
  if (status === 'TRIGGER PENDING') return 'trigger_pending'
  return /^(OPEN|UPDATE|MODIF|CANCEL PENDING|VALIDATION|PUT ORDER|AMO REQ|MODIFY)/.test(status)
    ? 'open'
    : 'other'
}

/**
 * The documentation calls `quantity` "Net quantity (T+1 + realised)". Replies that users have published, of 2021 to 2025, say
 * otherwise: of shares bought yesterday it is 0 and `t1_quantity` has them, and pledged shares have left it for
 * `collateral_quantity` (openalgo#1625). What was sold today is in none of them.
 */
export function heldQuantity({
  quantity,
  t1Quantity,
  pledgedQuantity,
}: Pick<Holding, 'quantity' | 't1Quantity' | 'pledgedQuantity'>): Decimal {
  return sumOf([quantity, t1Quantity, pledgedQuantity])
}

/**
 * Kite's own where it is told and means all that is held. Those replies count what is not delivered yet; whether it counts
 * pledged shares is documented nowhere. Without an average price (a gift, a bonus, a bond of the last days) what it tells is no profit.
 */
export function pnlOf({
  told,
  invested,
  value,
  quantity,
  pledgedQuantity,
}: Pick<Holding, 'invested' | 'value' | 'quantity' | 'pledgedQuantity'> & {
  readonly told: Decimal | null
}): Decimal | null {
  if (invested === null || value === null) return null
  const isOfAll = pledgedQuantity === '0' && quantity !== '0'
  return isOfAll && told !== null ? told : minus(value, invested)
}
