import { type Answer, csvAnswer } from '../answer.ts'
import { holdingFields, ownedBy, positionFields, positionsOf } from '../belongings.ts'
import { instruments, kiteToken, zeros } from '../instruments.ts'
import type { GuardedVisit } from '../module.ts'
import type { SimulatedUser } from '../users.ts'
import { inputError, kiteSuccess } from './errors.ts'

export function profileOf(user: SimulatedUser): Record<string, unknown> {
  return {
    user_id: user.userId,
    user_type: 'individual',
    email: user.email,
    user_name: user.name,
    user_shortname: user.name.split(' ')[0],
    broker: 'ZERODHA',
    exchanges: ['NSE', 'BSE', 'NFO', 'MCX'],
    products: ['CNC', 'NRML', 'MIS', 'BO', 'CO'],
    order_types: ['MARKET', 'LIMIT', 'SL', 'SL-M'],
    avatar_url: null,
    meta: { demat_consent: 'consent' },
  }
}

const segmentMargins = (cash: number): Record<string, unknown> => ({
  enabled: cash > 0,
  net: cash,
  available: {
    cash,
    opening_balance: cash,
    live_balance: cash,
    ...zeros('adhoc_margin collateral intraday_payin'),
  },
  utilised: zeros(
    'debits exposure m2m_realised m2m_unrealised option_premium payout span holding_sales turnover liquid_collateral stock_collateral delivery',
  ),
})

/** `GET /user/margins` and `/user/margins/:segment` */
export function showMargins({ user }: GuardedVisit, segment?: string): Answer {
  const margins: Record<string, unknown> = {
    equity: segmentMargins(ownedBy(user.userId).cash),
    commodity: segmentMargins(0),
  }
  if (segment === undefined) return kiteSuccess(margins)
  return segment === 'equity' || segment === 'commodity'
    ? kiteSuccess(margins[segment])
    : inputError('Invalid `segment`.')
}

/** `GET /portfolio/holdings` */
export function showHoldings({ user }: GuardedVisit): Answer {
  const holdings = ownedBy(user.userId).holdings.map((held) => ({
    ...holdingFields(held),
    instrument_token: kiteToken(held.instrument),
    product: 'CNC',
    // What is not delivered yet is in neither of them, whatever the documentation says.
    quantity: held.quantity - held.t1Quantity,
    realised_quantity: held.quantity - held.t1Quantity,
    opening_quantity: held.quantity,
    authorised_date: '2026-01-01 00:00:00',
    authorisation: {},
    collateral_type: '',
    discrepancy: false,
    ...zeros('price used_quantity authorised_quantity short_quantity'),
    mtf: zeros('quantity used_quantity average_price value initial_margin'),
  }))
  return kiteSuccess(holdings)
}

/** `GET /portfolio/positions` */
export function showPositions({ user, world }: GuardedVisit): Answer {
  const positions = positionsOf(user.userId, 'MIS', world.orders.today(user.userId)).map((position) => ({
    ...positionFields(position),
    instrument_token: kiteToken(position.instrument),
    value: position.sold.value - position.bought.value,
    m2m: position.pnl,
    buy_quantity: position.bought.quantity,
    buy_value: position.bought.value,
    buy_m2m: position.bought.value,
    sell_quantity: position.sold.quantity,
    sell_m2m: position.sold.value,
    ...zeros('close_price'),
  }))
  return kiteSuccess({ net: positions, day: positions })
}

/** `GET /instruments[/:exchange]`: needs no token (kite.trade/forum comment 48095), so it proves nothing about one. */
export function showInstruments(exchange = 'NSE'): Answer {
  const head =
    'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange'
  const rows = exchange === 'NSE' ? instruments : []
  const lines = rows.map(
    (row) => `${kiteToken(row)},${row.exchangeToken},${row.symbol},${row.name},0,,0,0.05,1,EQ,NSE,NSE`,
  )
  return csvAnswer(`${[head, ...lines].join('\n')}\n`)
}
