import { type AccountView, shownStatus } from '../../../src/contracts/api.ts'
import { Button } from '../parts/button.tsx'
import { timeFor } from '../time/clock.ts'
import { endsText, whenText } from '../time/ist.ts'
import { words } from '../words/words.ts'
import { startLogin } from './logins.ts'
import { needOf } from './needs.ts'
import { isLive, statusLook } from './status.ts'
import { StatusBadge } from './status-badge.tsx'

interface RowProps {
  readonly account: AccountView
  readonly onOpen: () => void
}

/** One account in a line: how it stands, and the one thing to do about it. */
export function AccountRow({ account, onOpen }: RowProps) {
  const need = needOf(account)
  const { tone } = statusLook[shownStatus(account)]
  return (
    <li
      class="row account-row"
      data-account={account.account}
      data-status={account.status}
      data-gate={account.gate.state}
      data-tone={tone}
    >
      <div class="row-main">
        <button type="button" class="row-open" onClick={onOpen}>
          {account.account}
        </button>
        {account.kind !== 'live' && (
          <span class="tag" data-kind={account.kind}>
            {words.accounts.kinds[account.kind]}
          </span>
        )}
        <p class="fine">{inShort(account, timeFor(Date.parse(account.session?.expiresAt ?? '')))}</p>
        {need === 'login' && account.redirectNote !== null && (
          <p class="fine">{words.accounts.redirect.noWayBack}</p>
        )}
      </div>
      <StatusBadge account={account} />
      {need === 'login' && account.loginHelps && (
        <Button
          look="primary"
          label={words.accounts.actions.logInOne(account.account)}
          onPress={() => void startLogin(account)}
        >
          {words.accounts.actions.logIn}
        </Button>
      )}
    </li>
  )
}

function inShort(account: AccountView, nowMs: number): string {
  const { session, gate, brokerName } = account
  if (needOf(account) === 'look') return gate.text
  if (session !== null && isLive(account)) return `${brokerName} · ${endsText(session.expiresAt, nowMs)}`
  const endedAt = session?.endedAt ?? session?.expiresAt
  return endedAt === undefined ? brokerName : words.accounts.list.ended(brokerName, whenText(endedAt, nowMs))
}
