import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { AccountView } from '../../../src/contracts/api.ts'
import type { FeedEvent } from '../../../src/contracts/events.ts'
import type { AccountOrders } from '../../../src/contracts/portfolio.ts'
import { call } from '../api.ts'
import { lastOnly } from '../last-only.ts'
import { isAboutAccounts, useLive } from '../live/use-live.ts'
import { Facts } from '../parts/facts.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { words } from '../words/portfolio.ts'
import { Gain, Rupees } from './amount.tsx'
import { FundsTable } from './funds-table.tsx'
import { MissingList } from './missing.tsx'
import { OrdersTable } from './orders-table.tsx'
import { Part } from './part.tsx'
import { PositionsTable } from './positions-table.tsx'
import { ReadBar } from './read-bar.tsx'

/** One account as a trader looks at it: orders of the day, positions, margins, gate and limits. Nothing here trades. */
export function TradingTab({ account: { account } }: { readonly account: Pick<AccountView, 'account'> }) {
  const told = useSignal<AccountOrders | null>(null)
  const isBusy = useSignal(false)
  const times = useSignal(0)
  const readLast = useMemo(
    () =>
      lastOnly<AccountOrders>(isBusy, (orders) => {
        told.value = orders
      }),
    [],
  )
  const read = () => readLast(() => call('GET /v1/accounts/{account}/orders', { params: { account } }))
  const isAbout = (event: FeedEvent) =>
    isAboutAccounts(event) && 'account' in event.data && [account, null].includes(event.data.account)
  const problem = useLive(read, isAbout, `${account} ${times.value}`)
  const shown = told.value?.account === account ? told.value : null
  return (
    <div class="trading">
      <ReadBar
        asOf={shown?.asOf}
        isStale={problem.value !== null}
        isBusy={isBusy.value}
        onRead={() => {
          times.value++
        }}
      />
      <ProblemNote problem={problem.value} />
      {shown !== null && (
        <div class="portfolio" data-stale={problem.value !== null}>
          <Told told={shown} />
        </div>
      )}
    </div>
  )
}

function Told({ told }: { readonly told: AccountOrders }) {
  const { account, error, orders, positions, funds, gate, limits, sums } = told
  const { trading, tables, empty, figures } = words.portfolio
  const own = <Row,>(rows: readonly Row[]) => rows.map((row) => ({ ...row, account }))
  return (
    <>
      <Facts
        rows={[
          [
            trading.gate,
            gate.state === 'open'
              ? trading.gateOpen
              : [trading.gateClosed, gate.text, gate.next ?? ''].filter(Boolean).join(' '),
          ],
          [
            trading.limits,
            [
              trading.limitsText(limits.ordersPerSecond, limits.callsPerSecond),
              limits.own === null
                ? ''
                : trading.ownLimits(limits.own.requestsPerSecond, limits.own.burstSize),
            ]
              .filter(Boolean)
              .join(' '),
          ],
          [figures.positionsPnl, <Gain of={sums.positionsPnl} />],
          [figures.available, <Rupees of={sums.available} />],
          [figures.used, <Rupees of={sums.used} />],
        ]}
      />
      <p class="fine">{trading.readOnly}</p>
      {error && <MissingList all={[{ account, error }]} />}
      {orders && (
        <Part title={tables.orders} none={orders.length === 0 && empty.noOrders}>
          <OrdersTable rows={orders} />
        </Part>
      )}
      {positions && (
        <Part title={tables.positions} none={positions.length === 0 && empty.noPositions}>
          <PositionsTable rows={own(positions)} isOfMany={false} />
        </Part>
      )}
      {funds && (
        <Part title={tables.funds} none={funds.length === 0 && empty.noFunds}>
          <FundsTable rows={own(funds)} isOfMany={false} />
        </Part>
      )}
    </>
  )
}
