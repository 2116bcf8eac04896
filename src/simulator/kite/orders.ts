import { toIstText } from '../../core/ist.ts'
import type { Answer } from '../answer.ts'
import { textOf } from '../call.ts'
import { instruments, kiteToken } from '../instruments.ts'
import type { GuardedVisit, RouteTable } from '../module.ts'
import { type Order, type OrderStatus, orderFields } from '../order-book.ts'
import { cancelOrder, changeOrder, type OrderDialect, type OrderProblem, placeOrder } from '../order-desk.ts'
import { inputError, kiteError, kiteSuccess } from './errors.ts'
import { tooManyChangesMessage, unknownInstrumentMessage } from './unverified.ts'

const varieties = ['regular', 'amo', 'co', 'iceberg', 'auction']

const statusWords: Record<OrderStatus, string> = {
  open: 'OPEN',
  'waiting for trigger': 'TRIGGER PENDING',
  complete: 'COMPLETE',
  cancelled: 'CANCELLED',
  rejected: 'REJECTED',
}

const problems: Readonly<Record<OrderProblem, (field: string) => Answer>> = {
  missing: (field) => inputError(`Missing or empty field \`${field}\``),
  invalid: (field) => inputError(`Invalid \`${field}\`.`),
  no_instrument: () => inputError(unknownInstrumentMessage),
  unprotected: () =>
    inputError(
      'Market orders without market protection are not allowed via API. Please set market protection or use a Limit order.',
    ),
  too_many_changes: () => inputError(tooManyChangesMessage),
  not_found: () => kiteError(400, 'OrderException', "Couldn't find that `order_id`."),
  closed: () =>
    kiteError(
      400,
      'OrderException',
      'Order cannot be modified or cancelled as it is being processed or is closed.',
    ),
}

const dialect: OrderDialect = {
  required: ['exchange', 'tradingsymbol', 'transaction_type', 'order_type', 'quantity', 'product'],
  products: ['CNC', 'NRML', 'MIS', 'MTF'],
  needsProtection: true,
  mostChanges: 25,
  refuse: (problem, field) => problems[problem](field),
}

const told = (result: Order | Answer): Answer =>
  'body' in result ? result : kiteSuccess({ order_id: result.id })

export const orderRoutes: RouteTable<GuardedVisit> = {
  'GET /orders': ({ world, user }) => kiteSuccess(world.orders.today(user.userId).map(shown)),
  // The order's history; the simulator keeps the last state only.
  'GET /orders/:id': ({ world, user, params }) => {
    const order = world.orders.find(user.userId, params.id!)
    return order
      ? kiteSuccess([shown(order)])
      : kiteError(404, 'GeneralException', "Couldn't find that `order_id`.")
  },
  'POST /orders/:variety': (visit) => {
    const { fields } = visit.call
    const variety = visit.params.variety!
    if (!varieties.includes(variety)) return inputError('Invalid `variety`.')
    const symbol = textOf(fields, 'exchange') === 'NSE' ? textOf(fields, 'tradingsymbol') : ''
    const instrument = instruments.find((known) => known.symbol === symbol)
    return told(placeOrder(visit, dialect, instrument, variety))
  },
  'PUT /orders/:variety/:id': (visit) => told(changeOrder(visit, dialect, visit.params.id!)),
  'DELETE /orders/:variety/:id': (visit) => told(cancelOrder(visit, dialect, visit.params.id!)),
}

function shown(order: Order): Record<string, unknown> {
  const isRejected = order.status === 'rejected'
  return {
    ...orderFields(order),
    account_id: order.userId,
    exchange_order_id: isRejected ? null : order.exchangeId,
    status: statusWords[order.status],
    exchange_update_timestamp: isRejected ? null : toIstText(order.changedAt),
    modified: order.changes > 0,
    instrument_token: kiteToken(order.instrument),
    validity_ttl: 0,
    cancelled_quantity: order.status === 'cancelled' ? order.quantity : 0,
    market_protection: order.marketProtection,
    meta: {},
  }
}
