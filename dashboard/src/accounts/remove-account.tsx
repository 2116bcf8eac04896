import { useSignal } from '@preact/signals'
import type { AccountView } from '../../../src/contracts/api.ts'
import { toast } from '../announce.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { readForm } from '../parts/form-text.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { dropAccount } from './accounts.ts'

/** Removing takes the name as proof that it is meant. */
export function RemoveAccount({
  account,
  onRemoved,
}: {
  readonly account: AccountView
  readonly onRemoved: () => void
}) {
  const { isBusy, problem, run } = useAction()
  const fault = useSignal<string | null>(null)
  const remove = async (event: SubmitEvent) => {
    event.preventDefault()
    const typed = readForm(event.currentTarget as HTMLFormElement).confirmName
    fault.value = typed === account.account ? null : `Type ${account.account} to remove it.`
    if (fault.value !== null) return
    const isGone = await run(() =>
      call('DELETE /v1/accounts/{account}', { params: { account: account.account } }),
    )
    if (!isGone) return
    toast(`${account.account} removed.`)
    onRemoved()
    dropAccount(account.id)
  }
  return (
    <details class="more more-danger">
      <summary>Remove this account</summary>
      <form onSubmit={(event) => void remove(event)} noValidate autocomplete="off">
        <p>
          Its session, its API secret and its history of logins are deleted here. The audit log keeps its
          records, and nothing changes at the broker.
        </p>
        <Field
          name="confirmName"
          label={`Type ${account.account} to confirm`}
          error={fault.value}
          isRequired
        />
        <ProblemNote problem={problem.value} />
        <Button look="danger" type="submit" isBusy={isBusy.value}>
          Remove account
        </Button>
      </form>
    </details>
  )
}
