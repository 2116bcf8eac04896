import { AccountCard } from '../accounts/account-card.tsx'
import { AccountDialogs } from '../accounts/account-dialogs.tsx'
import { AccountList } from '../accounts/account-list.tsx'
import { accounts } from '../accounts/accounts.ts'
import { AddAccount } from '../accounts/add-button.tsx'
import { EmptyState } from '../accounts/empty-state.tsx'
import { manyFrom } from '../accounts/listing.ts'
import { byNeed } from '../accounts/needs.ts'
import { RollCallLine, useRollCall } from '../accounts/roll-call-line.tsx'
import { headline } from '../accounts/status.ts'
import { isOfferOver } from '../choices.ts'
import { KillSwitch } from '../gate/kill-switch.tsx'
import { useLive } from '../live/use-live.ts'
import { later } from '../parts/later.tsx'
import { minuteEnd } from '../time/clock.ts'
import { words } from '../words/words.ts'
import { isAboutHouse, loadHouse } from './house.ts'
import { MarketLine, useMarket } from './market-line.tsx'
import { OfferPlace } from './offer-place.tsx'
import { RestBar } from './rest-bar.tsx'
import { Troubles } from './troubles.tsx'

const FirstProgram = later('first-program', async () => (await import('./first-program.tsx')).FirstProgram, {
  meanwhile: () => <OfferPlace />,
})

/** Is everything ready for the market? Who needs somebody stands first. */
export function TodayPage() {
  const all = accounts.value
  const houseProblem = useLive(loadHouse, isAboutHouse)
  const isMarketKnown = useMarket()
  const isRollKnown = useRollCall()
  // What stands above the accounts comes with them: nothing moves away under a thumb.
  if (all === null || !isMarketKnown || !isRollKnown) return <p class="loading">{words.today.reading}</p>
  return (
    <>
      <div class="title-row">
        <h1 class="headline">{headline(all, minuteEnd.value)}</h1>
        <MarketLine />
      </div>
      <RollCallLine />
      <RestBar />
      {all.length === 0 && <EmptyState />}
      {all.length >= manyFrom && <AccountList accounts={all} />}
      {all.length > 0 && all.length < manyFrom && (
        <div class="cards">
          {byNeed(all).map((account) => (
            <AccountCard key={account.id} account={account} />
          ))}
          {!isOfferOver.value && <FirstProgram />}
          <AddAccount />
        </div>
      )}
      {all.length >= manyFrom && !isOfferOver.value && <FirstProgram />}
      <KillSwitch />
      <Troubles problem={houseProblem} />
      <AccountDialogs />
    </>
  )
}
