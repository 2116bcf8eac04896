import { areAmountsHidden } from '../choices.ts'
import { compareTexts, DataTable } from '../parts/data-table.tsx'
import { words } from '../words/portfolio.ts'
import { Gain, Price, Quantity, Rupees } from './amount.tsx'
import { compareOrLast, quantityText } from './money.ts'
import type { HoldingRow } from './scope.ts'

/** What is held. Of one account or member with prices; over all each share once. */
export function HoldingsTable({ rows }: { readonly rows: readonly HoldingRow[] }) {
  const { columns, tables } = words.portfolio
  const hasPrices = rows.every(({ own }) => own !== null)
  return (
    <DataTable
      caption={tables.holdings}
      rows={rows}
      keyOf={({ key }) => key}
      sortLabel={tables.sortBy}
      columns={[
        {
          label: columns.share,
          cell: (row) => <Share row={row} />,
          compare: (a, b) => compareTexts(a.symbol, b.symbol),
        },
        {
          label: columns.value,
          cell: ({ value }) => <Rupees of={value} />,
          isNumber: true,
          compare: (a, b) => compareOrLast(a.value, b.value),
        },
        {
          label: columns.today,
          cell: ({ dayPnl }) => <Gain of={dayPnl} />,
          isNumber: true,
          compare: (a, b) => compareOrLast(a.dayPnl, b.dayPnl),
        },
        {
          label: columns.pnl,
          cell: ({ pnl }) => <Gain of={pnl} />,
          isNumber: true,
          compare: (a, b) => compareOrLast(a.pnl, b.pnl),
        },
        {
          label: columns.quantity,
          cell: ({ quantity }) => <Quantity of={quantity} />,
          isNumber: true,
          compare: (a, b) => compareOrLast(a.quantity, b.quantity),
        },
        ...(hasPrices
          ? [
              {
                label: columns.average,
                cell: ({ own }: HoldingRow) => <Price of={own?.averagePrice ?? null} />,
                isNumber: true,
              },
              {
                label: columns.last,
                cell: ({ own }: HoldingRow) => <Price of={own?.lastPrice ?? null} />,
                isNumber: true,
              },
            ]
          : []),
        {
          label: columns.invested,
          cell: ({ invested }) => <Rupees of={invested} />,
          isNumber: true,
          compare: (a, b) => compareOrLast(a.invested, b.invested),
        },
        {
          label: columns.heldBy,
          cell: ({ accounts }) => <HeldBy accounts={accounts} />,
          isLine: true,
          compare: (a, b) => compareTexts(a.accounts.join(), b.accounts.join()),
        },
      ]}
    />
  )
}

const mostNames = 3

function HeldBy({ accounts }: { readonly accounts: readonly string[] }) {
  const [names, all] = [accounts.slice(0, mostNames).join(', '), accounts.join(', ')]
  const left = accounts.length - mostNames
  return (
    <span title={left > 0 ? all : undefined}>{left > 0 ? words.portfolio.andMore(names, left) : all}</span>
  )
}

function Share({ row: { symbol, own } }: { readonly row: HoldingRow }) {
  const notes =
    own === null
      ? []
      : [
          [own.exchange, own.product].join(' '),
          ...(areAmountsHidden.value
            ? []
            : [
                own.t1Quantity === '0' ? '' : words.portfolio.t1(quantityText(own.t1Quantity)),
                own.pledgedQuantity === '0' ? '' : words.portfolio.pledged(quantityText(own.pledgedQuantity)),
              ]),
        ]
  return (
    <>
      {symbol}
      {notes
        .filter((note) => note !== '')
        .map((note) => (
          <span key={note} class="cell-note">
            {note}
          </span>
        ))}
    </>
  )
}
