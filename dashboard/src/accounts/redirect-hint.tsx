import type { AccountView } from '../../../src/contracts/api.ts'
import { addressOf } from '../place.ts'
import { words } from '../words/words.ts'

/** Beside the button that begins a login: that it will not come back by itself. What is wrong, and what helps, stands elsewhere. */
export function RedirectHint({ account }: { readonly account: AccountView }) {
  if (account.redirectNote === null) return null
  const said = words.accounts.redirect
  return (
    <p class="note" data-tone="amber">
      {said.noWayBack} <a href={addressOf('accounts', account.account, 'credentials')}>{said.why}</a>
    </p>
  )
}
