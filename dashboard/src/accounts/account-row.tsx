import type { Signal } from '@preact/signals'
import { type AccountView, shownStatus } from '../../../src/contracts/api.ts'
import { Button } from '../parts/button.tsx'
import { minuteEnd, timeFor } from '../time/clock.ts'
import { endsText, whenText } from '../time/ist.ts'
import { words } from '../words/words.ts'
import { startLogin } from './logins.ts'
import { needOf } from './needs.ts'
import { isLive, statusLook } from './status.ts'
import { StatusBadge } from './status-badge.tsx'

const said = words.accounts.list

interface RowProps {
  readonly account: AccountView
  /** Below a heading that names its group. */
  readonly isInGroup: boolean
  /** The account that is a card now. The same signal for all: a line is drawn anew only with its own account. */
  readonly open: Signal<string | null>
}

/** One account in a line: how it stands, and the one thing to do about it. */
export function AccountRow({ account, isInGroup, open }: RowProps) {
  const need = needOf(account)
  const { tone } = statusLook[shownStatus(account)]
  return (
    <li
      class="row account-row"
      data-account={account.account}
      data-status={account.status}
      data-gate={account.gate.state}
      data-tone={tone}
      data-need={need}
    >
      <div class="row-main">
        <button
          type="button"
          class="row-open"
          aria-expanded="false"
          onClick={() => {
            open.value = account.id
          }}
        >
          {account.account}
        </button>
        {account.kind !== 'live' && (
          <span class="tag" data-kind={account.kind}>
            {words.accounts.kinds[account.kind]}
          </span>
        )}
        <p class="fine">
          {inShort(account, isInGroup, timeFor(Date.parse(account.session?.expiresAt ?? '')))}
          {need === 'login' && account.redirectNote !== null && ` · ${words.accounts.redirect.noWayBack}`}
        </p>
      </div>
      <StatusBadge account={account} />
      <p class="row-fact">
        {said.lastLogin(account.lastLoginAt && whenText(account.lastLoginAt, minuteEnd.value))}
      </p>
      <p class="row-fact" data-gate={account.gate.state}>
        {said.gates[account.gate.state]}
      </p>
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

function inShort(account: AccountView, isInGroup: boolean, nowMs: number): string {
  const { session, gate, brokerName, settings } = account
  if (needOf(account) === 'look') return gate.text
  const endedAt = session?.endedAt ?? session?.expiresAt
  const state =
    session !== null && isLive(account)
      ? endsText(session.expiresAt, nowMs)
      : endedAt && said.ended(whenText(endedAt, nowMs))
  // A login alone would not let it trade.
  const pause = gate.causes.find(({ reason }) => reason === 'paused')
  return [isInGroup ? '' : settings.group, brokerName, state, pause?.text].filter(Boolean).join(' · ')
}
