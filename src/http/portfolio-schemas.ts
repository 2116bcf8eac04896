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
  averagePrice: decimal.nullable(),
  lastPrice: decimal.nullable(),
  closePrice: decimal.nullable(),
  invested: decimal.nullable(),
  value: decimal.nullable(),
  pnl: decimal.nullable(),
  dayPnl: decimal.nullable(),
})
const position = z.object({
  ...instrument,
  quantity: decimal,
  overnightQuantity: decimal,
  multiplier: decimal,
  averagePrice: decimal.nullable(),
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
const sum = decimal.nullable()
const amounts = {
  invested: sum,
  value: sum,
  holdingsPnl: sum,
  holdingsDayPnl: sum,
  positionsPnl: sum,
  positionsDayPnl: sum,
  dayPnl: sum,
  available: sum,
  used: sum,
  unknown: z.object({ invested: z.int(), value: z.int(), dayPnl: z.int() }),
}
const sums = { accounts: z.array(text), missing: z.array(text), ...amounts }
const ofAccount = z.object(amounts)
const instrumentSum = z.object({
  isin: text.nullable(),
  symbol: text,
  quantity: decimal,
  invested: decimal.nullable(),
  value: decimal.nullable(),
  pnl: decimal.nullable(),
  dayPnl: decimal.nullable(),
  accounts: z.array(text),
})

export const portfolioView = z.object({
  asOf: time.nullable(),
  partial: z.boolean(),
  accounts: z.array(
    z.object({
      ...about,
      group: text.nullable(),
      asOf: time.nullable(),
      error: fault.exactOptional(),
      holdings: z.array(holding).nullable(),
      positions: z.array(position).nullable(),
      funds: z.array(funds).nullable(),
      sums: ofAccount,
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
    asOf: time.nullable(),
    error: fault.exactOptional(),
    orders: z.array(order).nullable(),
    positions: z.array(position).nullable(),
    funds: z.array(funds).nullable(),
    sums: ofAccount.pick({ positionsPnl: true, positionsDayPnl: true, available: true, used: true }),
    gate,
    limits: z.object({
      ordersPerSecond: z.number(),
      callsPerSecond: z.number(),
      own: z.object({ requestsPerSecond: z.number(), burstSize: z.number() }).nullable(),
    }),
  })
