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
import { momentOf, oneOf, type Row, rowsOf, segmentsOf, worthOf } from '../rows.ts'
import { heldQuantity, pnlOf, stateOfStatus } from './unverified.ts'

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
    read: (reply) => segmentsOf(name, dataOf(reply)).flatMap(([segment, row]) => funds(segment, row)),
  },
  orders: {
    request: get('/orders'),
    read: (reply) => rowsOf(name, 'order', dataOf(reply)).map(order),
  },
} as const satisfies PortfolioCalls

/** What is held, and what of the same share is held on borrowed money, which stands apart. */
function holdings(row: Row): Holding[] {
  const t1Quantity = row.decimal('t1_quantity')
  const pledgedQuantity = row.decimalOrNull('collateral_quantity') ?? '0'
  const quantity = heldQuantity({ quantity: row.decimal('quantity'), t1Quantity, pledgedQuantity })
  const own = holding(row, row, { product: row.text('product'), quantity, t1Quantity, pledgedQuantity })
  const mtf = row.row('mtf')
  const funded = mtf?.decimalOrNull('quantity') ?? '0'
  if (!mtf || funded === '0') return [own]
  const onLoan = holding(row, mtf, {
    product: 'MTF',
    quantity: funded,
    t1Quantity: '0',
    pledgedQuantity: '0',
  })
  return quantity === '0' ? [onLoan] : [own, onLoan]
}

/** @param bought where the average price stands */
function holding(
  row: Row,
  bought: Row,
  held: Pick<Holding, 'product' | 'quantity' | 't1Quantity' | 'pledgedQuantity'>,
): Holding {
  const prices = {
    averagePrice: bought.price('average_price'),
    lastPrice: row.price('last_price'),
    closePrice: row.price('close_price'),
  }
  const worth = worthOf({ ...held, ...prices })
  return {
    exchange: row.text('exchange'),
    symbol: row.text('tradingsymbol'),
    isin: row.textOrNull('isin'),
    instrument: row.name('instrument_token'),
    ...held,
    ...prices,
    ...worth,
    pnl: pnlOf({ ...held, ...worth, told: bought.decimalOrNull('pnl') }),
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
    averagePrice: row.price('average_price'),
    lastPrice: row.decimal('last_price'),
    pnl: row.decimal('pnl'),
    realised: row.decimalOrNull('realised'),
    unrealised: row.decimalOrNull('unrealised'),
    dayPnl: row.decimalOrNull('m2m'),
  }
}

/** Nothing of a segment that the client has not. */
function funds(segment: FundsView['segment'], row: Row): FundsView[] {
  if (!row.flag('enabled')) return []
  const available = row.row('available')
  return [
    {
      segment,
      available: row.decimal('net'),
      used: row.part('utilised').decimal('debits'),
      cash: available?.decimalOrNull('cash') ?? null,
      collateral: available?.decimalOrNull('collateral') ?? null,
    },
  ]
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
