import { useSignal } from '@preact/signals'
import { AccountDialogs } from '../accounts/account-dialogs.tsx'
import { useLive } from '../live/use-live.ts'
import { Horizon } from '../parts/horizon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { addressOf, place } from '../place.ts'
import { RestBar } from '../today/rest-bar.tsx'
import { words } from '../words/portfolio.ts'
import { Charts } from './charts.tsx'
import { Figures } from './figures.tsx'
import { FundsTable } from './funds-table.tsx'
import { HoldingsTable } from './holdings-table.tsx'
import { MissingList } from './missing.tsx'
import { Part } from './part.tsx'
import { isAboutPortfolio, isReading, loadPortfolio, portfolio } from './portfolio.ts'
import { PositionsTable } from './positions-table.tsx'
import { ReadBar } from './read-bar.tsx'
import { type Shown, shownOf } from './scope.ts'
import { ScopeChoice } from './scope-choice.tsx'
import { SumsTable } from './sums-table.tsx'

/** What all accounts have: together, by member, by account; money and play money never in one sum. */
export function PortfolioPage() {
  const times = useSignal(0)
  const problem = useLive(loadPortfolio, isAboutPortfolio, times.value).value
  const view = portfolio.value
  const shown = view === null ? undefined : shownOf(view, place.value.path)
  return (
    <>
      <div class="title-row">
        <h1 class="headline">{words.shell.pages.portfolio}</h1>
        {view?.accounts.length !== 0 && (
          <ReadBar
            asOf={view?.asOf}
            isStale={problem !== null && view !== null}
            isBusy={isReading.value}
            onRead={() => {
              times.value++
            }}
          />
        )}
      </div>
      <ProblemNote problem={problem} />
      {view === null && problem === null && <Waiting />}
      {view?.accounts.length === 0 && <NoAccount />}
      {view !== null && shown !== undefined && (
        <div class="portfolio" data-stale={problem !== null} aria-busy={isReading.value}>
          <ScopeChoice view={view} shown={shown} />
          <Content shown={shown} />
        </div>
      )}
      <AccountDialogs />
    </>
  )
}

function Content({ shown }: { readonly shown: Shown }) {
  const { accounts, holdings } = shown
  const missing = accounts.flatMap(({ account, error }) => (error ? [{ account, error }] : []))
  const has = (part: 'holdings' | 'positions' | 'funds') => accounts.some((each) => each[part] !== null)
  const positions = accounts.flatMap((each) => withAccount(each.account, each.positions))
  const funds = accounts.flatMap((each) => withAccount(each.account, each.funds))
  const { tables, empty } = words.portfolio
  const isOfMany = accounts.length > 1
  return (
    <>
      {missing.length > 0 && <RestBar />}
      <MissingList all={missing} />
      {!has('holdings') && !has('positions') && !has('funds') ? (
        <p class="blank">{empty.nobody}</p>
      ) : (
        <>
          <Figures shown={shown} />
          <Charts shown={shown} />
          <Part title={shown.scope.of === 'account' ? tables.exact : tables.accounts}>
            <SumsTable shown={shown} />
          </Part>
          {has('holdings') && (
            <Part title={tables.holdings} none={holdings.length === 0 && empty.noHoldings}>
              <HoldingsTable rows={holdings} />
            </Part>
          )}
          {has('positions') && (
            <Part title={tables.positions} none={positions.length === 0 && empty.noPositions}>
              <PositionsTable rows={positions} isOfMany={isOfMany} />
            </Part>
          )}
          {has('funds') && (
            <Part title={tables.funds} none={funds.length === 0 && empty.noFunds}>
              <FundsTable rows={funds} isOfMany={isOfMany} />
            </Part>
          )}
        </>
      )}
    </>
  )
}

function withAccount<Row extends object>(account: string, rows: readonly Row[] | null) {
  return (rows ?? []).map((row) => ({ ...row, account }))
}

function NoAccount() {
  const { empty } = words.portfolio
  return (
    <section class="empty">
      <p class="empty-text">{empty.noAccount}</p>
      <a class="button button-primary button-big" href={addressOf('accounts')}>
        {empty.add}
      </a>
      <Horizon />
    </section>
  )
}

/** As high as what will stand there. */
function Waiting() {
  return (
    <div class="figures" aria-hidden="true">
      {['large', 'large', '', '', '', '', ''].map((size, at) => (
        <div key={at} class="figure figure-waiting" data-large={size === 'large'} />
      ))}
    </div>
  )
}
