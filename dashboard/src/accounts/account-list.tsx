import { useSignal } from '@preact/signals'
import type { AccountView } from '../../../src/contracts/api.ts'
import { words } from '../words/words.ts'
import { AccountCard } from './account-card.tsx'
import { AccountRow } from './account-row.tsx'
import { grouped, isFound, type ListFilter, listFilters, passes } from './listing.ts'
import { outcomes, running } from './logins.ts'
import { byNeed, needOf } from './needs.ts'
import { tests } from './tests.ts'

const said = words.accounts.list

interface ListProps {
  readonly accounts: readonly AccountView[]
  /** `table`: a line each, which opens to a card. */
  readonly shape?: 'cards' | 'table'
}

/** Many accounts, to be searched: who needs somebody first. */
export function AccountList({ accounts, shape = 'table' }: ListProps) {
  const text = useSignal('')
  const filter = useSignal<ListFilter>('all')
  const open = useSignal<string | null>(null)
  const found = byNeed(accounts).filter(
    (account) => isFound(account, text.value) && passes(account, filter.value),
  )
  // Above everything, whatever group they belong to, as long as nobody searches.
  const isAsIs = text.value === '' && filter.value === 'all'
  const first = isAsIs ? found.filter((account) => needOf(account) !== 'nothing' || isUnderWay(account)) : []
  const shown = found.filter((account) => !first.includes(account))
  const isGrouped = accounts.some(({ settings }) => settings.group)
  const close = (account: AccountView) => () => {
    tests.forget(account.id)
    open.value = null
  }
  const line = (isInGroup: boolean) => (account: AccountView) =>
    open.value === account.id || isUnderWay(account) ? (
      <li key={account.id} class="row row-card">
        <AccountCard account={account} onClose={open.value === account.id ? close(account) : undefined} />
      </li>
    ) : (
      <AccountRow key={account.id} account={account} isInGroup={isInGroup} open={open} />
    )
  const all = (those: readonly AccountView[], isInGroup = false) =>
    shape === 'table' ? (
      <ul class="rows">{those.map(line(isInGroup))}</ul>
    ) : (
      <div class="cards">
        {those.map((account) => (
          <AccountCard key={account.id} account={account} />
        ))}
      </div>
    )
  return (
    <section class="account-list" aria-label={said.region}>
      <div class="list-tools">
        <input
          type="search"
          class="search"
          aria-label={said.search}
          placeholder={said.searchFor}
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value
          }}
        />
        <fieldset class="filters">
          <legend class="aside">{said.which}</legend>
          {listFilters.map((each) => (
            <button
              key={each}
              type="button"
              class="chip"
              aria-pressed={filter.value === each}
              onClick={() => {
                filter.value = each
              }}
            >
              {said.filters[each]}
            </button>
          ))}
        </fieldset>
      </div>
      {first.length > 0 && <div class="needs-you">{all(first)}</div>}
      {found.length === 0 && <p class="blank">{said.none}</p>}
      {isGrouped
        ? grouped(shown).map(([name, members]) => (
            <section key={name} class="group">
              <h2 class="section-title">{name === '' ? said.others : name}</h2>
              {all(members, true)}
            </section>
          ))
        : all(shown)}
    </section>
  )
}

/** What happens with an account is told by its card. */
function isUnderWay({ id }: AccountView): boolean {
  return running.value[id] !== undefined || outcomes.value[id] !== undefined
}
