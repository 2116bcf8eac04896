import type {
  AccountPortfolio,
  Holding,
  PortfolioAmounts,
  PortfolioTotal,
  PortfolioView,
} from '../../../src/contracts/portfolio.ts'

export type Kind = PortfolioTotal['kind']

/** Whose numbers are shown. Of a member without a name are the accounts without a group. */
export type Scope =
  | { readonly of: 'together' }
  | { readonly of: 'member'; readonly group: string | null }
  | { readonly of: 'account'; readonly account: string }

/** A holding in the table: of one account, or one share over all of them. */
export interface HoldingRow
  extends Pick<Holding, 'isin' | 'symbol' | 'quantity' | 'invested' | 'value' | 'pnl' | 'dayPnl'> {
  readonly key: string
  readonly accounts: readonly string[]
  /** Where it is one account's; a share over all has no price of its own. */
  readonly own: Holding | null
}

/** One bar of the charts. */
export interface Slice {
  readonly key: string
  readonly name: string
  readonly value: string | null
  readonly dayPnl: string | null
}

export interface Shown {
  readonly total: PortfolioTotal
  readonly scope: Scope
  readonly sums: PortfolioAmounts
  readonly accounts: readonly AccountPortfolio[]
  readonly holdings: readonly HoldingRow[]
}

/** What of the portfolio an address shows; what it does not name, or what is no more, is everyone together. Live money stands first. */
export function shownOf(view: PortfolioView, path: readonly string[]): Shown | undefined {
  const [kind, of, name = ''] = path
  const total = view.totals.find((each) => each.kind === kind) ?? view.totals[0]
  if (total === undefined) return undefined
  const own = view.accounts.filter((account) => account.kind === total.kind)
  const account = of === 'account' ? own.find((each) => each.account === name) : undefined
  if (account)
    return {
      total,
      scope: { of: 'account', account: account.account },
      sums: account.sums,
      accounts: [account],
      holdings: holdingsOf([account]),
    }
  const group = name === '' ? null : name
  const sums = of === 'member' ? total.groups.find((each) => each.group === group) : undefined
  if (sums) {
    const members = own.filter((each) => each.group === group)
    return {
      total,
      scope: { of: 'member', group },
      sums,
      accounts: members,
      holdings: holdingsOf(members),
    }
  }
  const holdings = total.instruments.map((sum) => ({
    ...sum,
    key: `${sum.isin} ${sum.symbol}`,
    own: null,
  }))
  return { total, scope: { of: 'together' }, sums: total, accounts: own, holdings }
}

/** The address of a scope, behind `#portfolio/`. */
export function pathOf(kind: Kind, scope: Scope): readonly string[] {
  if (scope.of === 'account') return [kind, 'account', scope.account]
  return scope.of === 'member' ? [kind, 'member', scope.group ?? ''] : [kind]
}

/** Members are told apart where there is more than one, or one with a name. */
export function membersOf({ groups }: PortfolioTotal): PortfolioTotal['groups'] {
  return groups.length > 1 || groups.some(({ group }) => group !== null) ? groups : []
}

export const dimensions = ['share', 'account', 'member'] as const
export type Dimension = (typeof dimensions)[number]

/** By what the charts of a scope can be divided. */
export function dimensionsOf({ scope, accounts, total }: Shown): readonly Dimension[] {
  return dimensions.filter(
    (each) =>
      each === 'share' ||
      (each === 'account' && accounts.length > 1) ||
      (each === 'member' && scope.of === 'together' && membersOf(total).length > 1),
  )
}

export function slicesOf(shown: Shown, by: Dimension, noGroup: string): readonly Slice[] {
  if (by === 'account')
    return shown.accounts.map(({ account, sums }) => ({
      key: account,
      name: account,
      value: sums.value,
      dayPnl: sums.dayPnl,
    }))
  if (by === 'member')
    return shown.total.groups.map(({ group, value, dayPnl }) => ({
      key: `${group}`,
      name: group ?? noGroup,
      value,
      dayPnl,
    }))
  return shown.holdings.map(({ key, symbol, own, accounts, value, dayPnl }) => ({
    key,
    name: own && shown.accounts.length > 1 ? `${symbol} · ${accounts.join(', ')}` : symbol,
    value,
    dayPnl,
  }))
}

function holdingsOf(accounts: readonly AccountPortfolio[]): readonly HoldingRow[] {
  return accounts.flatMap(({ account, holdings }) =>
    (holdings ?? []).map((own) => ({
      ...own,
      key: `${account} ${own.instrument} ${own.product}`,
      accounts: [account],
      own,
    })),
  )
}
