import type { Answer } from './answer.ts'
import { type Call, textOf } from './call.ts'
import type { Instrument } from './instruments.ts'
import type { GuardedVisit } from './module.ts'
import { isOpen, type Order, type OrderDraft } from './order-book.ts'

export type OrderProblem =
  | 'missing'
  | 'invalid'
  | 'no_instrument'
  | 'unprotected'
  | 'not_found'
  | 'closed'
  | 'too_many_changes'

/** What one broker's order calls are made of. */
export interface OrderDialect {
  /** Looked at before everything else. */
  readonly required: readonly string[]
  readonly products: readonly string[]
  /** Any when left out; then an order without one is for the day. */
  readonly validities?: readonly string[]
  /** Market orders need `market_protection` (the rules for retail algos of 2026). */
  readonly needsProtection: boolean
  readonly mostChanges: number
  refuse(problem: OrderProblem, field: string, value: unknown): Answer
}

const types = ['MARKET', 'LIMIT', 'SL', 'SL-M'] as const
const sides = ['BUY', 'SELL'] as const

/** Places the order of this call, or refuses it. */
export function placeOrder(
  { world, call, user }: GuardedVisit,
  dialect: OrderDialect,
  instrument: Instrument | undefined,
  variety: string,
): Order | Answer {
  const { refuse } = dialect
  const missing = dialect.required.find((field) => !textOf(call.fields, field))
  if (missing) return refuse('missing', missing, null)
  if (!instrument) return refuse('no_instrument', 'instrument_token', call.fields.instrument_token)
  const side = sides.find((known) => known === textOf(call.fields, 'transaction_type'))
  if (!side) return refuse('invalid', 'transaction_type', call.fields.transaction_type)
  const product = textOf(call.fields, 'product')
  if (!dialect.products.includes(product)) return refuse('invalid', 'product', product)
  const validity = dialect.validities ? '' : 'DAY'
  const terms = readTerms(call, dialect, { validity, quantity: 0, price: 0, triggerPrice: 0 })
  if ('body' in terms) return terms
  return world.orders.place({
    ...terms,
    userId: user.userId,
    instrument,
    exchange: 'NSE',
    variety,
    side,
    product,
    disclosedQuantity: Number(textOf(call.fields, 'disclosed_quantity')) || 0,
    tag: textOf(call.fields, 'tag'),
  })
}

/** Changes what the call names of the person's order. */
export function changeOrder(visit: GuardedVisit, dialect: OrderDialect, orderId: string): Order | Answer {
  const order = openOrder(visit, dialect, orderId)
  if ('body' in order) return order
  if (order.changes >= dialect.mostChanges) return dialect.refuse('too_many_changes', 'order_id', orderId)
  const terms = readTerms(visit.call, dialect, order)
  return 'body' in terms ? terms : visit.world.orders.change(order, terms)
}

export function cancelOrder(visit: GuardedVisit, dialect: OrderDialect, orderId: string): Order | Answer {
  const order = openOrder(visit, dialect, orderId)
  return 'body' in order ? order : visit.world.orders.cancel(order)
}

function openOrder({ world, user }: GuardedVisit, dialect: OrderDialect, orderId: string): Order | Answer {
  const order = world.orders.find(user.userId, orderId)
  if (!order) return dialect.refuse('not_found', 'order_id', orderId)
  return isOpen(order) ? order : dialect.refuse('closed', 'order_id', orderId)
}

type Terms = Pick<
  OrderDraft,
  'type' | 'validity' | 'quantity' | 'price' | 'triggerPrice' | 'marketProtection'
>
type TermsBefore = Omit<Terms, 'type' | 'marketProtection'> & Partial<Pick<Terms, 'type'>>

/** Type, validity, quantity and prices, checked; what the call leaves out stays as it was. */
function readTerms(call: Call, dialect: OrderDialect, before: TermsBefore): Terms | Answer {
  const { refuse, validities } = dialect
  const given = (name: string, old: number) =>
    textOf(call.fields, name) ? Number(textOf(call.fields, name)) : old
  const asked = textOf(call.fields, 'order_type') || before.type
  const type = types.find((known) => known === asked)
  const validity = textOf(call.fields, 'validity') || before.validity
  const quantity = given('quantity', before.quantity)
  const price = given('price', before.price)
  const triggerPrice = given('trigger_price', before.triggerPrice)
  const marketProtection = given('market_protection', 0)
  if (!asked) return refuse('missing', 'order_type', null)
  if (!type) return refuse('invalid', 'order_type', asked)
  if (!validity) return refuse('missing', 'validity', null)
  if (validities && !validities.includes(validity)) return refuse('invalid', 'validity', validity)
  if (!Number.isInteger(quantity) || quantity <= 0) return refuse('invalid', 'quantity', quantity)
  if (type.startsWith('SL') && !(triggerPrice > 0)) return refuse('invalid', 'trigger_price', triggerPrice)
  const hasLimit = type === 'LIMIT' || type === 'SL'
  if (hasLimit && !(price > 0)) return refuse('invalid', 'price', price)
  // zero or missing is refused, -1 means automatic
  if (!hasLimit && dialect.needsProtection && !marketProtection)
    return refuse('unprotected', 'market_protection', marketProtection)
  return { type, validity, quantity, price, triggerPrice, marketProtection }
}
