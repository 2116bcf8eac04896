import { now } from '../time/clock.ts'
import { AccountCard } from './account-card.tsx'
import { AccountDialogs } from './account-dialogs.tsx'
import { accounts } from './accounts.ts'
import { EmptyState } from './empty-state.tsx'
import { openDialog } from './open-dialog.ts'
import { headline } from './status.ts'

export function AccountsPage() {
  const all = accounts.value
  const add = () => {
    openDialog.value = { kind: 'add' }
  }
  const sandbox = () => {
    openDialog.value = { kind: 'sandbox' }
  }
  if (all === null) return <p class="loading">Looking at your accounts…</p>
  return (
    <>
      <div class="title-row">
        <h1 class="headline">{headline(all, now.value)}</h1>
      </div>
      {all.length === 0 ? (
        <EmptyState onSandbox={sandbox} onAdd={add} />
      ) : (
        <div class="cards">
          {all.map((account) => (
            <AccountCard key={account.id} account={account} />
          ))}
          <button type="button" class="card-add" onClick={add}>
            <svg class="glyph" viewBox="0 0 20 20" aria-hidden="true">
              <path d="M10 4v12M4 10h12" />
            </svg>
            Add account
          </button>
        </div>
      )}
      <AccountDialogs />
    </>
  )
}
