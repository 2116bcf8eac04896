import { useSignal } from '@preact/signals'
import type { AccountView, EditAccount } from '../../../src/contracts/api.ts'
import { toast } from '../announce.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { focusFault } from '../parts/form-text.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { placeProblem } from '../problem-place.ts'
import { nameFault } from './account-name.ts'
import { brokerOf, putAccount } from './accounts.ts'
import { BrokerFields } from './broker-fields.tsx'
import { editInputs, readEdit } from './edit.ts'
import { hasRedirect } from './login-kinds.ts'
import { RemoveAccount } from './remove-account.tsx'

export function EditTab({
  account,
  onClose,
}: {
  readonly account: AccountView
  readonly onClose: () => void
}) {
  const { isBusy, problem, run } = useAction()
  const fault = useSignal<string | null>(null)
  const broker = brokerOf(account)
  const place = placeProblem(problem.value, editInputs(broker))
  const error = (field: string) => (place === field ? (problem.value?.detail ?? null) : null)

  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const change: EditAccount = readEdit(account, broker, new FormData(form))
    fault.value = change.account === undefined ? null : nameFault(change.account)
    if (fault.value !== null) return focusFault(form)
    if (Object.keys(change).length === 0) return onClose()
    const isSaved = await run(async () => {
      putAccount(
        await call('PATCH /v1/accounts/{account}', { params: { account: account.account }, body: change }),
      )
      toast('Saved.')
    })
    if (isSaved) onClose()
    else focusFault(form)
  }
  const { secrets } = account
  return (
    <>
      <form onSubmit={(event) => void save(event)} noValidate autocomplete="off">
        <ProblemNote problem={place === null ? problem.value : null} />
        <Field
          name="account"
          label="Name"
          value={account.account}
          error={fault.value ?? error('account')}
          help="Programs use this name. Change it there too."
          isRequired
        />
        <Field name="label" label="Label" value={account.label} error={error('label')} />
        {broker !== undefined && (
          <>
            <BrokerFields
              place="app"
              fields={broker.app}
              errorOf={error}
              stored={{ values: account.app, secrets }}
            />
            <BrokerFields
              place="fields"
              fields={broker.account}
              errorOf={error}
              stored={{ values: account.fields, secrets }}
            />
          </>
        )}
        {broker?.userId.field == null && (
          <Field
            name="userId"
            label={broker?.userId.label ?? 'User id'}
            value={account.userId ?? ''}
            error={error('userId')}
          />
        )}
        {broker !== undefined && hasRedirect(broker) && (
          <Field
            name="redirectUrl"
            label="Redirect URL"
            type="url"
            value={account.redirectUrl}
            help="As registered in the broker’s developer console."
            error={error('redirectUrl')}
            isRequired
          />
        )}
        <Field
          name="postbackUrl"
          label="Postback URL"
          type="url"
          value={account.postbackUrl ?? ''}
          error={error('postbackUrl')}
        />
        <BrokerFields
          place="fields"
          fields={broker?.kept ?? []}
          errorOf={error}
          stored={{ values: account.fields, secrets }}
        />
        <div class="actions">
          <Button look="primary" type="submit" isBusy={isBusy.value}>
            Save changes
          </Button>
        </div>
      </form>
      <RemoveAccount account={account} onRemoved={onClose} />
    </>
  )
}
