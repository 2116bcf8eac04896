import type { About, GateView } from './api.ts'

/**
 * What an account has at its broker, in one shape for all of them. Amounts and prices are rupees as decimal text, and so
 * are quantities, of which a broker may one day give parts. null is what a broker does not say.
 */
export interface Holding {
  exchange: string
  symbol: string
  isin: string | null
  /** The broker's own name of the instrument. */
  instrument: string
  product: string
  /** All that is held, with what is not delivered yet and what is pledged. */
  quantity: string
  /** Of these not delivered yet. */
  t1Quantity: string
  /** Of these pledged. */
  pledgedQuantity: string
  /** null for what was not bought, such as a bonus or a gift, as long as the broker knows no price of it. */
  averagePrice: string | null
  lastPrice: string | null
  closePrice: string | null
  /** What was paid: average price times quantity. */
  invested: string | null
  /** Last price times quantity. */
  value: string | null
  pnl: string | null
  /** Since the close of the day before. */
  dayPnl: string | null
}

export interface Position {
  exchange: string
  symbol: string
  instrument: string
  product: string
  /** Below zero: sold short. */
  quantity: string
  /** Carried over from the day before. */
  overnightQuantity: string
  multiplier: string
  /** null for a position that is closed. */
  averagePrice: string | null
  lastPrice: string
  pnl: string
  realised: string | null
  unrealised: string | null
  dayPnl: string | null
}

export interface FundsView {
  segment: 'equity' | 'commodity'
  /** For new orders. */
  available: string
  used: string
  cash: string | null
  collateral: string | null
}

export const orderStates = ['open', 'trigger_pending', 'complete', 'cancelled', 'rejected', 'other'] as const

/** One order of the day. */
export interface DayOrder {
  id: string
  exchangeOrderId: string | null
  at: string | null
  exchange: string
  symbol: string
  instrument: string
  side: 'BUY' | 'SELL'
  type: string
  product: string
  validity: string
  variety: string
  quantity: string
  filled: string
  pending: string
  price: string
  triggerPrice: string
  /** Of what was filled. */
  averagePrice: string
  state: (typeof orderStates)[number]
  /** The broker's own word for it. */
  status: string
  message: string | null
  tag: string | null
}

export const portfolioParts = ['holdings', 'positions', 'funds'] as const
export type PortfolioPart = (typeof portfolioParts)[number]

/** Why something of an account is missing. */
export interface PortfolioFault {
  code: string
  text: string
  hint: string
  /** What is null because of it. */
  missing: (PortfolioPart | 'orders')[]
}

/** Exact sums over what is there; null where holdings, positions or funds are missing altogether. */
export interface PortfolioAmounts {
  invested: string | null
  value: string | null
  holdingsPnl: string | null
  holdingsDayPnl: string | null
  positionsPnl: string | null
  positionsDayPnl: string | null
  /** Of holdings and positions together. */
  dayPnl: string | null
  available: string | null
  used: string | null
  /** How many holdings and positions are not in a sum, because the broker does not say what it needs. */
  unknown: {
    /** Not in `invested`, nor in `holdingsPnl`. */
    invested: number
    /** Not in `value`, nor in `holdingsPnl`. */
    value: number
    /** Not in the sums of the day. */
    dayPnl: number
  }
}

export interface AccountPortfolio extends About {
  generation: number
  /** The household member whose it is: the account's group. */
  group: string | null
  /** When the broker was asked; null where nothing was read. */
  asOf: string | null
  error?: PortfolioFault
  holdings: Holding[] | null
  positions: Position[] | null
  funds: FundsView[] | null
  sums: PortfolioAmounts
}

/** The sums of several accounts. */
export interface PortfolioSums extends PortfolioAmounts {
  /** Whose numbers are in it, if only in part. */
  accounts: string[]
  /** Of whom something is missing: the sums are that much too small. */
  missing: string[]
}

/** One share over all accounts of a kind; null where the broker of one of them does not say. */
export interface InstrumentSum {
  isin: string | null
  symbol: string
  quantity: string
  invested: string | null
  value: string | null
  pnl: string | null
  dayPnl: string | null
  accounts: string[]
}

/** Those of one household member; null for accounts without a group. */
export interface GroupSums extends PortfolioSums {
  group: string | null
}

/** All accounts of one kind: money and play money are in no sum together. */
export interface PortfolioTotal extends PortfolioSums {
  kind: About['kind']
  groups: GroupSums[]
  instruments: InstrumentSum[]
}

export interface PortfolioView {
  /** The oldest `asOf` of its accounts; null where nothing was read of any. */
  asOf: string | null
  /** Something of some account is missing. */
  partial: boolean
  accounts: AccountPortfolio[]
  totals: PortfolioTotal[]
}

/** One account as a trader looks at it. */
export interface AccountOrders extends About {
  generation: number
  /** When the broker was asked; null where nothing was read. */
  asOf: string | null
  error?: PortfolioFault
  orders: DayOrder[] | null
  positions: Position[] | null
  funds: FundsView[] | null
  sums: Pick<PortfolioAmounts, 'positionsPnl' | 'positionsDayPnl' | 'available' | 'used'>
  gate: GateView
  limits: {
    /** What the broker lets the account order, whoever does it. */
    ordersPerSecond: number
    /** What the broker lets an app call, whoever does it. */
    callsPerSecond: number
    /** What the account's own settings let bhor ask the broker for it, and files that are kept in step tell programs; null where they say nothing. */
    own: { requestsPerSecond: number; burstSize: number } | null
  }
}
