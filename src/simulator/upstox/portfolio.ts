import type { Answer } from '../answer.ts'
import { holdingFields, ownedBy, positionFields, positionsOf } from '../belongings.ts'
import { textOf } from '../call.ts'
import { instruments, upstoxKey, zeros } from '../instruments.ts'
import type { GuardedVisit } from '../module.ts'
import type { SimulatedUser } from '../users.ts'
import { upstoxError, upstoxSuccess } from './errors.ts'

export function profileOf(user: SimulatedUser): Record<string, unknown> {
  return {
    email: user.email,
    exchanges: ['NSE', 'NFO', 'BSE', 'MCX'],
    products: ['D', 'I', 'CO', 'MTF'],
    broker: 'UPSTOX',
    user_id: user.userId,
    user_name: user.name,
    order_types: ['MARKET', 'LIMIT', 'SL', 'SL-M'],
    user_type: 'individual',
    poa: false,
    is_active: true,
  }
}

const segmentFunds = (cash: number) => ({
  available_margin: cash,
  ...zeros('used_margin payin_amount span_margin adhoc_margin notional_cash exposure_margin'),
})

/** `GET /v2/user/get-funds-and-margin[?segment=SEC|COM]`; equity holds both since 19 July 2025. */
export function showFundsV2({ user, call }: GuardedVisit): Answer {
  const segment = textOf(call.query, 'segment')
  const equity = segmentFunds(ownedBy(user.userId).cash)
  const commodity = segmentFunds(0)
  if (segment === '') return upstoxSuccess({ equity, commodity })
  if (segment === 'SEC') return upstoxSuccess({ equity })
  if (segment === 'COM') return upstoxSuccess({ commodity })
  return upstoxError(400, 'UDAPI100036', 'Invalid Input', 'segment', segment)
}

const total = zeros('total')

/** `GET /v3/user/get-funds-and-margin` */
export function showFundsV3({ user }: GuardedVisit): Answer {
  const { cash } = ownedBy(user.userId)
  const used = {
    ...zeros('total mtf span_exposure cash_margin_var_elm premium_present'),
    delivery_margin: total,
  }
  return upstoxSuccess({
    available_to_trade: {
      total: cash,
      cash_available_to_trade: {
        total: cash,
        cash: {
          opening_balance: cash,
          ...zeros('added_today withdrawn_today amount_from_stock_sale unpaid_charges'),
        },
        margin_used: { ...used, loss: total },
      },
      pledge_available_to_trade: {
        total: 0,
        margin_from_pledge: zeros('total equity mutual_funds'),
        margin_used: used,
      },
    },
    unavailable_to_trade: {
      total: 0,
      cash_unavailable_to_trade: { total: 0, unsettled_profit: total },
      pledge_unavailable_to_trade: zeros('equity mutual_funds'),
    },
  })
}

/** `GET /v2/portfolio/long-term-holdings` */
export function showHoldings({ user }: GuardedVisit): Answer {
  const holdings = ownedBy(user.userId).holdings.map((held) => ({
    ...holdingFields(held),
    collateral_type: 'WC',
    company_name: held.instrument.name,
    haircut: 0.2,
    product: 'D',
    trading_symbol: held.instrument.symbol,
    instrument_token: upstoxKey(held.instrument),
    ...zeros('cnc_used_quantity collateral_update_quantity'),
  }))
  return upstoxSuccess(holdings)
}

/** `GET /v2/portfolio/short-term-positions` */
export function showPositions({ user, world }: GuardedVisit): Answer {
  const positions = positionsOf(user.userId, 'I', world.orders.today(user.userId)).map((position) => ({
    ...positionFields(position),
    value: position.bought.value - position.sold.value,
    buy_value: position.bought.value,
    trading_symbol: position.instrument.symbol,
    instrument_token: upstoxKey(position.instrument),
    close_price: position.instrument.closePrice,
    ...zeros('overnight_buy_amount overnight_buy_quantity overnight_sell_amount overnight_sell_quantity'),
  }))
  return upstoxSuccess(positions)
}

/** Historical candles answer without any token (measured), so they prove nothing about one. */
export function showCandles(key: string, toDate: string): Answer {
  const instrument = instruments.find((known) => upstoxKey(known) === key)
  if (!instrument) return upstoxError(400, 'UDAPI100011', 'Invalid Instrument key', 'instrumentKey', key)
  const { closePrice, lastPrice } = instrument
  return upstoxSuccess({
    candles: [[`${toDate}T00:00:00+05:30`, closePrice, lastPrice, closePrice, lastPrice, 100_000, 0]],
  })
}
