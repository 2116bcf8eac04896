import { useSignal } from '@preact/signals'
import type { AccountView } from '../../../../src/contracts/api.ts'
import { toast } from '../../announce.ts'
import { call } from '../../api.ts'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { focusFault, readForm } from '../../parts/form-text.ts'
import { Panel } from '../../parts/panel.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useAction } from '../../parts/use-action.ts'
import { replaceWith } from '../../place.ts'
import { words } from '../../words/manage.ts'
import { dropAccount } from '../accounts.ts'

/** Removing takes the name as proof that it is meant. */
export function Remove({ account }: { readonly account: AccountView }) {
  const { isBusy, problem, run } = useAction()
  const fault = useSignal<string | null>(null)
  const said = words.manage.remove
  const remove = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    fault.value = readForm(form).confirmName === account.account ? null : said.fault(account.account)
    if (fault.value !== null) return focusFault(form)
    const params = { account: account.account }
    if (!(await run(() => call('DELETE /v1/accounts/{account}', { params })))) return
    toast(said.removed(account.account))
    replaceWith('accounts')
    dropAccount(account.id)
  }
  return (
    <Panel title={said.title(account.account)}>
      <form onSubmit={(event) => void remove(event)} noValidate autocomplete="off">
        <p>{said.text}</p>
        <p>{said.also}</p>
        <Field name="confirmName" label={said.label(account.account)} error={fault.value} isRequired />
        <ProblemNote problem={problem.value} />
        <div class="actions">
          <Button look="danger" type="submit" isBusy={isBusy.value}>
            {said.action}
          </Button>
        </div>
      </form>
    </Panel>
  )
}
