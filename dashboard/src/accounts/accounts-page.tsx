import { AccountCard } from './account-card.tsx'
import { AccountDialogs } from './account-dialogs.tsx'
import { AccountList } from './account-list.tsx'
import { accounts } from './accounts.ts'
import { AddAccount } from './add-button.tsx'
import { EmptyState } from './empty-state.tsx'
import { isTable, ShapeChoice } from './shape-choice.tsx'

/** All accounts, as cards or as a table. */
export function AccountsPage() {
  const all = accounts.value
  if (all === null) return <p class="loading">Looking at your accounts…</p>
  return (
    <>
      <div class="title-row">
        <h1 class="headline">Accounts</h1>
        {all.length > 0 && <ShapeChoice />}
      </div>
      {all.length === 0 && <EmptyState />}
      {all.length > 0 && isTable(all.length) && <AccountList accounts={all} />}
      {all.length > 0 && (
        <div class="cards">
          {!isTable(all.length) && all.map((account) => <AccountCard key={account.id} account={account} />)}
          <AddAccount />
        </div>
      )}
      <AccountDialogs />
    </>
  )
}
