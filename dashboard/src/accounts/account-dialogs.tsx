import { call } from '../api.ts'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { AccountDetails } from './account-details.tsx'
import { accounts, putAccount } from './accounts.ts'
import { AddAccountDialog } from './add-account.tsx'
import { LoginDialog } from './login-dialog.tsx'
import { closeDialog, openDialog } from './open-dialog.ts'
import { SandboxDialog } from './sandbox-dialog.tsx'
import { tests } from './tests.ts'

/** Whichever dialog is open. Outside the cards, so that a card holds nothing but itself. */
export function AccountDialogs() {
  const open = openDialog.value
  if (open === null) return null
  if (open.kind === 'sandbox') return <SandboxDialog onClose={closeDialog} />
  if (open.kind === 'add') return <AddAccountDialog onClose={closeDialog} />
  const account = accounts.value?.find((each) => each.id === open.accountId)
  if (account === undefined) return null
  if (open.kind === 'details') return <AccountDetails account={account} onClose={closeDialog} />
  if (open.kind === 'questions') return <LoginDialog account={account} onClose={closeDialog} />
  return (
    <ConfirmDialog
      title={`Log out ${account.account}?`}
      text="The session ends at the broker too. Every program of this account stops until the next login."
      action="Log out"
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
