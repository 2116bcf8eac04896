import type { ComponentChildren } from 'preact'
import { DataTable } from '../parts/data-table.tsx'
import { words } from '../words/portfolio.ts'
import { Gain, Rupees, ShortRupees } from './amount.tsx'
import { compareDecimals, compareOrLast, percentText, perMille, sizeOf } from './money.ts'
import type { Slice } from './scope.ts'

const mostBars = 8

interface ChartProps {
  readonly title: string
  readonly slices: readonly Slice[]
  /** What a slice's bar is about. */
  readonly of: 'value' | 'dayPnl'
  /** `By: Holding`, what the first column is called. */
  readonly nameLabel: string
  /** The whole that shares are of. */
  readonly whole?: string | null
}

/** The largest as bars with names, all of them as a table behind it. */
export function BarChart({ title, slices, of, nameLabel, whole = null }: ChartProps) {
  const told = slices.flatMap((slice) => {
    const amount = slice[of]
    return amount === null || amount === '0' ? [] : [{ ...slice, amount, size: sizeOf(amount) }]
  })
  const largest = told.toSorted((a, b) => compareDecimals(b.size, a.size)).slice(0, mostBars)
  const unit = largest[0]?.size ?? '0'
  const bars = largest.map(({ key, name, amount, size }) => {
    const length = perMille(size, unit) / 10
    const isLoss = of === 'dayPnl' && amount.startsWith('-')
    return { key, name, amount, length, isLoss }
  })
  const isSigned = of === 'dayPnl'
  return (
    <figure class="chart">
      <figcaption class="chart-title">{title}</figcaption>
      {bars.length === 0 && <p class="blank">{words.portfolio.charts.nothing}</p>}
      <ul class="bars" data-signed={isSigned}>
        {bars.map(({ key, name, amount, length, isLoss }) => (
          <li key={key} class="bar">
            <span class="bar-name">{name}</span>
            <Bar length={length} isLoss={isLoss} isSigned={isSigned} />
            <span class="bar-amount">
              {isSigned || whole === null ? (
                <ShortRupees of={amount} isGain={isSigned} />
              ) : (
                shareText(amount, whole)
              )}
            </span>
          </li>
        ))}
      </ul>
      {told.length > bars.length && (
        <p class="fine">{words.portfolio.charts.more(told.length - bars.length)}</p>
      )}
      {slices.length > 0 && (
        <Behind>
          <DataTable
            caption={title}
            rows={slices}
            keyOf={({ key }) => key}
            sortLabel={words.portfolio.tables.sortBy}
            columns={[
              { label: nameLabel, cell: ({ name }) => name },
              {
                label: isSigned ? words.portfolio.columns.today : words.portfolio.columns.value,
                cell: (slice) => (isSigned ? <Gain of={slice[of]} /> : <Rupees of={slice[of]} />),
                isNumber: true,
                compare: (a, b) => compareOrLast(a[of], b[of]),
              },
              ...(whole === null
                ? []
                : [
                    {
                      label: words.portfolio.charts.shareOf,
                      cell: (slice: Slice) => {
                        const amount = slice[of]
                        return amount === null ? '–' : shareText(amount, whole)
                      },
                      isNumber: true,
                    },
                  ]),
            ]}
          />
        </Behind>
      )}
    </figure>
  )
}

function shareText(amount: string, whole: string): string {
  return words.portfolio.charts.percent(percentText(perMille(amount, whole)))
}

/** Losses to the left of the line, profits to the right: not by colour alone. */
function Bar({
  length,
  isLoss,
  isSigned,
}: {
  readonly length: number
  readonly isLoss: boolean
  readonly isSigned: boolean
}) {
  const half = isSigned ? length / 2 : length
  const width = Math.max(half, 0.8)
  return (
    <svg class="bar-drawing" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar-ground" width="100" height="10" />
      <rect
        class={isLoss ? 'bar-loss' : isSigned ? 'bar-gain' : 'bar-part'}
        x={isSigned ? (isLoss ? 50 - width : 50) : 0}
        width={width}
        height="10"
      />
      {isSigned && <rect class="bar-line" x="49.8" width="0.4" height="10" />}
    </svg>
  )
}

function Behind({ children }: { readonly children: ComponentChildren }) {
  return (
    <details class="behind">
      <summary>{words.portfolio.charts.asTable}</summary>
      {children}
    </details>
  )
}
