import { createHash } from 'node:crypto'
import { type Instrument, instruments, zeros } from './instruments.ts'
import type { Order } from './order-book.ts'

export interface Held {
  readonly instrument: Instrument
  readonly quantity: number
  /** Of these bought yesterday and not delivered yet. */
  readonly t1Quantity: number
  readonly averagePrice: number
}

/** One side of a day's trade. */
interface Trade {
  readonly instrument: Instrument
  readonly product: string
  readonly side: 'BUY' | 'SELL'
  readonly quantity: number
  readonly price: number
}

export interface Belongings {
  readonly holdings: readonly Held[]
  /** What was traded today before anybody looked, as the broker calls its intraday product. */
  readonly traded: readonly Omit<Trade, 'product'>[]
  readonly cash: number
}

const infy = instruments[0]!
const sbin = instruments[2]!
const demo: Belongings = {
  holdings: [{ instrument: infy, quantity: 10, t1Quantity: 0, averagePrice: 1450 }],
  traded: [{ instrument: sbin, side: 'BUY', quantity: 5, price: 872 }],
  cash: 1_000_000,
}

/**
 * What a simulated person owns: made from the id alone, so that it is the same after a restart and another one for
 * everybody. The first persons have one holding and one position.
 */
export function ownedBy(userId: string): Belongings {
  if (/^DM000\d$/.test(userId)) return demo
  const bytes = createHash('sha256').update(`belongings of ${userId}`).digest()
  const shares = instruments.filter((_, at) => at === 0 || bytes[at]! % 2 === 0)
  const holdings = shares.map((instrument, at) => ({
    instrument,
    quantity: 5 + (bytes[8 + at]! % 60),
    t1Quantity: bytes[16 + at]! % 4 === 0 ? 2 : 0,
    averagePrice: near(instrument.closePrice, bytes[20 + at]!),
  }))
  const [instrument = infy] = instruments.slice(bytes[30]! % instruments.length)
  const side = bytes[31]! % 3 === 0 ? 'SELL' : 'BUY'
  const traded = {
    instrument,
    side,
    quantity: 10 + (bytes[29]! % 40),
    price: near(instrument.lastPrice, 126 + (bytes[28]! % 5)),
  } as const
  return { holdings, traded: [traded], cash: 1_000_000 + bytes[27]! * 12_345.67 }
}

/** Up to a fifth above or below, in steps of five paise as shares are traded. */
function near(price: number, byte: number): number {
  return Math.round(price * (0.8 + byte / 640) * 20) / 20
}

/** The fields of a holding that Kite and Upstox name alike. */
export function holdingFields({
  instrument,
  quantity,
  t1Quantity,
  averagePrice,
}: Held): Record<string, unknown> {
  const dayChange = instrument.lastPrice - instrument.closePrice
  return {
    tradingsymbol: instrument.symbol,
    exchange: 'NSE',
    isin: instrument.isin,
    quantity,
    average_price: averagePrice,
    last_price: instrument.lastPrice,
    close_price: instrument.closePrice,
    pnl: (instrument.lastPrice - averagePrice) * quantity,
    day_change: dayChange,
    day_change_percentage: (dayChange / instrument.closePrice) * 100,
    t1_quantity: t1Quantity,
    ...zeros('collateral_quantity'),
  }
}

/** What came of the trades of a day in one share and product. */
export interface DayPosition {
  readonly instrument: Instrument
  readonly product: string
  readonly quantity: number
  readonly averagePrice: number
  readonly bought: { readonly quantity: number; readonly value: number }
  readonly sold: { readonly quantity: number; readonly value: number }
  readonly pnl: number
}

/** The positions of a person: what was traded before, and every order of today that is complete. */
export function positionsOf(userId: string, intraday: string, orders: readonly Order[]): DayPosition[] {
  const before = ownedBy(userId).traded.map((trade) => ({ ...trade, product: intraday }))
  const filled = orders
    .filter(({ status }) => status === 'complete')
    .map((order) => ({ ...order, price: order.instrument.lastPrice }))
  const groups = Map.groupBy<string, Trade>(
    [...before, ...filled],
    (trade) => `${trade.instrument.symbol} ${trade.product}`,
  )
  return [...groups.values()].map(positionOf)
}

function positionOf(trades: readonly Trade[]): DayPosition {
  const { instrument, product } = trades[0]!
  const side = (wanted: Trade['side']) => {
    const own = trades.filter((trade) => trade.side === wanted)
    return {
      quantity: own.reduce((sum, { quantity }) => sum + quantity, 0),
      value: own.reduce((sum, { quantity, price }) => sum + quantity * price, 0),
    }
  }
  const [bought, sold] = [side('BUY'), side('SELL')]
  const quantity = bought.quantity - sold.quantity
  const open = quantity > 0 ? bought : sold
  const averagePrice = quantity === 0 ? 0 : open.value / open.quantity
  const pnl = sold.value - bought.value + quantity * instrument.lastPrice
  return { instrument, product, quantity, averagePrice, bought, sold, pnl }
}

/** The fields of a position that Kite and Upstox name alike. */
export function positionFields(position: DayPosition): Record<string, unknown> {
  const { instrument, product, quantity, averagePrice, bought, sold, pnl } = position
  const priceOf = (side: DayPosition['sold']) => (side.quantity === 0 ? 0 : side.value / side.quantity)
  return {
    tradingsymbol: instrument.symbol,
    exchange: 'NSE',
    multiplier: 1,
    product,
    quantity,
    average_price: averagePrice,
    last_price: instrument.lastPrice,
    pnl,
    unrealised: quantity === 0 ? 0 : pnl,
    realised: quantity === 0 ? pnl : 0,
    buy_price: priceOf(bought),
    day_buy_quantity: bought.quantity,
    day_buy_price: priceOf(bought),
    day_buy_value: bought.value,
    sell_price: priceOf(sold),
    sell_value: sold.value,
    day_sell_quantity: sold.quantity,
    day_sell_price: priceOf(sold),
    day_sell_value: sold.value,
    ...zeros('overnight_quantity'),
  }
}
