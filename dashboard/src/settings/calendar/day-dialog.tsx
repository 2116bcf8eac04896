import { useSignal } from '@preact/signals'
import { type SaidDay, type Segment, segments } from '../../../../src/contracts/calendar.ts'
import { toast } from '../../announce.ts'
import { call } from '../../api.ts'
import { Button } from '../../parts/button.tsx'
import { CheckList } from '../../parts/check-list.tsx'
import { Choice } from '../../parts/choice.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { focusFault, readForm } from '../../parts/form-text.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useAction } from '../../parts/use-action.ts'
import { words } from '../../words/settings.ts'
import { hoursOf } from './read-list.ts'
import { dayText } from './segment-words.ts'

const said = words.settings.calendar
const kinds = ['holiday', 'special', 'ordinary'] as const

interface DayDialogProps {
  /** `2026-11-10`; to be chosen when empty. */
  readonly date: string
  readonly onClose: () => void
  readonly onSaved: () => Promise<void>
}

/** Says of a day what it is. */
export function DayDialog({ date, onClose, onSaved }: DayDialogProps) {
  const { isBusy, problem, run } = useAction()
  const kind = useSignal<SaidDay['kind']>('holiday')
  const chosen = useSignal<readonly Segment[]>(['equity', 'fno'])
  const faults = useSignal<{ readonly date?: string; readonly segments?: string }>({})
  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const { date: day, hours = 'unknown', note } = readForm(form)
    faults.value = {
      ...(day === undefined ? { date: said.dateMissing } : {}),
      ...(chosen.value.length === 0 ? { segments: said.segmentMissing } : {}),
    }
    if (day === undefined || chosen.value.length === 0) return focusFault(form)
    const body: SaidDay = {
      date: day,
      kind: kind.value,
      segments: [...chosen.value],
      ...(kind.value === 'special' ? { hours: hoursOf(hours) } : {}),
      ...(note === undefined || kind.value === 'ordinary' ? {} : { note }),
    }
    const isSaved = await run(async () => {
      await call('POST /v1/calendar', { body: { days: [body] } })
      await onSaved()
    })
    if (!isSaved) return focusFault(form)
    toast(said.saved(dayText(day)))
    onClose()
  }
  return (
    <Dialog title={date === '' ? said.addTitle : dayText(date)} onClose={onClose} isNarrow>
      <form onSubmit={(event) => void send(event)} noValidate autocomplete="off">
        <ProblemNote problem={problem.value} />
        <Field name="date" label={said.date} type="date" value={date} error={faults.value.date} isRequired />
        <Choice
          legend={said.what}
          name="kind"
          options={kinds.map((value) => ({
            value,
            label: said.choices[value][0],
            help: said.choices[value][1],
          }))}
          value={kind.value}
          onChoose={(value) => {
            kind.value = value
          }}
        />
        {kind.value === 'special' && <Field name="hours" label={said.hours} help={said.hoursHelp} />}
        <CheckList
          legend={said.forWhat}
          options={segments.map((value) => ({ value, label: said.segments[value] }))}
          chosen={chosen.value}
          onChoose={(value) => {
            chosen.value = value
          }}
          error={faults.value.segments}
        />
        {kind.value !== 'ordinary' && <Field name="note" label={said.note} help={said.noteHelp} />}
        <div class="actions actions-end">
          <Button onPress={onClose}>{words.forms.cancel}</Button>
          <Button look="primary" type="submit" isBusy={isBusy.value}>
            {said.save}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
