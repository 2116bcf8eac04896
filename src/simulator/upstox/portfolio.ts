import type { Answer } from '../answer.ts'
import { holdingFields, instruments, owned, positionFields, upstoxKey, zeros } from '../instruments.ts'
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
export function showFundsV2(segment: string): Answer {
  const equity = segmentFunds(owned.cash)
  const commodity = segmentFunds(0)
  if (segment === '') return upstoxSuccess({ equity, commodity })
  if (segment === 'SEC') return upstoxSuccess({ equity })
  if (segment === 'COM') return upstoxSuccess({ commodity })
  return upstoxError(400, 'UDAPI100036', 'Invalid Input', 'segment', segment)
}

const total = zeros('total')

/** `GET /v3/user/get-funds-and-margin` */
export function showFundsV3(): Answer {
  const used = {
    ...zeros('total mtf span_exposure cash_margin_var_elm premium_present'),
    delivery_margin: total,
  }
  return upstoxSuccess({
    available_to_trade: {
      total: owned.cash,
      cash_available_to_trade: {
        total: owned.cash,
        cash: {
          opening_balance: owned.cash,
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
export function showHoldings(): Answer {
  const { instrument } = owned.holding
  return upstoxSuccess([
    {
      ...holdingFields(),
      collateral_type: 'WC',
      company_name: instrument.name,
      haircut: 0.2,
      product: 'D',
      trading_symbol: instrument.symbol,
      instrument_token: upstoxKey(instrument),
      ...zeros('cnc_used_quantity collateral_update_quantity'),
    },
  ])
}

/** `GET /v2/portfolio/short-term-positions` */
export function showPositions(): Answer {
  const { instrument, quantity, averagePrice } = owned.position
  return upstoxSuccess([
    {
      ...positionFields(),
      value: quantity * averagePrice,
      buy_value: quantity * averagePrice,
      product: 'I',
      trading_symbol: instrument.symbol,
      instrument_token: upstoxKey(instrument),
      close_price: instrument.closePrice,
      ...zeros('overnight_buy_amount overnight_buy_quantity overnight_sell_amount overnight_sell_quantity'),
    },
  ])
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
