import { useSignal } from '@preact/signals'
import { announce } from '../announce.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { focusFault, readForm } from '../parts/form-text.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { placeProblem } from '../problem-place.ts'
import { now } from '../time/clock.ts'
import { istDate } from '../time/ist.ts'
import { words } from '../words/settings.ts'
import { Part } from './section.tsx'
import { hasFault, noFaults, TwoWords, wordFaults } from './two-words.tsx'

const said = words.settings.backup

/** One now, under a passphrase that is given here and kept nowhere. */
export function MakeBackupPart({
  folder,
  onChange,
}: {
  /** Where one would be looked for. */
  readonly folder: string
  readonly onChange: () => Promise<void>
}) {
  const { isBusy, problem, run } = useAction()
  const faults = useSignal(noFaults)
  const isWritten = useSignal(false)
  const place = placeProblem(problem.value, ['path'])
  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const texts = readForm(form)
    isWritten.value = false
    faults.value = wordFaults(texts, { shortest: 12, short: said.short, differ: said.differ })
    if (hasFault(faults.value)) return focusFault(form)
    const { path = '', password = '' } = texts
    const isDone = await run(async () => {
      const { last, running } = await call('POST /v1/backup', { body: { path, passphrase: password } })
      isWritten.value = running === null && last?.path === path
    })
    await onChange()
    if (!isDone) return focusFault(form)
    form.reset()
    if (isWritten.value) announce(said.written)
  }
  return (
    <Part title={said.make} text={said.makeText}>
      <ProblemNote problem={place === null ? problem.value : null} />
      {isWritten.value && (
        <p class="note" data-tone="green" role="status">
          {said.written}
        </p>
      )}
      <form onSubmit={(event) => void send(event)} noValidate autocomplete="off">
        <Field
          name="path"
          label={said.path}
          help={said.pathHelp}
          value={`${folder}/bhor-${istDate(now.peek())}.backup`}
          error={place === 'path' ? problem.value?.detail : null}
          isRequired
        />
        <TwoWords
          label={said.passphrase}
          help={said.passphraseHelp}
          again={said.again}
          faults={faults.value}
        />
        <div class="actions">
          <Button type="submit" isBusy={isBusy.value}>
            {said.write}
          </Button>
        </div>
      </form>
    </Part>
  )
}
