import { type Signal, useSignal } from '@preact/signals'
import type { AddKey, KeyAdded, Scope } from '../../../src/contracts/api.ts'
import { accounts } from '../accounts/accounts.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { CheckList } from '../parts/check-list.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Form, useDraft } from '../parts/form.tsx'
import { focusFault, readForm } from '../parts/form-text.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { placeProblem } from '../problem-place.ts'
import { words } from '../words/programs.ts'
import { locale } from '../words/words.ts'
import { knowAdded, loadKeys } from './keys.ts'
import { readKeyForm } from './read-key-form.ts'
import { offeredRights } from './rights.ts'

const capitalised = (text: string) => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1)

interface CreateKeyProps {
  /** The account from whose page it is made. */
  readonly account?: string | undefined
  readonly onClose: () => void
  readonly onAdded: (key: KeyAdded) => void
}

export function CreateKeyDialog({ account, onClose, onAdded }: CreateKeyProps) {
  const { isBusy, problem, run } = useAction()
  const draft = useDraft(account === undefined ? 'create-key' : `create-key:${account}`)
  const chosenScopes = draft.choice('scopes', 'status,read-token')
  const chosenAccounts = draft.choice('accounts', account ?? '')
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

  const send = async (form: HTMLFormElement) => {
    const read = readKeyForm(readForm(form), listOf<Scope>(chosenScopes), listOf(chosenAccounts))
    faults.value = read.faults
    if (read.body === null) return focusFault(form)
    const { body } = read
    const isAdded = await run(async () => {
      const added = await call('POST /v1/keys', { body })
      draft.forget()
      knowAdded(added)
      onAdded(added)
      await loadKeys()
    })
    if (!isAdded) focusFault(form)
  }
  return (
    <Dialog title={said.title} onClose={onClose}>
      <Form draft={draft} onSend={(form) => void send(form)}>
        <ProblemNote problem={place === null ? problem.value : null} />
        <Field name="name" label={said.name} help={said.nameHelp} error={errorOf('name')} isRequired />
        <CheckList
          legend={said.rights}
          options={offeredRights.map((value) => {
            const { short, help } = words.programs.rights[value]
            return { value, label: capitalised(short), help: `${help} (${value})` }
          })}
          chosen={listOf<Scope>(chosenScopes)}
          onChoose={(chosen) => {
            chosenScopes.value = chosen.join()
          }}
          error={errorOf('scopes')}
        />
        {names.length > 0 && (
          <CheckList
            legend={said.accounts}
            options={names}
            chosen={listOf(chosenAccounts)}
            onChoose={(chosen) => {
              chosenAccounts.value = chosen.join()
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
          <Button
            onPress={() => {
              draft.forget()
              onClose()
            }}
          >
            {words.forms.cancel}
          </Button>
          <Button look="primary" type="submit" isBusy={isBusy.value}>
            {said.create}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}

/** What was chosen, out of the text that is kept of it. */
function listOf<T extends string>({ value }: Signal<string>): readonly T[] {
  return value === '' ? [] : (value.split(',') as T[])
}
