import { type DayOrder, orderStates } from '../../../src/contracts/portfolio.ts'
import { areAmountsHidden } from '../choices.ts'
import { compareTexts, DataTable } from '../parts/data-table.tsx'
import { minuteEnd } from '../time/clock.ts'
import { istClock, istDay } from '../time/ist.ts'
import { words } from '../words/portfolio.ts'
import { Price, Quantity } from './amount.tsx'
import { priceText, quantityText } from './money.ts'

const tones = {
  open: 'amber',
  trigger_pending: 'amber',
  complete: 'green',
  cancelled: 'grey',
  rejected: 'red',
  other: 'amber',
} as const satisfies Record<DayOrder['state'], string>

/** The orders of the day, the latest first. */
export function OrdersTable({ rows }: { readonly rows: readonly DayOrder[] }) {
  const { columns, tables, trading } = words.portfolio
  const latestFirst = rows.toSorted((a, b) => compareTexts(b.at ?? '', a.at ?? ''))
  return (
    <DataTable
      caption={tables.orders}
      rows={latestFirst}
      keyOf={({ id }) => id}
      sortLabel={tables.sortBy}
      columns={[
        {
          label: columns.order,
          cell: (order) => <Order order={order} />,
          compare: (a, b) => compareTexts(a.symbol, b.symbol),
        },
        {
          label: columns.state,
          cell: (order) => <State order={order} />,
          compare: (a, b) => orderStates.indexOf(a.state) - orderStates.indexOf(b.state),
        },
        {
          label: columns.filled,
          cell: ({ filled, quantity }) =>
            areAmountsHidden.value ? (
              <Quantity of={quantity} />
            ) : (
              trading.of(quantityText(filled), quantityText(quantity))
            ),
          isNumber: true,
        },
        { label: columns.price, cell: (order) => <Wanted order={order} />, isNumber: true },
        {
          label: columns.average,
          cell: ({ averagePrice }) => <Price of={averagePrice === '0' ? null : averagePrice} />,
          isNumber: true,
        },
        {
          label: columns.time,
          cell: ({ at }) => timeText(at),
          compare: (a, b) => compareTexts(a.at ?? '', b.at ?? ''),
        },
      ]}
    />
  )
}

function Order({ order: { side, symbol, exchange, product, tag } }: { readonly order: DayOrder }) {
  return (
    <>
      {words.portfolio.trading.sides[side]} {symbol}
      <span class="cell-note">{[exchange, product].join(' ')}</span>
      {tag !== null && <span class="cell-note">{tag}</span>}
    </>
  )
}

/** In words, with the broker's own and its reason where they say more. */
function State({ order: { state, status, message } }: { readonly order: DayOrder }) {
  const { states, told } = words.portfolio.trading
  const word = states[state]
  return (
    <>
      <span class="badge" data-tone={tones[state]}>
        {word}
      </span>
      {status.toLowerCase() !== word.toLowerCase() && <span class="cell-note">{told(status)}</span>}
      {message !== null && <span class="cell-note cell-text">{covered(message)}</span>}
    </>
  )
}

/** A broker's reason may name the margin that was missing. */
function covered(message: string): string {
  return areAmountsHidden.value ? message.replace(/\d[\d,.]*/g, '•••') : message
}

function Wanted({ order: { type, price, triggerPrice } }: { readonly order: DayOrder }) {
  const { atMarket, trigger } = words.portfolio.trading
  return (
    <>
      {price === '0' ? atMarket : <Price of={price} />}
      <span class="cell-note">
        {type}
        {triggerPrice !== '0' && !areAmountsHidden.value && ` ${trigger(priceText(triggerPrice))}`}
      </span>
    </>
  )
}

function timeText(at: string | null): string {
  if (at === null) return '–'
  const atMs = Date.parse(at)
  const clock = istClock(atMs)
  return istDay(atMs, minuteEnd.value) === 'today' ? clock : `${istDay(atMs, minuteEnd.value)} ${clock}`
}
