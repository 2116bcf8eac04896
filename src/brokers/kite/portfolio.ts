import type {
  BrokerReply,
  BrokerRequest,
  DayOrder,
  FundsView,
  Holding,
  PortfolioCalls,
  Position,
} from '../../contracts/broker.ts'
import { minus } from '../../core/decimal.ts'
import { objectOf } from '../reading.ts'
import { amountOf, momentOf, oneOf, type Row, rowOf, rowsOf } from '../rows.ts'
import { stateOfStatus } from './unverified.ts'

const name = 'Kite'
const get = (path: string) => (): BrokerRequest => ({ method: 'GET', host: 'api', path })
const dataOf = ({ json }: BrokerReply): unknown => objectOf(json)?.data

/** https://kite.trade/docs/connect/v3/portfolio, /user#funds-and-margins and /orders. */
export const portfolio = {
  holdings: {
    request: get('/portfolio/holdings'),
    read: (reply) => rowsOf(name, 'holding', dataOf(reply)).flatMap(holdings),
  },
  positions: {
    request: get('/portfolio/positions'),
    // `net` is what there is now; `day` is the same as if nothing had been carried over.
    read: (reply) => rowsOf(name, 'position', objectOf(dataOf(reply))?.net).map(position),
  },
  funds: {
    request: get('/user/margins'),
    read: (reply) => {
      const segments = rowOf(name, 'margin', dataOf(reply))
      return (['equity', 'commodity'] as const).flatMap((segment) => funds(segment, segments.row(segment)))
    },
  },
  orders: {
    request: get('/orders'),
    read: (reply) => rowsOf(name, 'order', dataOf(reply)).map(order),
  },
} as const satisfies PortfolioCalls

/** What is held, and what of the same share is held on borrowed money, which stands apart. */
function holdings(row: Row): Holding[] {
  const own = holding(row, row.text('product'), row)
  const mtf = row.row('mtf')
  const isFunded = mtf !== undefined && (mtf.decimalOrNull('quantity') ?? '0') !== '0'
  const isOwn = own.quantity !== '0' || own.pledgedQuantity !== '0' || !isFunded
  return [
    ...(isOwn ? [{ ...own, pnl: row.decimal('pnl') }] : []),
    ...(isFunded ? [{ ...holding(row, 'MTF', mtf), t1Quantity: '0', pledgedQuantity: '0' }] : []),
  ]
}

/** @param bought where quantity and average price stand */
function holding(row: Row, product: string, bought: Row): Holding {
  // "Net quantity (T+1 + realised)": what is not delivered yet is in it.
  const quantity = bought.decimal('quantity')
  const averagePrice = bought.decimal('average_price')
  const lastPrice = row.decimal('last_price')
  const invested = amountOf(averagePrice, quantity)
  const value = amountOf(lastPrice, quantity)
  const dayChange = row.decimalOrNull('day_change')
  return {
    exchange: row.text('exchange'),
    symbol: row.text('tradingsymbol'),
    isin: row.textOrNull('isin'),
    instrument: row.name('instrument_token'),
    product,
    quantity,
    t1Quantity: row.decimal('t1_quantity'),
    pledgedQuantity: row.decimalOrNull('collateral_quantity') ?? '0',
    averagePrice,
    lastPrice,
    closePrice: row.decimalOrNull('close_price'),
    invested,
    value,
    pnl: minus(value, invested),
    dayPnl: dayChange === null ? null : amountOf(dayChange, quantity),
  }
}

function position(row: Row): Position {
  return {
    exchange: row.text('exchange'),
    symbol: row.text('tradingsymbol'),
    instrument: row.name('instrument_token'),
    product: row.text('product'),
    quantity: row.decimal('quantity'),
    overnightQuantity: row.decimal('overnight_quantity'),
    multiplier: row.decimal('multiplier'),
    averagePrice: row.decimal('average_price'),
    lastPrice: row.decimal('last_price'),
    pnl: row.decimal('pnl'),
    realised: row.decimalOrNull('realised'),
    unrealised: row.decimalOrNull('unrealised'),
    dayPnl: row.decimalOrNull('m2m'),
  }
}

/** Nothing of a segment that the client has not. */
function funds(segment: FundsView['segment'], row: Row | undefined): FundsView[] {
  if (!row) return []
  const available = row.row('available')
  const view = {
    segment,
    available: row.decimal('net'),
    used: row.row('utilised')?.decimal('debits') ?? '0',
    cash: available?.decimalOrNull('cash') ?? null,
    collateral: available?.decimalOrNull('collateral') ?? null,
  }
  return row.isTrue('enabled') ? [view] : []
}

function order(row: Row): DayOrder {
  const status = row.text('status')
  return {
    id: row.name('order_id'),
    exchangeOrderId: row.textOrNull('exchange_order_id'),
    at: momentOf(row.textOrNull('order_timestamp')),
    exchange: row.text('exchange'),
    symbol: row.text('tradingsymbol'),
    instrument: row.name('instrument_token'),
    side: oneOf(row, name, 'transaction_type', ['BUY', 'SELL']),
    type: row.text('order_type'),
    product: row.text('product'),
    validity: row.text('validity'),
    variety: row.text('variety'),
    quantity: row.decimal('quantity'),
    filled: row.decimal('filled_quantity'),
    pending: row.decimal('pending_quantity'),
    price: row.decimal('price'),
    triggerPrice: row.decimalOrNull('trigger_price') ?? '0',
    averagePrice: row.decimalOrNull('average_price') ?? '0',
    state: stateOfStatus(status),
    status,
    message: row.textOrNull('status_message'),
    tag: row.textOrNull('tag'),
  }
}
