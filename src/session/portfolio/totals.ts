import type {
  AccountPortfolio,
  InstrumentSum,
  PortfolioSums,
  PortfolioTotal,
} from '../../contracts/portfolio.ts'
import { type Decimal, sumOf } from '../../core/decimal.ts'

const kinds = ['live', 'sandbox', 'broker-sandbox'] as const

/** Sums for each kind of account, together and by household member. Money and play money never meet. */
export function totalsOf(accounts: readonly AccountPortfolio[]): PortfolioTotal[] {
  return kinds.flatMap((kind) => {
    const own = accounts.filter((account) => account.kind === kind)
    if (own.length === 0) return []
    const groups = [...Map.groupBy(own, ({ group }) => group)].map(([group, members]) => ({
      group,
      ...sumsOf(members),
    }))
    // By name; those without a group stand last.
    groups.sort((a, b) => (a.group === null ? 1 : b.group === null ? -1 : a.group < b.group ? -1 : 1))
    return [{ kind, ...sumsOf(own), groups, instruments: instrumentsOf(own) }]
  })
}

function sumsOf(accounts: readonly AccountPortfolio[]): PortfolioSums {
  const holdings = accounts.flatMap(({ holdings }) => holdings ?? [])
  const positions = accounts.flatMap(({ positions }) => positions ?? [])
  const funds = accounts.flatMap(({ funds }) => funds ?? [])
  const isMissing = ({ error }: AccountPortfolio) => error !== undefined
  const hasSome = ({ holdings, positions, funds }: AccountPortfolio) =>
    (holdings ?? positions ?? funds) !== null
  return {
    accounts: accounts.filter(hasSome).map(({ account }) => account),
    missing: accounts.filter(isMissing).map(({ account }) => account),
    invested: sumOf(holdings.map(({ invested }) => invested)),
    value: sumOf(holdings.map(({ value }) => value)),
    holdingsPnl: sumOf(holdings.map(({ pnl }) => pnl)),
    holdingsDayPnl: sumOf(said(holdings.map(({ dayPnl }) => dayPnl))),
    positionsPnl: sumOf(positions.map(({ pnl }) => pnl)),
    positionsDayPnl: sumOf(said(positions.map(({ dayPnl }) => dayPnl))),
    available: sumOf(funds.map(({ available }) => available)),
    used: sumOf(funds.map(({ used }) => used)),
  }
}

/** The same share is the same at every broker, and at either exchange: its ISIN says so. */
function instrumentsOf(accounts: readonly AccountPortfolio[]): InstrumentSum[] {
  const all = accounts.flatMap(({ account, holdings }) =>
    (holdings ?? []).map((holding) => ({ account, ...holding })),
  )
  const shares = Map.groupBy(all, ({ isin, exchange, symbol }) => isin ?? `${exchange}:${symbol}`)
  const sums = [...shares.values()].map((own) => ({
    isin: own[0]!.isin,
    symbol: own[0]!.symbol,
    quantity: sumOf(own.map(({ quantity }) => quantity)),
    invested: sumOf(own.map(({ invested }) => invested)),
    value: sumOf(own.map(({ value }) => value)),
    pnl: sumOf(own.map(({ pnl }) => pnl)),
    dayPnl: sumOf(said(own.map(({ dayPnl }) => dayPnl))),
    accounts: [...new Set(own.map(({ account }) => account))],
  }))
  // Largest first; a float is good enough to sort by.
  return sums.sort((a, b) => Number(b.value) - Number(a.value))
}

function said(decimals: readonly (Decimal | null)[]): Decimal[] {
  return decimals.filter((decimal) => decimal !== null)
}
