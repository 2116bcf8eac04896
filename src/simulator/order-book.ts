import { istZone, toIstText } from '../core/ist.ts'
import type { Random } from '../core/random.ts'
import { ownedBy } from './belongings.ts'
import type { Instrument } from './instruments.ts'
import { uuid } from './tokens.ts'

export type OrderStatus = 'open' | 'waiting for trigger' | 'complete' | 'cancelled' | 'rejected'

/** What a client asks for, already checked by the broker's own rules. */
export interface OrderDraft {
  readonly userId: string
  readonly instrument: Instrument
  readonly exchange: string
  readonly variety: string
  readonly side: 'BUY' | 'SELL'
  readonly type: 'MARKET' | 'LIMIT' | 'SL' | 'SL-M'
  readonly product: string
  readonly validity: string
  readonly quantity: number
  readonly price: number
  readonly triggerPrice: number
  readonly disclosedQuantity: number
  readonly marketProtection: number
  readonly tag: string
}

export interface Order extends OrderDraft {
  readonly id: string
  readonly exchangeId: string
  readonly guid: string
  readonly placedAt: Temporal.Instant
  readonly changedAt: Temporal.Instant
  readonly changes: number
  readonly status: OrderStatus
  readonly statusMessage: string
}

/** Shares move at most this far from the last price on one day. */
const circuit = 0.2

/**
 * The orders of one broker's clients. Prices stand still, so an order's fate is known at once: a market order and
 * a limit order through the last price are complete, other limits rest, stop orders wait; a price outside the
 * circuit and an order beyond the client's cash are accepted and then rejected, as at the exchange.
 */
export class OrderBook {
  readonly #byId = new Map<string, Order>()
  readonly #now: () => Temporal.Instant
  readonly #random: Random
  #count = 0

  constructor(now: () => Temporal.Instant, random: Random) {
    this.#now = now
    this.#random = random
  }
  place(draft: OrderDraft): Order {
    const placedAt = this.#now()
    const day = placedAt.toZonedDateTimeISO(istZone).toPlainDate().toString().replaceAll('-', '').slice(2)
    const number = String(++this.#count).padStart(9, '0')
    const order: Order = {
      ...draft,
      ...fate(draft),
      id: `${day}${number}`,
      exchangeId: `13${number}`,
      guid: uuid(this.#random),
      placedAt,
      changedAt: placedAt,
      changes: 0,
    }
    this.#byId.set(order.id, order)
    return order
  }
  change(order: Order, to: Partial<OrderDraft>): Order {
    const draft = { ...order, ...to }
    return this.#keep({ ...draft, ...fate(draft), changes: order.changes + 1 })
  }
  cancel(order: Order): Order {
    return this.#keep({ ...order, status: 'cancelled' })
  }
  /** The client's order of today with this id. */
  find(userId: string, id: string): Order | undefined {
    return this.today(userId).find((order) => order.id === id)
  }
  /** Both brokers forget orders overnight. */
  today(userId: string): Order[] {
    const today = this.#now().toZonedDateTimeISO(istZone).toPlainDate()
    return [...this.#byId.values()].filter(
      (order) =>
        order.userId === userId && order.placedAt.toZonedDateTimeISO(istZone).toPlainDate().equals(today),
    )
  }
  #keep(order: Order): Order {
    const kept = { ...order, changedAt: this.#now() }
    this.#byId.set(kept.id, kept)
    return kept
  }
}

export const isOpen = (order: Order): boolean =>
  order.status === 'open' || order.status === 'waiting for trigger'

/** The fields of an order that Kite and Upstox name alike. */
export function orderFields(order: Order): Record<string, unknown> {
  const isComplete = order.status === 'complete'
  return {
    order_id: order.id,
    parent_order_id: null,
    placed_by: order.userId,
    guid: order.guid,
    tag: order.tag || null,
    variety: order.variety,
    exchange: order.exchange,
    tradingsymbol: order.instrument.symbol,
    order_type: order.type,
    transaction_type: order.side,
    product: order.product,
    validity: order.validity,
    quantity: order.quantity,
    disclosed_quantity: order.disclosedQuantity,
    price: order.price,
    trigger_price: order.triggerPrice,
    average_price: isComplete ? order.instrument.lastPrice : 0,
    filled_quantity: isComplete ? order.quantity : 0,
    pending_quantity: isOpen(order) ? order.quantity : 0,
    status_message: order.statusMessage || null,
    status_message_raw: order.statusMessage || null,
    order_timestamp: toIstText(order.placedAt),
    exchange_timestamp: order.status === 'rejected' ? null : toIstText(order.changedAt),
  }
}

function fate(draft: OrderDraft): Pick<Order, 'status' | 'statusMessage'> {
  const last = draft.instrument.lastPrice
  const price = draft.type === 'MARKET' || draft.type === 'SL-M' ? last : draft.price
  if (Math.abs(price - last) > last * circuit) {
    return { status: 'rejected', statusMessage: 'The price is out of the current execution range.' }
  }
  const { cash } = ownedBy(draft.userId)
  if (draft.side === 'BUY' && draft.quantity * price > cash) {
    const needed = (draft.quantity * price).toFixed(2)
    const message = `Insufficient funds. Required margin is ${needed} but available margin is ${cash.toFixed(2)}.`
    return { status: 'rejected', statusMessage: message }
  }
  if (draft.type === 'SL' || draft.type === 'SL-M')
    return { status: 'waiting for trigger', statusMessage: '' }
  const isThrough = draft.side === 'BUY' ? price >= last : price <= last
  return { status: isThrough ? 'complete' : 'open', statusMessage: '' }
}
