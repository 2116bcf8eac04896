import type {
  BrokerReply,
  BrokerRequest,
  DayOrder,
  FundsView,
  Holding,
  PortfolioCalls,
  Position,
} from '../../contracts/broker.ts'
import { type Decimal, minus, signOf } from '../../core/decimal.ts'
import { objectOf } from '../reading.ts'
import { momentOf, oneOf, type Row, rowsOf, segmentsOf, worthOf } from '../rows.ts'
import { dayPnlOf, heldQuantity, stateOfStatus, tradedOf } from './unverified.ts'

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
    read: (reply) => segmentsOf(name, dataOf(reply)).map(([segment, row]) => funds(segment, row)),
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
  const prices = {
    averagePrice: row.price('average_price'),
    lastPrice: row.price('last_price'),
    closePrice: row.price('close_price'),
  }
  const t1Quantity = row.decimalOrNull('t1_quantity') ?? '0'
  const told = row.decimalOrNull('pnl')
  const quantity = heldQuantity({ ...prices, quantity: row.decimal('quantity'), t1Quantity, pnl: told })
  // `day_change` is 0 in replies of days with a change, also in the documented one.
  const worth = worthOf({ ...prices, quantity })
  const { invested, value } = worth
  return {
    exchange: row.text('exchange'),
    symbol: symbolOf(row),
    isin: row.textOrNull('isin'),
    instrument: row.text('instrument_token'),
    product: row.text('product'),
    quantity,
    t1Quantity,
    pledgedQuantity: row.decimalOrNull('collateral_quantity') ?? '0',
    ...prices,
    ...worth,
    // What was not bought (a bonus, an allotment) comes without an average price, and what is told then is no profit.
    pnl: invested === null || value === null ? null : (told ?? minus(value, invested)),
  }
}

function position(row: Row): Position {
  const quantity = row.decimal('quantity')
  const overnightQuantity = row.decimal('overnight_quantity')
  const multiplier = row.decimal('multiplier')
  const lastPrice = row.decimal('last_price')
  const traded = (side: 'buy' | 'sell') =>
    tradedOf({
      value: row.decimal(`day_${side}_value`),
      quantity: row.decimal(`day_${side}_quantity`),
      price: row.decimalOrNull(`day_${side}_price`),
      multiplier,
    })
  const [sold, bought] = [traded('sell'), traded('buy')]
  // What was not carried over needs no price of yesterday.
  const close = overnightQuantity === '0' ? '0' : row.price('close_price')
  return {
    exchange: row.text('exchange'),
    symbol: symbolOf(row),
    instrument: row.text('instrument_token'),
    product: row.text('product'),
    quantity,
    overnightQuantity,
    multiplier,
    averagePrice: averageOf(row, quantity),
    lastPrice,
    pnl: row.decimal('pnl'),
    realised: row.decimalOrNull('realised'),
    unrealised: row.decimalOrNull('unrealised'),
    dayPnl:
      close === null || sold === null || bought === null
        ? null
        : dayPnlOf({
            sold,
            bought,
            quantity,
            overnight: overnightQuantity,
            last: lastPrice,
            close,
            multiplier,
          }),
  }
}

/** Of what was opened today it is null (documented) or 0 (seen); the price of the open side is there. */
function averageOf(row: Row, quantity: Decimal): Decimal | null {
  if (quantity === '0') return null
  return row.price('average_price') ?? row.price(signOf(quantity) < 0 ? 'sell_price' : 'buy_price')
}

function funds(segment: FundsView['segment'], row: Row): FundsView {
  const available = row.decimal('available_margin')
  const used = row.decimal('used_margin')
  return { segment, available, used, cash: null, collateral: null }
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
