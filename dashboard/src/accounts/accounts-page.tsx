import { later } from '../parts/later.tsx'
import { place } from '../place.ts'
import { words } from '../words/words.ts'
import { AccountCard } from './account-card.tsx'
import { AccountDialogs } from './account-dialogs.tsx'
import { AccountList } from './account-list.tsx'
import { accounts } from './accounts.ts'
import { AddAccount } from './add-button.tsx'
import { EmptyState } from './empty-state.tsx'
import { manyFrom } from './listing.ts'
import { NoSuchAccount } from './no-such-account.tsx'
import { ShapeChoice, shapeFor } from './shape-choice.tsx'

const ManagePage = later('manage-page', async () => (await import('./manage/manage-page.tsx')).ManagePage)

/** All accounts, as cards or as a table; below an account's name its own page. */
export function AccountsPage() {
  const all = accounts.value
  const [name, tab] = place.value.path
  if (all === null) return <p class="loading">{words.accounts.reading}</p>
  if (name) {
    const account = all.find((each) => each.account === name)
    return (
      <>
        {account === undefined ? <NoSuchAccount name={name} /> : <ManagePage account={account} tab={tab} />}
        <AccountDialogs />
      </>
    )
  }
  const shape = shapeFor(all.length)
  const isList = all.length > 0 && (shape === 'table' || all.length >= manyFrom)
  return (
    <>
      <div class="title-row">
        <h1 class="headline">{words.accounts.title}</h1>
        {all.length > 0 && <ShapeChoice count={all.length} />}
      </div>
      {all.length === 0 && <EmptyState />}
      {isList && <AccountList accounts={all} shape={shape} />}
      {all.length > 0 && (
        <div class="cards">
          {!isList && all.map((account) => <AccountCard key={account.id} account={account} />)}
          <AddAccount />
        </div>
      )}
      <AccountDialogs />
    </>
  )
}
