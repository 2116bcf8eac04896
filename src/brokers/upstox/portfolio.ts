import type {
  BrokerReply,
  BrokerRequest,
  DayOrder,
  FundsView,
  Holding,
  PortfolioCalls,
  Position,
} from '../../contracts/broker.ts'
import { objectOf } from '../reading.ts'
import { amountOf, momentOf, oneOf, type Row, rowOf, rowsOf } from '../rows.ts'
import { dayPnlOf, stateOfStatus } from './unverified.ts'

const name = 'Upstox'
const get = (path: string) => (): BrokerRequest => ({ method: 'GET', host: 'api', path })
const dataOf = ({ json }: BrokerReply): unknown => objectOf(json)?.data

/**
 * As the models of the official clients name it. Version 2 of the funds: one number for each segment, equity with all of
 * it since 19 July 2025. They are closed from midnight to 05:30 (UDAPI100072); the rest is not.
 */
export const portfolio = {
  holdings: {
    request: get('/v2/portfolio/long-term-holdings'),
    read: (reply) => rowsOf(name, 'holding', dataOf(reply)).map(holding),
  },
  positions: {
    request: get('/v2/portfolio/short-term-positions'),
    read: (reply) => rowsOf(name, 'position', dataOf(reply)).map(position),
  },
  funds: {
    request: get('/v2/user/get-funds-and-margin'),
    read: (reply) => {
      const segments = rowOf(name, 'margin', dataOf(reply))
      return (['equity', 'commodity'] as const).flatMap((segment) => funds(segment, segments.row(segment)))
    },
  },
  orders: {
    request: get('/v2/order/retrieve-all'),
    read: (reply) => rowsOf(name, 'order', dataOf(reply)).map(order),
  },
} as const satisfies PortfolioCalls

/** `tradingsymbol` is the older name. */
function symbolOf(row: Row): string {
  return row.textOrNull('trading_symbol') ?? row.text('tradingsymbol')
}

function holding(row: Row): Holding {
  const quantity = row.decimal('quantity')
  const averagePrice = row.decimal('average_price')
  const lastPrice = row.decimal('last_price')
  const dayChange = row.decimalOrNull('day_change')
  return {
    exchange: row.text('exchange'),
    symbol: symbolOf(row),
    isin: row.textOrNull('isin'),
    instrument: row.text('instrument_token'),
    product: row.text('product'),
    quantity,
    t1Quantity: row.decimalOrNull('t1_quantity') ?? '0',
    pledgedQuantity: row.decimalOrNull('collateral_quantity') ?? '0',
    averagePrice,
    lastPrice,
    closePrice: row.decimalOrNull('close_price'),
    invested: amountOf(averagePrice, quantity),
    value: amountOf(lastPrice, quantity),
    pnl: row.decimal('pnl'),
    dayPnl: dayChange === null ? null : amountOf(dayChange, quantity),
  }
}

function position(row: Row): Position {
  const quantity = row.decimal('quantity')
  const overnightQuantity = row.decimal('overnight_quantity')
  const multiplier = row.decimal('multiplier')
  const lastPrice = row.decimal('last_price')
  // What was not carried over needs no price of yesterday.
  const close = overnightQuantity === '0' ? '0' : row.decimalOrNull('close_price')
  return {
    exchange: row.text('exchange'),
    symbol: symbolOf(row),
    instrument: row.text('instrument_token'),
    product: row.text('product'),
    quantity,
    overnightQuantity,
    multiplier,
    averagePrice: row.decimal('average_price'),
    lastPrice,
    pnl: row.decimal('pnl'),
    realised: row.decimalOrNull('realised'),
    unrealised: row.decimalOrNull('unrealised'),
    dayPnl:
      close === null
        ? null
        : dayPnlOf({
            sold: row.decimal('day_sell_value'),
            bought: row.decimal('day_buy_value'),
            quantity,
            overnight: overnightQuantity,
            last: lastPrice,
            close,
            multiplier,
          }),
  }
}

function funds(segment: FundsView['segment'], row: Row | undefined): FundsView[] {
  if (!row) return []
  const available = row.decimal('available_margin')
  const used = row.decimal('used_margin')
  return [{ segment, available, used, cash: null, collateral: null }]
}

function order(row: Row): DayOrder {
  const status = row.text('status')
  return {
    id: row.text('order_id'),
    exchangeOrderId: row.textOrNull('exchange_order_id'),
    at: momentOf(row.textOrNull('order_timestamp')),
    exchange: row.text('exchange'),
    symbol: symbolOf(row),
    instrument: row.text('instrument_token'),
    side: oneOf(row, name, 'transaction_type', ['BUY', 'SELL']),
    type: row.text('order_type'),
    product: row.text('product'),
    validity: row.text('validity'),
    variety: row.textOrNull('variety') ?? '',
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
