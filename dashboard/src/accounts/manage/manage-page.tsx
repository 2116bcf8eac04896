import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { type AccountView, shownStatus } from '../../../../src/contracts/api.ts'
import { BackLink } from '../../parts/back-link.tsx'
import { addressOf } from '../../place.ts'
import { words } from '../../words/manage.ts'
import { AccountActions } from '../account-actions.tsx'
import { ConfirmPerson } from '../confirm-person.tsx'
import { LoginOutcome } from '../login-outcome.tsx'
import { LoginProgress } from '../login-progress.tsx'
import { outcomes, running } from '../logins.ts'
import { RedirectHint } from '../redirect-hint.tsx'
import { statusLook } from '../status.ts'
import { StatusBadge } from '../status-badge.tsx'
import { Activity } from './activity.tsx'
import { Alerts } from './alerts.tsx'
import { Credentials } from './credentials.tsx'
import { Edit } from './edit.tsx'
import { Egress } from './egress.tsx'
import { Gate } from './gate.tsx'
import { ManageNav } from './manage-nav.tsx'
import { Mirrors } from './mirrors.tsx'
import { Overview } from './overview.tsx'
import { Programs } from './programs.tsx'
import { Remove } from './remove.tsx'
import { type ManageTab, tabOf } from './tabs.ts'
import { TestConnection } from './test-connection.tsx'
import { Trading } from './trading.tsx'

const contents: Record<ManageTab, (account: AccountView) => ComponentChildren> = {
  overview: (account) => <Overview account={account} />,
  credentials: (account) => <Credentials account={account} />,
  test: (account) => <TestConnection account={account} />,
  trading: (account) => <Trading account={account} />,
  programs: (account) => <Programs account={account} />,
  egress: (account) => <Egress account={account} />,
  gate: (account) => <Gate account={account} />,
  alerts: (account) => <Alerts account={account} />,
  mirrors: (account) => <Mirrors account={account} />,
  activity: (account) => <Activity account={account} />,
  edit: (account) => <Edit account={account} />,
  remove: (account) => <Remove account={account} />,
}

interface ManageProps {
  readonly account: AccountView
  readonly tab: string | undefined
}

/** Everything about one account, section by section. Each has an address of its own. */
export function ManagePage({ account, tab: named }: ManageProps) {
  const tab = tabOf(named)
  const body = useRef<HTMLDivElement>(null)
  const isFirst = useRef(true)
  useEffect(() => {
    const { current } = body
    if (isFirst.current || current === null) {
      isFirst.current = false
      return
    }
    if (current.getBoundingClientRect().top < 0) current.scrollIntoView({ block: 'start' })
    // What was pressed may be gone with the section before.
    if (document.activeElement === document.body) current.focus({ preventScroll: true })
  }, [tab])
  return (
    <article class="manage" data-account={account.account} data-status={account.status}>
      <ManageHead account={account} />
      <div class="manage-columns">
        <ManageNav account={account.account} tab={tab} />
        <div class="manage-body" ref={body} tabIndex={-1} key={`${account.id} ${tab}`} data-tab={tab}>
          {contents[tab](account)}
        </div>
      </div>
    </article>
  )
}

function ManageHead({ account }: { readonly account: AccountView }) {
  const login = running.value[account.id]
  const outcome = outcomes.value[account.id]
  return (
    <header class="manage-head" data-tone={statusLook[shownStatus(account)].tone}>
      <BackLink to={addressOf('accounts')}>{words.manage.back}</BackLink>
      <div class="manage-name">
        <h1 class="headline">{account.account}</h1>
        <StatusBadge account={account} />
      </div>
      <p class="card-broker">
        {account.label !== '' && account.label !== account.account && `${account.label} · `}
        {account.brokerName}{' '}
        <span class="tag" data-kind={account.kind}>
          {words.accounts.kinds[account.kind]}
        </span>
      </p>
      {account.unconfirmed !== null && <ConfirmPerson account={account} unconfirmed={account.unconfirmed} />}
      {outcome !== undefined && account.unconfirmed === null && (
        <LoginOutcome account={account} outcome={outcome} />
      )}
      {login !== undefined && <LoginProgress account={account} login={login} />}
      <RedirectHint account={account} />
      <AccountActions account={account} isOnItsPage />
    </header>
  )
}
