import { useSignal } from '@preact/signals'
import type { AddKey, KeyAdded, Scope } from '../../../src/contracts/api.ts'
import { accounts } from '../accounts/accounts.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { CheckList } from '../parts/check-list.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { focusFault, readForm } from '../parts/form-text.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { placeProblem } from '../problem-place.ts'
import { locale, words } from '../words/words.ts'
import { loadKeys } from './keys.ts'
import { readKeyForm } from './read-key-form.ts'
import { offeredRights } from './rights.ts'

const capitalised = (text: string) => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1)

interface CreateKeyProps {
  readonly onClose: () => void
  readonly onAdded: (key: KeyAdded) => void
}

export function CreateKeyDialog({ onClose, onAdded }: CreateKeyProps) {
  const { isBusy, problem, run } = useAction()
  const chosenScopes = useSignal<readonly Scope[]>(['status', 'read-token'])
  const chosenAccounts = useSignal<readonly string[]>([])
  const faults = useSignal<Partial<Record<keyof AddKey, string>>>({})
  const names = (accounts.value ?? []).map(({ account, label }) => ({
    value: account,
    label: account,
    help: label,
  }))
  const said = words.programs.form
  const place = placeProblem(problem.value, ['name', 'scopes', 'accounts', 'expiresInDays'])
  const errorOf = (field: keyof AddKey) =>
    faults.value[field] ?? (place === field ? (problem.value?.detail ?? null) : null)

  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const read = readKeyForm(readForm(form), chosenScopes.value, chosenAccounts.value)
    faults.value = read.faults
    if (read.body === null) return focusFault(form)
    const { body } = read
    const isAdded = await run(async () => {
      const added = await call('POST /v1/keys', { body })
      onAdded(added)
      await loadKeys()
    })
    if (!isAdded) focusFault(form)
  }
  return (
    <Dialog title={said.title} onClose={onClose}>
      <form onSubmit={(event) => void send(event)} noValidate autocomplete="off">
        <ProblemNote problem={place === null ? problem.value : null} />
        <Field name="name" label={said.name} help={said.nameHelp} error={errorOf('name')} isRequired />
        <CheckList
          legend={said.rights}
          options={offeredRights.map((value) => {
            const { short, help } = words.programs.rights[value]
            return { value, label: capitalised(short), help: `${help} (${value})` }
          })}
          chosen={chosenScopes.value}
          onChoose={(chosen) => {
            chosenScopes.value = chosen
          }}
          error={errorOf('scopes')}
        />
        {names.length > 0 && (
          <CheckList
            legend={said.accounts}
            options={names}
            chosen={chosenAccounts.value}
            onChoose={(chosen) => {
              chosenAccounts.value = chosen
            }}
            error={errorOf('accounts')}
          />
        )}
        <Field
          name="expiresInDays"
          label={said.days}
          type="number"
          value="90"
          help={said.daysHelp}
          error={errorOf('expiresInDays')}
        />
        <div class="actions actions-end">
          <Button onPress={onClose}>{said.cancel}</Button>
          <Button look="primary" type="submit" isBusy={isBusy.value}>
            {said.create}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
