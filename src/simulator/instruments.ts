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
  share('TATAPOWER', 'TATA POWER CO', 'INE245A01021', 3426, 402.35, 398.6),
  share('NIFTYBEES', 'NIP IND ETF NIFTY BEES', 'INF204KB14I2', 10576, 292.41, 291.87),
  share('ONGC', 'OIL AND NATURAL GAS CORP.', 'INE213A01029', 2475, 246.15, 249.3),
]

export const kiteToken = (instrument: Instrument): number => instrument.exchangeToken * 256 + 1
export const upstoxKey = (instrument: Instrument): string => `NSE_EQ|${instrument.isin}`

/** Fields, by their names with blanks between, that are all zero. */
export const zeros = (names: string): Record<string, number> =>
  Object.fromEntries(names.split(' ').map((name) => [name, 0]))
