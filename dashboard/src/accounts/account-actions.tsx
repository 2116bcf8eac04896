import { useEffect, useRef } from 'preact/hooks'
import type { AccountView, LoginKind } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { brokerOf, putAccount } from './accounts.ts'
import { otherWays, wayWords } from './login-kinds.ts'
import { startLogin } from './logins.ts'
import { openDialog } from './open-dialog.ts'
import { offered } from './sandbox.ts'
import { isLive } from './status.ts'
import { tests } from './tests.ts'

interface ActionsProps {
  readonly account: AccountView
  readonly isLoggingIn: boolean
}

/** The buttons of a card, the needed one first. */
export function AccountActions({ account, isLoggingIn }: ActionsProps) {
  const { isBusy, problem, run } = useAction()
  const self = useRef<HTMLDivElement>(null)
  const live = isLive(account)
  const isNeeded = account.status !== 'active' && account.loginHelps
  const canRenew = live && account.session?.tokenKinds.includes('refresh') === true
  useEffect(() => {
    if (offered.value === account.account) self.current?.querySelector('button')?.focus()
  }, [offered.value])

  const login = (way?: LoginKind) => () => {
    tests.forget(account.id)
    void startLogin(account, way)
  }
  const renew = async () =>
    putAccount(await call('POST /v1/accounts/{account}/renew', { params: { account: account.account } }))
  const open = (kind: 'details' | 'logout') => () => {
    openDialog.value = { kind, accountId: account.id }
  }
  return (
    <>
      <ProblemNote problem={problem.value} />
      <div class="actions card-actions" ref={self}>
        {!isLoggingIn && (
          <Button look={isNeeded ? 'primary' : 'plain'} onPress={login()}>
            {live ? 'Log in again' : 'Log in'}
          </Button>
        )}
        <Button onPress={() => void run(() => tests.run(account))} isBusy={isBusy.value}>
          Test connection
        </Button>
        {canRenew && (
          <Button onPress={() => void run(renew)} isBusy={isBusy.value}>
            Renew
          </Button>
        )}
        {!isLoggingIn &&
          otherWays(brokerOf(account)).map((way) => (
            <Button key={way} onPress={login(way)}>
              {wayWords[way]}
            </Button>
          ))}
        <Button onPress={open('details')}>Details</Button>
        {live && <Button onPress={open('logout')}>Log out</Button>}
      </div>
    </>
  )
}
