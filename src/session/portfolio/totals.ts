import type {
  AccountPortfolio,
  FundsView,
  Holding,
  InstrumentSum,
  PortfolioAmounts,
  PortfolioSums,
  PortfolioTotal,
  Position,
} from '../../contracts/portfolio.ts'
import { type Decimal, minus, signOf, sumOf } from '../../core/decimal.ts'

const kinds = ['live', 'sandbox', 'broker-sandbox'] as const
/** ISO 6166. Whatever else stands there (a dash, a broker's own number) may stand at two shares. */
const isin = /^[A-Z]{2}[A-Z0-9]{9}\d$/

/** What is there of accounts. */
interface Rows {
  readonly holdings: readonly Holding[] | null
  readonly positions: readonly Position[] | null
  readonly funds: readonly FundsView[] | null
}

/** Sums for each kind of account, together and by household member. Money and play money never meet. */
export function totalsOf(accounts: readonly Omit<AccountPortfolio, 'sums'>[]): PortfolioTotal[] {
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

/** What is missing has no sum. */
export function amountsOf({ holdings, positions, funds }: Rows): PortfolioAmounts {
  const invested = counted(holdings?.map((holding) => holding.invested))
  const value = counted(holdings?.map((holding) => holding.value))
  const holdingsDay = counted(holdings?.map(({ dayPnl }) => dayPnl))
  const positionsDay = counted(positions?.map(({ dayPnl }) => dayPnl))
  return {
    invested: invested.sum,
    value: value.sum,
    holdingsPnl: counted(holdings?.map(({ pnl }) => pnl)).sum,
    holdingsDayPnl: holdingsDay.sum,
    positionsPnl: counted(positions?.map(({ pnl }) => pnl)).sum,
    positionsDayPnl: positionsDay.sum,
    dayPnl:
      holdingsDay.sum === null || positionsDay.sum === null
        ? null
        : sumOf([holdingsDay.sum, positionsDay.sum]),
    available: counted(funds?.map(({ available }) => available)).sum,
    used: counted(funds?.map(({ used }) => used)).sum,
    unknown: {
      invested: invested.unknown,
      value: value.unknown,
      dayPnl: holdingsDay.unknown + positionsDay.unknown,
    },
  }
}

function sumsOf(accounts: readonly Omit<AccountPortfolio, 'sums'>[]): PortfolioSums {
  const isMissing = ({ error }: Pick<AccountPortfolio, 'error'>) => error !== undefined
  const hasSome = ({ holdings, positions, funds }: Rows) => (holdings ?? positions ?? funds) !== null
  return {
    accounts: accounts.filter(hasSome).map(({ account }) => account),
    missing: accounts.filter(isMissing).map(({ account }) => account),
    ...amountsOf({
      holdings: joined(accounts.map(({ holdings }) => holdings)),
      positions: joined(accounts.map(({ positions }) => positions)),
      funds: joined(accounts.map(({ funds }) => funds)),
    }),
  }
}

/** The rows of all accounts; null where no account has any list of them. */
function joined<Row>(lists: readonly (readonly Row[] | null)[]): readonly Row[] | null {
  const there = lists.filter((list) => list !== null)
  return there.length === 0 ? null : there.flat()
}

/** The same share is the same at every broker, and at either exchange: its ISIN says so. */
function instrumentsOf(accounts: readonly Pick<AccountPortfolio, 'account' | 'holdings'>[]): InstrumentSum[] {
  const all = accounts.flatMap(({ account, holdings }) =>
    (holdings ?? []).map((holding) => ({ account, ...holding })),
  )
  const shares = Map.groupBy(all, (holding) =>
    holding.isin !== null && isin.test(holding.isin)
      ? holding.isin
      : `${holding.exchange}:${holding.symbol}:${holding.isin ?? ''}`,
  )
  const sums = [...shares.values()].map((own) => ({
    isin: own[0]!.isin,
    symbol: own[0]!.symbol,
    quantity: sumOf(own.map(({ quantity }) => quantity)),
    invested: allOrNone(own.map(({ invested }) => invested)),
    value: allOrNone(own.map(({ value }) => value)),
    pnl: allOrNone(own.map(({ pnl }) => pnl)),
    dayPnl: allOrNone(own.map(({ dayPnl }) => dayPnl)),
    accounts: [...new Set(own.map(({ account }) => account))],
  }))
  // Largest first; what nobody knows the value of stands last.
  return sums.sort((a, b) =>
    a.value === null || b.value === null
      ? Number(a.value === null) - Number(b.value === null)
      : signOf(minus(b.value, a.value)),
  )
}

/** The sum of what is known, and of how many it is not; no sum without a list. */
function counted(decimals: readonly (Decimal | null)[] | undefined) {
  const known = decimals?.filter((decimal) => decimal !== null)
  return { sum: known ? sumOf(known) : null, unknown: (decimals?.length ?? 0) - (known?.length ?? 0) }
}

function allOrNone(decimals: readonly (Decimal | null)[]): Decimal | null {
  const { sum, unknown } = counted(decimals)
  return unknown > 0 ? null : sum
}
