import { useSignal } from '@preact/signals'
import type { AddAccount, BrokerView, Kind } from '../../../src/contracts/api.ts'
import { toast } from '../announce.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { Choice } from '../parts/choice.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { focusFault, readForm } from '../parts/form-text.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { placeProblem } from '../problem-place.ts'
import { nameFault } from './account-name.ts'
import { brokers, putAccount } from './accounts.ts'
import { BrokerFields } from './broker-fields.tsx'
import { inputsOf, valuesOf } from './field-names.ts'
import { MoreFields } from './more-fields.tsx'
import { RegisterSteps } from './register-steps.tsx'

const kinds = [
  { value: 'live', label: 'Live', help: 'Your real account' },
  { value: 'sandbox', label: 'Sandbox', help: 'bhor plays the broker' },
  { value: 'broker-sandbox', label: 'Broker’s sandbox', help: 'Its own test house, no real money' },
] as const satisfies { value: Kind; label: string; help: string }[]

type Faults = Readonly<Record<string, string>>

/** Adds an account: first what to register at the broker, then what the broker gives for it. */
export function AddAccountDialog({ onClose }: { readonly onClose: () => void }) {
  const { isBusy, problem, run } = useAction()
  const brokerId = useSignal(brokers.value[0]?.id ?? '')
  const wished = useSignal<Kind>('live')
  const faults = useSignal<Faults>({})
  const broker = brokers.value.find((each) => each.id === brokerId.value)
  const offered = kinds.filter(({ value }) => value !== 'broker-sandbox' || broker?.sandbox)
  // Another broker may have no sandbox.
  const kind = offered.some(({ value }) => value === wished.value) ? wished.value : 'live'
  const publishedKey = kind === 'broker-sandbox' ? broker?.sandbox?.apiKey : null
  const isOwnApp = kind !== 'sandbox' && !publishedKey
  const inputs = inputsOf(broker).filter(([input]) => isOwnApp || !input.startsWith('app.'))
  const fields = ['account', 'label', 'broker', ...inputs.map(([input]) => input), 'userId', 'postbackUrl']
  const place = placeProblem(problem.value, fields)
  const errorOf = (field: string) =>
    faults.value[field] ?? (place === field ? (problem.value?.detail ?? null) : null)

  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const texts = readForm(form)
    faults.value = findFaults(texts, kind === 'sandbox' ? [] : inputs)
    if (Object.keys(faults.value).length > 0) return focusFault(form)
    const body: AddAccount = {
      account: texts.account ?? '',
      broker: brokerId.value,
      kind,
      ...plainOf(texts),
      ...valuesOf(texts),
    }
    const isAdded = await run(async () => putAccount(await call('POST /v1/accounts', { body })))
    if (!isAdded) return focusFault(form)
    toast(`${body.account} added.`)
    onClose()
  }
  return (
    <Dialog title="Add account" onClose={onClose}>
      <form onSubmit={(event) => void send(event)} noValidate autocomplete="off">
        <ProblemNote problem={place === null ? problem.value : null} />
        <Choice
          legend="Broker"
          name="broker"
          options={brokers.value.map(({ id, name }) => ({ value: id, label: name }))}
          value={brokerId.value}
          onChoose={(id) => {
            brokerId.value = id
          }}
          error={errorOf('broker')}
        />
        <Choice
          legend="Kind"
          name="kind"
          options={offered}
          value={kind}
          onChoose={(chosen) => {
            wished.value = chosen
          }}
        />
        {isOwnApp && broker !== undefined && <RegisterSteps broker={broker} />}
        {publishedKey && (
          <p class="fine">
            It logs in through the app that {broker?.name} has published for everybody: {publishedKey}.
          </p>
        )}
        <Field
          name="account"
          label="Name"
          help="How programs and commands call it, such as personal or papa."
          error={errorOf('account')}
          onChange={(text) => {
            const { account: _, ...others } = faults.value
            const fault = nameFault(text.trim())
            faults.value = fault === null || text === '' ? others : { ...others, account: fault }
          }}
          isRequired
        />
        <Field name="label" label="Label" help="How this page calls it." error={errorOf('label')} />
        {kind !== 'sandbox' && broker !== undefined && (
          <>
            {isOwnApp && <BrokerFields place="app" fields={broker.app} errorOf={errorOf} />}
            <BrokerFields place="fields" fields={broker.account} errorOf={errorOf} />
          </>
        )}
        <MoreFields broker={broker} errorOf={errorOf} isOpen={folded(broker).some(errorOf)} />
        {place !== null && problem.value !== null && <p class="fine">{problem.value.hint}</p>}
        <div class="actions actions-end">
          <Button onPress={onClose}>Cancel</Button>
          <Button look="primary" type="submit" isBusy={isBusy.value}>
            Save account
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** What stands in the fold. */
function folded(broker: BrokerView | undefined): string[] {
  return ['userId', 'postbackUrl', ...(broker?.kept ?? []).map(({ name }) => `fields.${name}`)]
}

function plainOf({
  label,
  userId,
  postbackUrl,
}: Faults): Pick<AddAccount, 'label' | 'userId' | 'postbackUrl'> {
  return {
    ...(label === undefined ? {} : { label }),
    ...(userId === undefined ? {} : { userId }),
    ...(postbackUrl === undefined ? {} : { postbackUrl }),
  }
}

function findFaults(texts: Faults, inputs: ReturnType<typeof inputsOf>): Faults {
  const faults: Record<string, string> = {}
  const fault = nameFault(texts.account ?? '')
  if (fault !== null) faults.account = fault
  for (const [input, { label, optional }] of inputs)
    if (!optional && texts[input] === undefined) faults[input] = `${label} is missing.`
  return faults
}
