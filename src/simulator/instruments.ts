/** A listed share: real names and numbers, prices that never move. */
export interface Instrument {
  readonly symbol: string
  readonly name: string
  readonly isin: string
  /** The exchange's number; Kite's `instrument_token` is 256 times it, plus 1 for NSE. */
  readonly exchangeToken: number
  readonly lastPrice: number
  readonly closePrice: number
}

const share = (
  symbol: string,
  name: string,
  isin: string,
  exchangeToken: number,
  lastPrice: number,
  closePrice: number,
): Instrument => ({ symbol, name, isin, exchangeToken, lastPrice, closePrice })

export const instruments: readonly Instrument[] = [
  share('INFY', 'INFOSYS', 'INE009A01021', 1594, 1520, 1510),
  share('RELIANCE', 'RELIANCE INDUSTRIES', 'INE002A01018', 2885, 1400, 1412),
  share('SBIN', 'STATE BANK OF INDIA', 'INE062A01020', 3045, 880, 875),
  share('TCS', 'TATA CONSULTANCY SERV LT', 'INE467B01029', 11536, 3100, 3120),
  share('HDFCBANK', 'HDFC BANK', 'INE040A01034', 1333, 990, 985),
  share('ITC', 'ITC', 'INE154A01025', 1660, 410, 408),
]

export const kiteToken = (instrument: Instrument): number => instrument.exchangeToken * 256 + 1
export const upstoxKey = (instrument: Instrument): string => `NSE_EQ|${instrument.isin}`

/** What a simulated client owns: one holding and one position, the same for everyone, whatever was ordered. */
export const owned = {
  holding: { instrument: instruments[0]!, quantity: 10, averagePrice: 1450 },
  position: { instrument: instruments[2]!, quantity: 5, averagePrice: 872 },
  cash: 1_000_000,
}

/** The fields of the one holding that Kite and Upstox name alike. */
export function holdingFields(): Record<string, unknown> {
  const { instrument, quantity, averagePrice } = owned.holding
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
    ...zeros('t1_quantity collateral_quantity'),
  }
}

/** The fields of the one position that Kite and Upstox name alike. */
export function positionFields(): Record<string, unknown> {
  const { instrument, quantity, averagePrice } = owned.position
  const pnl = (instrument.lastPrice - averagePrice) * quantity
  return {
    tradingsymbol: instrument.symbol,
    exchange: 'NSE',
    multiplier: 1,
    quantity,
    average_price: averagePrice,
    last_price: instrument.lastPrice,
    pnl,
    unrealised: pnl,
    buy_price: averagePrice,
    day_buy_quantity: quantity,
    day_buy_price: averagePrice,
    day_buy_value: quantity * averagePrice,
    ...zeros(
      'realised overnight_quantity sell_price sell_value day_sell_quantity day_sell_price day_sell_value',
    ),
  }
}

/** Fields, by their names with blanks between, that are all zero. */
export const zeros = (names: string): Record<string, number> =>
  Object.fromEntries(names.split(' ').map((name) => [name, 0]))
