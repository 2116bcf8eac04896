import { useSignal } from '@preact/signals'
import {
  type AlertChannelAdded,
  type AlertChannelView,
  type ChannelField,
  channelKinds,
  severities,
} from '../../../../src/contracts/alerts.ts'
import { channelFields } from '../../../../src/contracts/channel-fields.ts'
import { accounts } from '../../accounts/accounts.ts'
import { toast } from '../../announce.ts'
import { call } from '../../api.ts'
import { Button } from '../../parts/button.tsx'
import { CheckList } from '../../parts/check-list.tsx'
import { Choice } from '../../parts/choice.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { Form, useDraft } from '../../parts/form.tsx'
import { focusFault, readForm } from '../../parts/form-text.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useAction } from '../../parts/use-action.ts'
import { words } from '../../words/settings.ts'
import { addOf, type Choices, dropOf, editOf, inputOf, quietOf } from './channel-form.ts'

const said = words.settings.channel

interface ChannelDialogProps {
  /** The one to be changed; a new one when left out. */
  readonly before?: AlertChannelView | undefined
  readonly onClose: () => void
  readonly onSaved: (added: AlertChannelAdded | null) => Promise<void>
}

/** Where alerts go: every kind with its fields, secrets only in. */
export function ChannelDialog({ before, onClose, onSaved }: ChannelDialogProps) {
  const { isBusy, problem, run } = useAction()
  const draft = useDraft(before ? `channel:${before.name}` : 'add-channel')
  const wished = draft.choice('kind', before?.kind ?? 'telegram')
  const kind = channelKinds.find((each) => each === wished.value) ?? 'telegram'
  const least = draft.choice('least', before?.leastSeverity ?? '')
  const only = draft.choice('accounts', before?.accounts?.join() ?? '')
  const chosen = only.value === '' ? [] : only.value.split(',')
  const quietFault = useSignal<string | null>(null)
  // What a program reads is everything, what a person reads is not.
  const usual = kind === 'webhook' ? 'info' : 'warning'
  const leastSeverity = severities.find((each) => each === least.value) ?? usual

  const send = async (form: HTMLFormElement) => {
    const texts = readForm(form)
    quietFault.value = quietOf(texts) === 'half' ? said.quietHalf : null
    if (quietFault.value !== null) return focusFault(form)
    const choices: Choices = { kind, leastSeverity, accounts: chosen }
    const isSaved = await run(async () => {
      if (before === undefined) return onSaved(await call('POST /v1/alerts', { body: addOf(texts, choices) }))
      const body = editOf(before, texts, choices)
      await call('PATCH /v1/alerts/{id}', { params: { id: before.name }, body })
      return onSaved(null)
    })
    if (!isSaved) return focusFault(form)
    draft.forget()
    toast(said.saved(texts.name ?? ''))
    onClose()
  }
  const all = (accounts.value ?? []).map(({ account, label }) => ({
    value: account,
    label: account,
    help: label,
  }))
  return (
    <Dialog title={before ? said.editTitle(before.name) : said.addTitle} onClose={onClose}>
      <Form draft={draft} hasSecrets onSend={(form) => void send(form)}>
        <ProblemNote problem={problem.value} />
        {!before && (
          <Choice
            legend={said.kind}
            name="kind"
            options={channelKinds.map((value) => ({
              value,
              label: said.kinds[value][0],
              help: said.kinds[value][1],
            }))}
            value={kind}
            onChoose={(value) => {
              wished.value = value
            }}
          />
        )}
        <Field name="name" label={said.name} help={said.nameHelp} value={before?.name} isRequired />
        {channelFields[kind].map((field) => (
          <KindField key={`${kind} ${field.name}`} field={field} before={before} />
        ))}
        <Choice
          legend={said.least}
          name="least"
          options={severities.map((value) => ({
            value,
            label: said.severities[value][0],
            help: said.severities[value][1],
          }))}
          value={leastSeverity}
          onChoose={(value) => {
            least.value = value
          }}
        />
        {all.length > 0 && (
          <CheckList
            legend={said.accounts}
            options={all}
            chosen={chosen}
            onChoose={(value) => {
              only.value = value.join()
            }}
          />
        )}
        <Field
          name="quietFrom"
          label={said.quietFrom}
          type="time"
          help={said.quietHelp}
          value={before?.quiet?.from}
        />
        <Field
          name="quietUntil"
          label={said.quietUntil}
          type="time"
          value={before?.quiet?.until}
          error={quietFault.value}
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
            {said.save}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}

function KindField({
  field,
  before,
}: {
  readonly field: ChannelField
  readonly before: AlertChannelView | undefined
}) {
  const { name, label, help, secret, optional } = field
  const isStored = secret && before?.secrets.includes(name) === true
  return (
    <>
      <Field
        name={inputOf(field)}
        label={label}
        help={isStored ? said.stored : help}
        type={secret ? 'password' : 'text'}
        value={before?.settings[name]}
        isRequired={!optional && !isStored}
      />
      {isStored && optional && (
        <label class="choice-option">
          <input type="checkbox" name={dropOf(field)} />
          <span>{said.takeAway(label)}</span>
        </label>
      )}
    </>
  )
}
