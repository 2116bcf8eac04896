import type { Answer } from '../answer.ts'
import { textOf } from '../call.ts'
import { instruments, upstoxKey } from '../instruments.ts'
import type { GuardedVisit, RouteTable } from '../module.ts'
import { type Order, type OrderStatus, orderFields } from '../order-book.ts'
import { cancelOrder, changeOrder, type OrderDialect, placeOrder } from '../order-desk.ts'
import { upstoxError, upstoxSuccess } from './errors.ts'
import { orderCodes } from './unverified.ts'

type Version = 'v2' | 'v3'

const statusWords: Record<OrderStatus, string> = {
  open: 'open',
  'waiting for trigger': 'trigger pending',
  complete: 'complete',
  cancelled: 'cancelled',
  rejected: 'rejected',
}

/** What is wrong and how Upstox says it; anything else is an invalid input. */
const problems: Readonly<Record<string, readonly [code: string, message: string]>> = {
  no_instrument: [orderCodes.instrument, 'Invalid Instrument key'],
  not_found: [orderCodes.notFound, 'Order not found'],
  closed: [orderCodes.closed, 'The order is already complete, cancelled or rejected'],
  'missing order_type': ['UDAPI1004', 'Valid order type is required'],
  'invalid order_type': ['UDAPI1056', "The 'order_type' is invalid"],
  'missing validity': ['UDAPI1007', 'Validity is required'],
  'invalid validity': ['UDAPI1055', "The 'validity' is invalid"],
  'invalid quantity': [orderCodes.quantity, 'The order quantity cannot be zero'],
}

const dialect: OrderDialect = {
  required: [],
  products: ['D', 'I', 'CO', 'MTF'],
  validities: ['DAY', 'IOC'],
  needsProtection: false,
  mostChanges: Number.POSITIVE_INFINITY,
  refuse(problem, field, value) {
    const known = problems[problem] ?? problems[`${problem} ${field}`]
    const [code, message] = known ?? ['UDAPI100036', 'Invalid Input']
    return upstoxError(400, code, message, field, value)
  },
}

/** Version 3 tells how many milliseconds the platform took. */
function told(version: Version, result: Order | Answer, data: (id: string) => unknown): Answer {
  if ('body' in result) return result
  return upstoxSuccess(data(result.id), version === 'v3' ? { metadata: { latency: 30 } } : {})
}

const writeRoutes = (version: Version): RouteTable<GuardedVisit> => ({
  [`POST /${version}/order/place`]: (visit: GuardedVisit) => {
    const { fields } = visit.call
    const key = textOf(fields, 'instrument_token')
    const instrument = instruments.find((known) => upstoxKey(known) === key)
    const placed = placeOrder(visit, dialect, instrument, fields.is_amo === true ? 'AMO' : 'SIMPLE')
    return told(version, placed, (id) => (version === 'v3' ? { order_ids: [id] } : { order_id: id }))
  },
  [`PUT /${version}/order/modify`]: (visit: GuardedVisit) =>
    told(version, changeOrder(visit, dialect, textOf(visit.call.fields, 'order_id')), (order_id) => ({
      order_id,
    })),
  [`DELETE /${version}/order/cancel`]: (visit: GuardedVisit) =>
    told(version, cancelOrder(visit, dialect, textOf(visit.call.query, 'order_id')), (order_id) => ({
      order_id,
    })),
})

export const orderRoutes: RouteTable<GuardedVisit> = {
  'GET /v2/order/retrieve-all': ({ world, user }) =>
    upstoxSuccess(world.orders.today(user.userId).map(shown)),
  'GET /v2/order/details': ({ world, user, call }) => {
    const order = world.orders.find(user.userId, textOf(call.query, 'order_id'))
    return order ? upstoxSuccess(shown(order)) : dialect.refuse('not_found', 'order_id', null)
  },
  ...writeRoutes('v2'),
  ...writeRoutes('v3'),
}

function shown(order: Order): Record<string, unknown> {
  return {
    ...orderFields(order),
    status: statusWords[order.status],
    instrument_token: upstoxKey(order.instrument),
    trading_symbol: order.instrument.symbol,
    exchange_order_id: order.status === 'rejected' ? '' : order.exchangeId,
    is_amo: order.variety === 'AMO',
    order_request_id: '1',
    order_ref_id: order.guid,
  }
}
