import type { PortfolioAmounts } from '../../../src/contracts/portfolio.ts'
import { type Column, compareTexts, DataTable } from '../parts/data-table.tsx'
import { addressOf } from '../place.ts'
import { istClock } from '../time/ist.ts'
import { words } from '../words/portfolio.ts'
import { Gain, Rupees } from './amount.tsx'
import { compareOrLast } from './money.ts'
import { membersOf, type Shown } from './scope.ts'

interface Line {
  readonly key: string
  readonly name: string
  /** Of an account. */
  readonly account: string | null
  readonly asOf: string | null
  readonly sums: PortfolioAmounts
}

type Sum = Exclude<keyof PortfolioAmounts, 'unknown'>

/** Each account, each member of the household and everyone together, to the last digit. */
export function SumsTable({ shown: { accounts, scope, sums, total } }: { readonly shown: Shown }) {
  const { columns, tables, noGroup } = words.portfolio
  const rows = accounts.map(
    (each): Line => ({
      key: each.account,
      name: each.account,
      account: each.account,
      asOf: each.asOf,
      sums: each.sums,
    }),
  )
  const members = scope.of === 'together' ? membersOf(total) : []
  const below = [
    ...members.map(
      (each): Line => ({
        key: `member ${each.group}`,
        name: each.group === null ? noGroup : tables.member(each.group),
        account: null,
        asOf: null,
        sums: each,
      }),
    ),
    ...(rows.length > 1
      ? [{ key: 'together', name: tables.together, account: null, asOf: null, sums } satisfies Line]
      : []),
  ]
  const amount = (label: string, sum: Sum, isGain = false): Column<Line> => ({
    label,
    cell: ({ sums: own }) => (isGain ? <Gain of={own[sum]} /> : <Rupees of={own[sum]} />),
    isNumber: true,
    compare: (a, b) => compareOrLast(a.sums[sum], b.sums[sum]),
  })
  return (
    <DataTable
      caption={scope.of === 'account' ? tables.exact : tables.accounts}
      rows={rows}
      sums={below}
      keyOf={({ key }) => key}
      sortLabel={tables.sortBy}
      columns={[
        {
          label: columns.account,
          cell: ({ account, name }) =>
            account === null ? name : <a href={addressOf('accounts', account, 'trading')}>{name}</a>,
          compare: (a, b) => compareTexts(a.name, b.name),
        },
        amount(columns.value, 'value'),
        amount(columns.today, 'dayPnl', true),
        amount(columns.invested, 'invested'),
        amount(columns.pnl, 'holdingsPnl', true),
        amount(columns.positions, 'positionsPnl', true),
        amount(columns.funds, 'available'),
        amount(columns.used, 'used'),
        {
          label: columns.asOf,
          cell: ({ asOf }) => (asOf === null ? '' : istClock(Date.parse(asOf))),
          isLine: true,
        },
      ]}
    />
  )
}
