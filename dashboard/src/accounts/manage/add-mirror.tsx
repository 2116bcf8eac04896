import { useSignal } from '@preact/signals'
import type { AccountView } from '../../../../src/contracts/api.ts'
import type { AddMirror, MirrorFormat } from '../../../../src/contracts/mirrors.ts'
import { call } from '../../api.ts'
import { Button } from '../../parts/button.tsx'
import { Check } from '../../parts/check.tsx'
import { Choice } from '../../parts/choice.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { Form, useDraft } from '../../parts/form.tsx'
import { focusFault, readForm } from '../../parts/form-text.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useAction } from '../../parts/use-action.ts'
import { placeProblem } from '../../problem-place.ts'
import { words } from '../../words/manage.ts'

interface AddMirrorProps {
  readonly account: AccountView
  readonly onAdded: () => Promise<void>
  readonly onClose: () => void
}

export function AddMirrorDialog({ account, onAdded, onClose }: AddMirrorProps) {
  const { isBusy, problem, run } = useAction()
  const faults = useSignal<Readonly<Record<string, string>>>({})
  const draft = useDraft(`mirror:${account.id}`)
  const format = draft.choice('format', 'broker-config')
  const inPlace = draft.choice('inPlace', '')
  const { form: said, formats } = words.manage.mirrors
  const place = placeProblem(problem.value, ['path', 'format', 'template'])
  const errorOf = (field: string) =>
    faults.value[field] ?? (place === field ? (problem.value?.detail ?? null) : null)
  const add = async (form: HTMLFormElement) => {
    const { path = '', template } = readForm(form)
    const isTemplate = format.value === 'json'
    faults.value = {
      ...(path.startsWith('/') ? {} : { path: said.pathFault }),
      ...(isTemplate && template === undefined ? { template: said.templateFault } : {}),
    }
    if (Object.keys(faults.value).length > 0) return focusFault(form)
    const body: AddMirror = {
      account: account.account,
      path,
      format: format.value as MirrorFormat,
      ...(isTemplate && template !== undefined ? { template } : {}),
      ...(inPlace.value === 'yes' ? { inPlace: true } : {}),
    }
    if (!(await run(async () => void (await call('POST /v1/mirrors', { body }))))) return focusFault(form)
    draft.forget()
    onClose()
    await onAdded()
  }
  return (
    <Dialog title={said.title(account.account)} onClose={onClose}>
      <Form draft={draft} onSend={(form) => void add(form)}>
        <ProblemNote problem={place === null ? problem.value : null} />
        <Choice
          legend={said.format}
          name="format"
          options={(Object.keys(formats) as MirrorFormat[]).map((value) => ({ value, ...formats[value] }))}
          value={format.value as MirrorFormat}
          onChoose={(chosen) => {
            format.value = chosen
          }}
          error={errorOf('format')}
        />
        <Field name="path" label={said.path} help={said.pathHelp} error={errorOf('path')} isRequired />
        {format.value === 'json' && (
          <Field
            name="template"
            label={said.template}
            help={said.templateHelp}
            error={errorOf('template')}
            isRequired
            isLong
          />
        )}
        <Check label={said.inPlace} help={said.inPlaceHelp} chosen={inPlace} />
        {place !== null && problem.value !== null && <p class="fine">{problem.value.hint}</p>}
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
            {said.send}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
