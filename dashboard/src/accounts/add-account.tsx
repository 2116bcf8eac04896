import { useSignal } from '@preact/signals'
import type { AddAccount, BrokerView, Kind } from '../../../src/contracts/api.ts'
import { toast } from '../announce.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { Check } from '../parts/check.tsx'
import { Choice } from '../parts/choice.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Form, useDraft } from '../parts/form.tsx'
import { focusFault, readForm } from '../parts/form-text.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { placeProblem } from '../problem-place.ts'
import { words } from '../words/words.ts'
import { nameFault } from './account-name.ts'
import { brokers, putAccount } from './accounts.ts'
import { BrokerFields } from './broker-fields.tsx'
import { inputsOf, valuesOf } from './field-names.ts'
import { MoreFields } from './more-fields.tsx'
import { RegisterSteps } from './register-steps.tsx'

const kinds = ['live', 'sandbox', 'broker-sandbox'] as const satisfies Kind[]

type Faults = Readonly<Record<string, string>>

/** Adds an account: first what to register at the broker, then what the broker gives for it. */
export function AddAccountDialog({ onClose }: { readonly onClose: () => void }) {
  const { isBusy, problem, run } = useAction()
  const draft = useDraft('add-account')
  const brokerId = draft.choice('broker', brokers.value[0]?.id ?? '')
  const wished = draft.choice('kind', 'live')
  const renewable = draft.choice('renewable', '')
  const faults = useSignal<Faults>({})
  const { add: said, fields: labels } = words.accounts
  const broker = brokers.value.find((each) => each.id === brokerId.value)
  const offered = kinds.filter((kind) => kind !== 'broker-sandbox' || broker?.sandbox)
  // Another broker may have no sandbox.
  const kind = offered.find((each) => each === wished.value) ?? 'live'
  const publishedKey = kind === 'broker-sandbox' ? broker?.sandbox?.apiKey : null
  const isOwnApp = kind !== 'sandbox' && !publishedKey
  const canRenew = kind === 'sandbox' && broker?.renews === true
  const inputs = inputsOf(broker).filter(([input]) => isOwnApp || !input.startsWith('app.'))
  const fields = ['account', 'label', 'broker', ...inputs.map(([input]) => input), ...always]
  const place = placeProblem(problem.value, fields)
  const errorOf = (field: string) =>
    faults.value[field] ?? (place === field ? (problem.value?.detail ?? null) : null)

  const send = async (form: HTMLFormElement) => {
    const texts = readForm(form)
    faults.value = findFaults(texts, kind === 'sandbox' ? [] : inputs)
    if (Object.keys(faults.value).length > 0) return focusFault(form)
    const body: AddAccount = {
      account: texts.account ?? '',
      broker: brokerId.value,
      kind,
      ...plainOf(texts),
      ...valuesOf(texts),
      ...(canRenew && renewable.value === 'yes' ? { renewable: true } : {}),
    }
    const isAdded = await run(async () => putAccount(await call('POST /v1/accounts', { body })))
    if (!isAdded) return focusFault(form)
    draft.forget()
    toast(said.added(body.account))
    onClose()
  }
  return (
    <Dialog title={said.title} onClose={onClose}>
      <Form draft={draft} hasSecrets={isOwnApp} onSend={(form) => void send(form)}>
        <ProblemNote problem={place === null ? problem.value : null} />
        <Choice
          legend={said.broker}
          name="broker"
          options={brokers.value.map(({ id, name }) => ({ value: id, label: name }))}
          value={brokerId.value}
          onChoose={(id) => {
            brokerId.value = id
          }}
          error={errorOf('broker')}
        />
        <Choice
          legend={said.kind}
          name="kind"
          options={offered.map((value) => ({ value, ...said.kinds[value] }))}
          value={kind}
          onChoose={(chosen) => {
            wished.value = chosen
          }}
        />
        {isOwnApp && broker !== undefined && <RegisterSteps broker={broker} />}
        {publishedKey && <p class="fine">{said.published(broker?.name ?? '', publishedKey)}</p>}
        {canRenew && <Check label={labels.renewable} help={labels.renewableHelp} chosen={renewable} />}
        <Field
          name="account"
          label={labels.name}
          help={labels.nameHelp}
          error={errorOf('account')}
          onChange={(text) => {
            const { account: _, ...others } = faults.value
            const fault = nameFault(text.trim())
            faults.value = fault === null || text === '' ? others : { ...others, account: fault }
          }}
          isRequired
        />
        <Field name="label" label={labels.label} help={labels.labelHelp} error={errorOf('label')} />
        {kind !== 'sandbox' && broker !== undefined && (
          <>
            {isOwnApp && <BrokerFields place="app" fields={broker.app} errorOf={errorOf} />}
            <BrokerFields place="fields" fields={broker.account} errorOf={errorOf} />
          </>
        )}
        <MoreFields
          broker={broker}
          hasOwnApp={isOwnApp}
          errorOf={errorOf}
          isOpen={folded(broker).some(errorOf)}
        />
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
            {said.save}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}

const always = ['userId', 'redirectUrl', 'postbackUrl', 'settings.group']

/** What stands in the fold. */
function folded(broker: BrokerView | undefined): string[] {
  return [...always, ...(broker?.kept ?? []).map(({ name }) => `fields.${name}`)]
}

function plainOf(
  texts: Faults,
): Pick<AddAccount, 'label' | 'userId' | 'redirectUrl' | 'postbackUrl' | 'settings'> {
  const { label, userId, redirectUrl, postbackUrl, 'settings.group': group } = texts
  return {
    ...(label === undefined ? {} : { label }),
    ...(userId === undefined ? {} : { userId }),
    ...(redirectUrl === undefined ? {} : { redirectUrl }),
    ...(postbackUrl === undefined ? {} : { postbackUrl }),
    ...(group === undefined ? {} : { settings: { group } }),
  }
}

function findFaults(texts: Faults, inputs: ReturnType<typeof inputsOf>): Faults {
  const faults: Record<string, string> = {}
  const fault = nameFault(texts.account ?? '')
  if (fault !== null) faults.account = fault
  for (const [input, { label, optional }] of inputs)
    if (!optional && texts[input] === undefined) faults[input] = words.accounts.fields.missing(label)
  return faults
}
