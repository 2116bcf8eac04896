import { type AccountView, shownStatus } from '../../../src/contracts/api.ts'
import { Button } from '../parts/button.tsx'
import { Facts } from '../parts/facts.tsx'
import { addressOf } from '../place.ts'
import { now } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/words.ts'
import { AccountActions } from './account-actions.tsx'
import { ConfirmPerson } from './confirm-person.tsx'
import { GateLine } from './gate-line.tsx'
import { LifeLine } from './life-line.tsx'
import { LoginOutcome } from './login-outcome.tsx'
import { LoginProgress } from './login-progress.tsx'
import { outcomes, type Running, running } from './logins.ts'
import { offered } from './sandbox.ts'
import { isLive, statusLook } from './status.ts'
import { StatusBadge } from './status-badge.tsx'
import { TestVerdict } from './test-verdict.tsx'
import { tests } from './tests.ts'

/** One account: how it stands, until when, and what can be done. */
export function AccountCard({
  account,
  onClose,
}: {
  readonly account: AccountView
  /** Where it can be a line again. */
  readonly onClose?: (() => void) | undefined
}) {
  const login = running.value[account.id]
  const outcome = outcomes.value[account.id]
  const tested = tests.of(account)
  const { tone } = statusLook[shownStatus(account)]
  const said = words.accounts.card
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would say that the card is part of a form
    <section
      class="card"
      role="group"
      aria-label={account.account}
      data-account={account.account}
      data-status={account.status}
      data-gate={account.gate.state}
      data-tone={tone}
    >
      <header class="card-head">
        <h2 class="card-name">
          <a href={addressOf('accounts', account.account)}>{account.account}</a>
        </h2>
        <StatusBadge account={account} />
        {onClose && (
          <Button look="quiet" onPress={onClose} label={said.closeOne(account.account)}>
            {said.close}
          </Button>
        )}
        <p class="card-broker">
          {account.label !== '' && account.label !== account.account && `${account.label} · `}
          {account.settings.group && `${account.settings.group} · `}
          {account.brokerName}{' '}
          <span class="tag" data-kind={account.kind}>
            {words.accounts.kinds[account.kind]}
          </span>
        </p>
      </header>
      {account.session !== null && isLive(account) && <LifeLine session={account.session} />}
      {account.unconfirmed !== null && <ConfirmPerson account={account} unconfirmed={account.unconfirmed} />}
      {outcome?.kind !== 'done' && account.unconfirmed === null && isTold(login) && (
        <p class="card-status">{account.statusText}</p>
      )}
      {login === undefined && <GateLine gate={account.gate} />}
      {offered.value === account.account && login === undefined && account.generation === 0 && (
        <p class="note" data-tone="green">
          {said.sandboxReady}
        </p>
      )}
      {outcome !== undefined && account.unconfirmed === null && (
        <LoginOutcome account={account} outcome={outcome} />
      )}
      {login !== undefined && <LoginProgress account={account} login={login} />}
      {tested !== undefined && <TestVerdict result={tested} />}
      <AccountActions account={account} isLoggingIn={login !== undefined} />
      <LastSeen account={account} />
    </section>
  )
}

/** The sentence of a login that waits speaks of the broker’s page; the others say themselves what they wait for. */
function isTold(login: Running | undefined): boolean {
  return login === undefined || login.method === 'redirect'
}

function LastSeen({ account }: { readonly account: AccountView }) {
  const { lastLoginAt, lastProbe, lastFault } = account
  const said = words.accounts.card
  return (
    <Facts
      rows={[
        [said.lastLogin, lastLoginAt && whenText(lastLoginAt, now.value)],
        [
          said.lastCheck,
          lastProbe && said.checked(said.verdicts[lastProbe.verdict], whenText(lastProbe.at, now.value)),
        ],
        [
          said.lastFault,
          lastFault && said.fault(lastFault.detail, lastFault.code, whenText(lastFault.at, now.value)),
        ],
      ]}
    />
  )
}
