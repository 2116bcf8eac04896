import type { AccountView, Unconfirmed } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { now } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/words.ts'
import { putAccount } from './accounts.ts'
import { openDialog } from './open-dialog.ts'

const said = words.accounts.confirm

/** The question that a first login from outside leaves: nobody gets its session before it is answered. */
export function ConfirmPerson({
  account,
  unconfirmed: { userId, userName, via, at },
}: {
  readonly account: AccountView
  readonly unconfirmed: Unconfirmed
}) {
  const { isBusy, problem, run } = useAction()
  const confirm = async () =>
    putAccount(
      await call('POST /v1/accounts/{account}/confirm', {
        params: { account: account.account },
        body: { userId },
      }),
    )
  const refuse = () => {
    openDialog.value = { kind: 'logout', accountId: account.id }
  }
  return (
    <div class="note" data-tone="amber" role="alert">
      <p class="note-text">{said.question}</p>
      <p>
        <strong>{said.who(userName, userId)}</strong>{' '}
        {said.text(said.ways[via], whenText(at, now.value), account.account)}
      </p>
      <ProblemNote problem={problem.value} />
      <div class="actions">
        <Button look="primary" onPress={() => void run(confirm)} isBusy={isBusy.value}>
          {said.yes}
        </Button>
        <Button look="danger" onPress={refuse}>
          {said.no}
        </Button>
      </div>
    </div>
  )
}
