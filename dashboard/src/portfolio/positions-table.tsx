import type { Position } from '../../../src/contracts/portfolio.ts'
import { type Column, compareTexts, DataTable } from '../parts/data-table.tsx'
import { words } from '../words/portfolio.ts'
import { Gain, Price, Quantity } from './amount.tsx'
import { compareOrLast } from './money.ts'

export interface PositionRow extends Position {
  readonly account: string
}

interface PositionsTableProps {
  readonly rows: readonly PositionRow[]
  /** Whether the account stands in the table. */
  readonly isOfMany: boolean
}

/** What was traded today or is carried over, with its P&L. */
export function PositionsTable({ rows, isOfMany }: PositionsTableProps) {
  const { columns, tables } = words.portfolio
  const gain = (label: string, of: 'pnl' | 'dayPnl' | 'realised'): Column<PositionRow> => ({
    label,
    cell: (row) => <Gain of={row[of]} />,
    isNumber: true,
    compare: (a, b) => compareOrLast(a[of], b[of]),
  })
  return (
    <DataTable
      caption={tables.positions}
      rows={rows}
      keyOf={({ account, instrument, product }) => `${account} ${instrument} ${product}`}
      sortLabel={tables.sortBy}
      columns={[
        {
          label: columns.instrument,
          cell: (row) => <Instrument row={row} />,
          compare: (a, b) => compareTexts(a.symbol, b.symbol),
        },
        gain(columns.pnl, 'pnl'),
        gain(columns.today, 'dayPnl'),
        {
          label: columns.quantity,
          cell: ({ quantity, multiplier }) => (
            <>
              <Quantity of={quantity} />
              {multiplier !== '1' && <span class="cell-note">{words.portfolio.multiplier(multiplier)}</span>}
            </>
          ),
          isNumber: true,
          compare: (a, b) => compareOrLast(a.quantity, b.quantity),
        },
        { label: columns.average, cell: ({ averagePrice }) => <Price of={averagePrice} />, isNumber: true },
        { label: columns.last, cell: ({ lastPrice }) => <Price of={lastPrice} />, isNumber: true },
        gain(columns.realised, 'realised'),
        ...(isOfMany
          ? [
              {
                label: columns.heldBy,
                cell: ({ account }: PositionRow) => account,
                isLine: true,
                compare: (a: PositionRow, b: PositionRow) => compareTexts(a.account, b.account),
              },
            ]
          : []),
      ]}
    />
  )
}

function Instrument({ row: { symbol, exchange, product, quantity } }: { readonly row: PositionRow }) {
  const side =
    quantity === '0' ? words.portfolio.closed : quantity.startsWith('-') ? words.portfolio.short : ''
  return (
    <>
      {symbol}
      <span class="cell-note">{[exchange, product].join(' ')}</span>
      {side !== '' && <span class="cell-note">{side}</span>}
    </>
  )
}
