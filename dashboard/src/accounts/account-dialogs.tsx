import { call } from '../api.ts'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { words } from '../words/words.ts'
import { accounts, putAccount } from './accounts.ts'
import { AddAccountDialog } from './add-account.tsx'
import { LoginDialog } from './login-dialog.tsx'
import { closeDialog, openDialog } from './open-dialog.ts'
import { SandboxDialog } from './sandbox-dialog.tsx'
import { tests } from './tests.ts'

/** Whichever dialog is open. Outside the cards, so that a card holds nothing but itself. */
export function AccountDialogs() {
  const open = openDialog.value
  const said = words.accounts.actions
  if (open === null) return null
  if (open.kind === 'sandbox') return <SandboxDialog onClose={closeDialog} />
  if (open.kind === 'add') return <AddAccountDialog onClose={closeDialog} />
  const account = accounts.value?.find((each) => each.id === open.accountId)
  if (account === undefined) return null
  if (open.kind === 'questions') return <LoginDialog account={account} onClose={closeDialog} />
  return (
    <ConfirmDialog
      title={said.logOutTitle(account.account)}
      text={said.logOutText}
      action={said.logOut}
      act={async () => {
        putAccount(
          await call('DELETE /v1/accounts/{account}/session', { params: { account: account.account } }),
        )
        tests.forget(account.id)
      }}
      onClose={closeDialog}
    />
  )
}
