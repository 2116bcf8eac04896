import type { FundsView } from '../../../src/contracts/portfolio.ts'
import { type Column, compareTexts, DataTable } from '../parts/data-table.tsx'
import { words } from '../words/portfolio.ts'
import { Rupees } from './amount.tsx'
import { compareOrLast } from './money.ts'

export interface FundsRow extends FundsView {
  readonly account: string
}

interface FundsTableProps {
  readonly rows: readonly FundsRow[]
  readonly isOfMany: boolean
}

/** What can be traded with, by segment. */
export function FundsTable({ rows, isOfMany }: FundsTableProps) {
  const { columns, tables, segments } = words.portfolio
  const amount = (label: string, of: 'available' | 'used' | 'cash' | 'collateral'): Column<FundsRow> => ({
    label,
    cell: (row) => <Rupees of={row[of]} />,
    isNumber: true,
    compare: (a, b) => compareOrLast(a[of], b[of]),
  })
  const name: Column<FundsRow> = {
    label: columns.account,
    cell: ({ account }) => account,
    compare: (a, b) => compareTexts(a.account, b.account),
  }
  const segment: Column<FundsRow> = { label: columns.segment, cell: (row) => segments[row.segment] }
  return (
    <DataTable
      caption={tables.funds}
      rows={rows}
      keyOf={(row) => `${row.account} ${row.segment}`}
      sortLabel={tables.sortBy}
      columns={[
        ...(isOfMany ? [name, segment] : [segment]),
        amount(columns.available, 'available'),
        amount(columns.used, 'used'),
        amount(columns.cash, 'cash'),
        amount(columns.collateral, 'collateral'),
      ]}
    />
  )
}
