import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'

export interface Column<Row> {
  readonly label: string
  readonly cell: (row: Row) => ComponentChildren
  readonly isNumber?: boolean
  /** Never broken into two lines. */
  readonly isLine?: boolean
  /** How rows are sorted by it, smallest first; a column without it cannot be sorted by. */
  readonly compare?: (a: Row, b: Row) => number
}

interface DataTableProps<Row> {
  readonly caption: string
  /** The first one names the row. */
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  /** Rows that stand below, however the others are sorted. */
  readonly sums?: readonly Row[]
  /** What the button of a column says to those who cannot see where it stands. */
  readonly sortLabel?: (column: string) => string
  /** For the one who has a heading above it already. */
  readonly isCaptionHidden?: boolean
}

/** A table of numbers: its first column stays where a narrow screen scrolls, its headers sort. */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  keyOf,
  sums = [],
  sortLabel,
  isCaptionHidden = true,
}: DataTableProps<Row>) {
  const sorted = useSignal<{ readonly by: string; readonly isUp: boolean } | null>(null)
  const { by, isUp } = sorted.value ?? { by: null, isUp: false }
  const compare = columns.find(({ label }) => label === by)?.compare
  const shown = compare ? rows.toSorted((a, b) => (isUp ? compare(a, b) : compare(b, a))) : rows
  const sort = ({ label, isNumber }: Column<Row>) => {
    // Numbers begin with the largest, names with the first.
    sorted.value = { by: label, isUp: by === label ? !isUp : !isNumber }
  }
  const line = (row: Row, isSum: boolean) => (
    <tr key={keyOf(row)} class={isSum ? 'table-sum' : undefined}>
      {columns.map(({ label, cell, isNumber, isLine }, at) =>
        at === 0 ? (
          <th key={label} scope="row">
            {cell(row)}
          </th>
        ) : (
          <td key={label} class={isNumber ? 'table-number' : isLine ? 'table-line' : undefined}>
            {cell(row)}
          </td>
        ),
      )}
    </tr>
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: wide tables scroll, also by keyboard
    <section class="table-frame" aria-label={caption} tabIndex={0}>
      <table class="table">
        <caption class={isCaptionHidden ? 'aside' : undefined}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.label}
                scope="col"
                class={column.isNumber ? 'table-number' : undefined}
                aria-sort={by === column.label ? (isUp ? 'ascending' : 'descending') : undefined}
              >
                {column.compare ? (
                  <button
                    type="button"
                    class="table-sort"
                    title={sortLabel?.(column.label)}
                    onClick={() => sort(column)}
                  >
                    {column.label}
                    <svg class="table-arrow" viewBox="0 0 10 10" aria-hidden="true">
                      <path
                        d={by === column.label && isUp ? 'M1.5 6.5L5 3l3.5 3.5' : 'M1.5 3.5L5 7l3.5-3.5'}
                      />
                    </svg>
                  </button>
                ) : (
                  column.label
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => line(row, false))}
          {sums.map((row) => line(row, true))}
        </tbody>
      </table>
    </section>
  )
}

/** By text as people sort it: `demo2` before `demo10`. */
export function compareTexts(a: string, b: string): number {
  return a.localeCompare(b, undefined, { numeric: true })
}
