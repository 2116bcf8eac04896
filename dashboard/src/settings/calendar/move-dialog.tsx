import { useSignal } from '@preact/signals'
import { toast } from '../../announce.ts'
import { call } from '../../api.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { focusFault, readForm } from '../../parts/form-text.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useAction } from '../../parts/use-action.ts'
import { words } from '../../words/settings.ts'
import { dayText, segmentsText } from './segment-words.ts'
import type { SaidDay } from './weeks.ts'

const said = words.settings.calendar

/** A holiday or a special session that is on another day. */
export function MoveDialog({
  day: { date, segments },
  onClose,
  onMoved,
}: {
  readonly day: SaidDay
  readonly onClose: () => void
  readonly onMoved: () => Promise<void>
}) {
  const { isBusy, problem, run } = useAction()
  const fault = useSignal<string | null>(null)
  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const { to } = readForm(form)
    fault.value = to === undefined ? said.dateMissing : null
    if (to === undefined) return focusFault(form)
    const isMoved = await run(async () => {
      await call('POST /v1/calendar/{day}/move', {
        params: { day: date },
        body: { to, segments: [...segments] },
      })
      await onMoved()
    })
    if (!isMoved) return focusFault(form)
    toast(said.moved(dayText(date), dayText(to)))
    onClose()
  }
  return (
    <Dialog title={said.moveTitle(dayText(date))} onClose={onClose} isNarrow>
      <form onSubmit={(event) => void send(event)} noValidate autocomplete="off">
        <ProblemNote problem={problem.value} />
        <p>{said.moveText(segmentsText(segments))}</p>
        <Field name="to" label={said.moveTo} type="date" value={date} error={fault.value} isRequired />
        <div class="actions actions-end">
          <Button onPress={onClose}>{words.forms.cancel}</Button>
          <Button look="primary" type="submit" isBusy={isBusy.value}>
            {said.move}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
