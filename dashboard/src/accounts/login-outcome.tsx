import type { AccountView } from '../../../src/contracts/api.ts'
import { Button } from '../parts/button.tsx'
import { now } from '../time/clock.ts'
import { istClock, istDay } from '../time/ist.ts'
import { words } from '../words/words.ts'
import { dismissOutcome, type Outcome } from './logins.ts'

/** How the login ended: the sun comes up, or what went wrong and the next step. */
export function LoginOutcome({
  account,
  outcome,
}: {
  readonly account: AccountView
  readonly outcome: Outcome
}) {
  if (outcome.kind === 'done') return <Sunrise account={account} />
  return (
    <div class="note" data-tone="red" role="alert">
      <p class="note-text">{outcome.text}</p>
      <p>{outcome.next}</p>
      {outcome.requestId !== '' && <p class="fine">{words.forms.request(outcome.requestId)}</p>}
      <Button look="quiet" onPress={() => dismissOutcome(account.id)}>
        {words.accounts.outcome.dismiss}
      </Button>
    </div>
  )
}

function Sunrise({ account }: { readonly account: AccountView }) {
  const end = Date.parse(account.session?.expiresAt ?? '')
  const until = Number.isNaN(end) ? '' : words.accounts.outcome.until(istClock(end), istDay(end, now.value))
  return (
    <div class="sunrise">
      <svg class="sunrise-sky" viewBox="0 0 72 40" aria-hidden="true">
        <g class="sunrise-sun">
          <circle cx="36" cy="36" r="14" />
          <path d="M36 10v6M17.6 17.6l4.2 4.2M54.4 17.6l-4.2 4.2" />
        </g>
        <path class="sunrise-horizon" d="M4 37h64" />
      </svg>
      <p>
        <strong>{words.accounts.outcome.in}</strong> {words.accounts.outcome.live(account.account, until)}
      </p>
    </div>
  )
}
