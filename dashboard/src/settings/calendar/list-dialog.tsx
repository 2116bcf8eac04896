import { useSignal } from '@preact/signals'
import { type Segment, segments } from '../../../../src/contracts/calendar.ts'
import { toast } from '../../announce.ts'
import { call } from '../../api.ts'
import { Button } from '../../parts/button.tsx'
import { CheckList } from '../../parts/check-list.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { Form, useDraft } from '../../parts/form.tsx'
import { focusFault, readForm } from '../../parts/form-text.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useAction } from '../../parts/use-action.ts'
import { now } from '../../time/clock.ts'
import { istDate } from '../../time/ist.ts'
import { words } from '../../words/settings.ts'
import { readList } from './read-list.ts'

const said = words.settings.calendar

/** The list of a year as somebody pastes it: what is read of it shows before anything is sent. */
export function ListDialog({
  onClose,
  onSaved,
}: {
  readonly onClose: () => void
  readonly onSaved: () => Promise<void>
}) {
  const { isBusy, problem, run } = useAction()
  const chosen = useSignal<readonly Segment[]>(['equity', 'fno'])
  const faults = useSignal<Readonly<Partial<Record<'year' | 'source' | 'segments' | 'days', string>>>>({})
  const draft = useDraft('calendar-list')
  const next = String(Number(istDate(now.peek()).slice(0, 4)) + 1)
  const year = useSignal(Number(draft.valueOf('year') ?? next))
  const text = useSignal(draft.valueOf('days') ?? '')
  const count = useSignal<number | null>(null)

  const look = () => {
    const { days, fault } = readList(text.value, year.value)
    count.value = days.length
    const { days: _, ...others } = faults.value
    const told =
      fault && (fault.isOtherYear ? said.listOtherYear(fault.line) : said.listFault(fault.line, fault.text))
    faults.value = told === null ? others : { ...others, days: told }
    return days
  }
  const send = async (form: HTMLFormElement) => {
    const { source } = readForm(form)
    const days = look()
    faults.value = {
      ...(Number.isInteger(year.value) && year.value > 2000 ? {} : { year: said.yearWrong }),
      ...(source === undefined ? { source: said.sourceMissing } : {}),
      ...(chosen.value.length === 0 ? { segments: said.segmentMissing } : {}),
      ...(days.length === 0 ? { days: said.listMissing } : {}),
      ...(faults.value.days === undefined ? {} : { days: faults.value.days }),
    }
    if (source === undefined || Object.keys(faults.value).length > 0) return focusFault(form)
    const isSaved = await run(async () => {
      const body = { year: year.value, segments: [...chosen.value], source, days: [...days] }
      await call('POST /v1/calendar/lists', { body })
      await onSaved()
    })
    if (!isSaved) return focusFault(form)
    draft.forget()
    toast(said.listTaken(year.value))
    onClose()
  }
  const take = async ({ form, files }: HTMLInputElement) => {
    const area = form?.querySelector('textarea')
    if (!files?.[0] || !area) return
    area.value = await files[0].text()
    area.dispatchEvent(new Event('input', { bubbles: true }))
  }
  return (
    <Dialog title={said.listTitle} onClose={onClose}>
      <Form draft={draft} onSend={(form) => void send(form)}>
        <p>{said.listText}</p>
        <ProblemNote problem={problem.value} />
        <Field
          name="year"
          label={said.listYear}
          type="number"
          value={next}
          error={faults.value.year}
          onChange={(typed) => {
            year.value = Number(typed)
            if (count.value !== null) look()
          }}
          isRequired
        />
        <CheckList
          legend={said.forWhat}
          options={segments.map((value) => ({ value, label: said.segments[value] }))}
          chosen={chosen.value}
          onChoose={(value) => {
            chosen.value = value
          }}
          error={faults.value.segments}
        />
        <Field
          name="source"
          label={said.listSource}
          help={said.listSourceHelp}
          error={faults.value.source}
          isRequired
        />
        <div class="long-list">
          <Field
            name="days"
            label={said.listDays}
            help={said.listExample(year.value)}
            error={faults.value.days}
            onChange={(typed) => {
              text.value = typed
              look()
            }}
            isLong
            isRequired
          />
        </div>
        {faults.value.days === undefined && count.value !== null && (
          <p class="fine" role="status">
            {said.listRead(count.value)}
          </p>
        )}
        <label class="field">
          <span class="fine">{said.listFile}</span>
          <input
            type="file"
            accept="text/plain,.txt,.csv,.tsv"
            onChange={(event) => void take(event.currentTarget)}
          />
        </label>
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
            {said.listSave}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
