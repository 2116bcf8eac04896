import { z } from 'zod'
import { orderStates, portfolioParts } from '../contracts/portfolio.ts'

const text = z.string()
const time = z.iso.datetime()
const about = {
  account: text,
  broker: text,
  kind: z.enum(['live', 'sandbox', 'broker-sandbox']),
  generation: z.int(),
}
const decimal = text
const instrument = { exchange: text, symbol: text, instrument: text, product: text }

const holding = z.object({
  ...instrument,
  isin: text.nullable(),
  quantity: decimal,
  t1Quantity: decimal,
  pledgedQuantity: decimal,
  averagePrice: decimal,
  lastPrice: decimal,
  closePrice: decimal.nullable(),
  invested: decimal,
  value: decimal,
  pnl: decimal,
  dayPnl: decimal.nullable(),
})
const position = z.object({
  ...instrument,
  quantity: decimal,
  overnightQuantity: decimal,
  multiplier: decimal,
  averagePrice: decimal,
  lastPrice: decimal,
  pnl: decimal,
  realised: decimal.nullable(),
  unrealised: decimal.nullable(),
  dayPnl: decimal.nullable(),
})
const funds = z.object({
  segment: z.enum(['equity', 'commodity']),
  available: decimal,
  used: decimal,
  cash: decimal.nullable(),
  collateral: decimal.nullable(),
})
const order = z.object({
  id: text,
  exchangeOrderId: text.nullable(),
  at: time.nullable(),
  ...instrument,
  side: z.enum(['BUY', 'SELL']),
  type: text,
  validity: text,
  variety: text,
  quantity: decimal,
  filled: decimal,
  pending: decimal,
  price: decimal,
  triggerPrice: decimal,
  averagePrice: decimal,
  state: z.enum(orderStates),
  status: text,
  message: text.nullable(),
  tag: text.nullable(),
})
const fault = z.object({
  code: text,
  text,
  hint: text,
  missing: z.array(z.enum([...portfolioParts, 'orders'])),
})
const sums = {
  accounts: z.array(text),
  missing: z.array(text),
  invested: decimal,
  value: decimal,
  holdingsPnl: decimal,
  holdingsDayPnl: decimal,
  positionsPnl: decimal,
  positionsDayPnl: decimal,
  available: decimal,
  used: decimal,
}
const instrumentSum = z.object({
  isin: text.nullable(),
  symbol: text,
  quantity: decimal,
  invested: decimal,
  value: decimal,
  pnl: decimal,
  dayPnl: decimal,
  accounts: z.array(text),
})

export const portfolioView = z.object({
  asOf: time,
  partial: z.boolean(),
  accounts: z.array(
    z.object({
      ...about,
      group: text.nullable(),
      asOf: time,
      error: fault.exactOptional(),
      holdings: z.array(holding).nullable(),
      positions: z.array(position).nullable(),
      funds: z.array(funds).nullable(),
    }),
  ),
  totals: z.array(
    z.object({
      kind: about.kind,
      ...sums,
      groups: z.array(z.object({ ...sums, group: text.nullable() })),
      instruments: z.array(instrumentSum),
    }),
  ),
})

/** @param gate what a gate consists of */
export const accountOrders = <Gate extends z.ZodType>(gate: Gate) =>
  z.object({
    ...about,
    asOf: time,
    error: fault.exactOptional(),
    orders: z.array(order).nullable(),
    positions: z.array(position).nullable(),
    funds: z.array(funds).nullable(),
    gate,
    limits: z.object({ ordersPerSecond: z.number(), callsPerSecond: z.number() }),
  })
