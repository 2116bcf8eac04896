import { addressOf } from '../place.ts'
import { words } from '../words/words.ts'

/** The address names an account that is not there: it was removed, or has another name by now. */
export function NoSuchAccount({ name }: { readonly name: string }) {
  const said = words.accounts
  return (
    <section class="empty">
      <h1 class="headline">{said.noAccount(name)}</h1>
      <p>
        <a href={addressOf('accounts')}>{said.toAccounts}</a>
      </p>
    </section>
  )
}
