import type { PortfolioFault } from '../../../src/contracts/portfolio.ts'
import { accounts } from '../accounts/accounts.ts'
import { LoginOutcome } from '../accounts/login-outcome.tsx'
import { LoginProgress } from '../accounts/login-progress.tsx'
import { outcomes, running, startLogin } from '../accounts/logins.ts'
import { needOf } from '../accounts/needs.ts'
import { Button } from '../parts/button.tsx'
import { addressOf } from '../place.ts'
import { words } from '../words/portfolio.ts'

interface MissingProps {
  readonly account: string
  readonly error: PortfolioFault
}

/** Of whom something is missing, why, and the next step: a login where only that helps, else what the server says. */
export function Missing({ account, error }: MissingProps) {
  const known = accounts.value?.find((each) => each.account === account)
  const isLoginNeeded = known !== undefined && needOf(known) === 'login' && known.loginHelps
  const login = known && running.value[known.id]
  const outcome = known && outcomes.value[known.id]
  const parts = error.missing.map((part) => words.portfolio.missing.parts[part]).join(', ')
  return (
    <li class="row" data-missing={account} data-code={error.code}>
      <div class="row-main">
        <a class="row-name" href={addressOf('accounts', account)}>
          {account}
        </a>
        <p class="fine">
          {words.portfolio.missing.of(parts)} {error.text} {!isLoginNeeded && error.hint}
        </p>
      </div>
      {isLoginNeeded && login === undefined && (
        <Button
          look="primary"
          label={words.portfolio.missing.logInOf(account)}
          onPress={() => void startLogin(known)}
        >
          {words.portfolio.missing.logIn}
        </Button>
      )}
      {known && login && <LoginProgress account={known} login={login} />}
      {known && outcome?.kind === 'failed' && <LoginOutcome account={known} outcome={outcome} />}
    </li>
  )
}

const mostShown = 4

/** The first of them; the others on demand, so that they do not stand before what is there. */
export function MissingList({ all }: { readonly all: readonly MissingProps[] }) {
  if (all.length === 0) return null
  const row = (each: MissingProps) => <Missing key={each.account} {...each} />
  const [first, more] = [all.slice(0, mostShown), all.slice(mostShown)]
  return (
    <section class="missing" aria-label={words.portfolio.missing.title}>
      <ul class="rows">{first.map(row)}</ul>
      {more.length > 0 && (
        <details class="behind">
          <summary>{words.portfolio.missing.more(more.length)}</summary>
          <ul class="rows">{more.map(row)}</ul>
        </details>
      )}
    </section>
  )
}
