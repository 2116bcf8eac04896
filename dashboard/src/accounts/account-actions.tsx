import { useEffect, useRef } from 'preact/hooks'
import type { AccountView, LoginKind } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { LinkButton } from '../parts/link-button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { addressOf } from '../place.ts'
import { words } from '../words/words.ts'
import { brokerOf, putAccount } from './accounts.ts'
import { otherWays } from './login-kinds.ts'
import { keepsFromLogin, startLogin } from './logins.ts'
import { openDialog } from './open-dialog.ts'
import { offered, takeFocusFor } from './sandbox.ts'
import { isLive } from './status.ts'
import { tests } from './tests.ts'

interface ActionsProps {
  readonly account: AccountView
  /** On the page of the account: the rest stands there anyway. */
  readonly isOnItsPage?: boolean
}

/** What can be done with an account, the needed first. */
export function AccountActions({ account, isOnItsPage = false }: ActionsProps) {
  const isLoggingIn = keepsFromLogin(account)
  const { isBusy, problem, run } = useAction()
  const self = useRef<HTMLDivElement>(null)
  const said = words.accounts.actions
  const { card } = words.accounts
  const live = isLive(account)
  const isNeeded = account.status !== 'active' && account.loginHelps
  const canRenew = live && account.session?.tokenKinds.includes('refresh') === true
  useEffect(() => {
    if (takeFocusFor(account)) self.current?.querySelector('button')?.focus()
  }, [offered.value])

  const login = (way?: LoginKind) => () => {
    tests.forget(account.id)
    void startLogin(account, way)
  }
  const renew = async () =>
    putAccount(await call('POST /v1/accounts/{account}/renew', { params: { account: account.account } }))
  const logout = () => {
    openDialog.value = { kind: 'logout', accountId: account.id }
  }
  return (
    <>
      <ProblemNote problem={problem.value} />
      <div class="actions card-actions" ref={self}>
        {!isLoggingIn && (
          <Button look={isNeeded ? 'primary' : 'plain'} onPress={login()}>
            {live ? said.logInAgain : said.logIn}
          </Button>
        )}
        {!isOnItsPage && (
          <Button onPress={() => void run(() => tests.run(account))} isBusy={isBusy.value}>
            {said.test}
          </Button>
        )}
        {canRenew && (
          <Button onPress={() => void run(renew)} isBusy={isBusy.value}>
            {said.renew}
          </Button>
        )}
        {!isLoggingIn &&
          otherWays(brokerOf(account)).map((way) => (
            <Button key={way} onPress={login(way)}>
              {said.ways[way]}
            </Button>
          ))}
        {!isOnItsPage && (
          <LinkButton to={addressOf('accounts', account.account)} label={card.manageOne(account.account)}>
            {card.manage}
          </LinkButton>
        )}
        {live && <Button onPress={logout}>{said.logOut}</Button>}
      </div>
    </>
  )
}
