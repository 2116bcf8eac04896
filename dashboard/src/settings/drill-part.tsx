import { useSignal } from '@preact/signals'
import type { BackupDrilled, BackupsView } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { Choice } from '../parts/choice.tsx'
import { Facts } from '../parts/facts.tsx'
import { Field } from '../parts/field.tsx'
import { focusFault, readForm } from '../parts/form-text.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { placeProblem } from '../problem-place.ts'
import { now } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/settings.ts'
import { locale } from '../words/words.ts'
import { Part } from './section.tsx'

const said = words.settings.backup

/** Whether a backup can be restored: it really is, into a folder that is thrown away. */
export function DrillPart({
  backups: { last, folder, drilling, drilled },
  onChange,
}: {
  readonly backups: BackupsView
  readonly onChange: () => Promise<void>
}) {
  const { isBusy, problem, run } = useAction()
  const chosen = useSignal<'last' | 'other'>('last')
  const which = last === null ? 'other' : chosen.value
  const place = placeProblem(problem.value, ['path', 'passphrase'])
  const errorOf = (field: string) => (place === field ? problem.value?.detail : null)
  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const { path = '', password } = readForm(form)
    const isDone = await run(async () => {
      await call('POST /v1/backup/drill', {
        body: {
          ...(which === 'last' ? {} : { path }),
          ...(password === undefined ? {} : { passphrase: password }),
        },
      })
    })
    await onChange()
    if (isDone) form.reset()
    else focusFault(form)
  }
  return (
    <Part title={said.drill} text={said.drillText}>
      <ProblemNote problem={place === null ? problem.value : null} />
      {drilling ? (
        <p class="note" data-tone="amber" role="status">
          {said.drilling}
        </p>
      ) : (
        // What was tried just now stands above, with what to do.
        problem.value === null && drilled && <Drilled drilled={drilled} />
      )}
      <form onSubmit={(event) => void send(event)} noValidate autocomplete="off">
        {last !== null && (
          <Choice
            legend={said.which}
            name="which"
            options={[
              { value: 'last', label: said.whichLast, help: last.path },
              { value: 'other', label: said.whichOther, help: said.whichOtherHelp },
            ]}
            value={which}
            onChoose={(value) => {
              chosen.value = value
            }}
          />
        )}
        {which === 'other' && <Field name="path" label={said.path} error={errorOf('path')} isRequired />}
        <Field
          name="password"
          label={said.drillPassphrase}
          type="password"
          help={folder === null ? undefined : said.ownPassphrase}
          error={errorOf('passphrase')}
          isRequired={folder === null}
        />
        <div class="actions">
          <Button type="submit" isBusy={isBusy.value}>
            {said.tryOut}
          </Button>
        </div>
      </form>
    </Part>
  )
}

function Drilled({ drilled: { at, path, found, failure } }: { readonly drilled: BackupDrilled }) {
  const time = whenText(at, now.peek())
  if (found === null)
    return (
      <div class="note" data-tone="red" data-drilled="failed">
        <p class="note-text">{said.notFound(time)}</p>
        <p>{failure?.text}</p>
        <p class="fine">{path}</p>
      </div>
    )
  const { isIntact, rows, records, bhor } = found
  const number = (count: number) => count.toLocaleString(locale)
  return (
    <div class="note" data-tone={isIntact ? 'green' : 'red'} data-drilled={isIntact ? 'intact' : 'faulty'}>
      <p class="note-text">{isIntact ? said.found(time) : said.foundFaulty(time)}</p>
      <Facts
        rows={[
          [said.of, whenText(found.at, now.peek())],
          [said.by, bhor],
          [said.rowCount, number(rows)],
          [said.records, isIntact ? said.intact(number(records)) : said.faulty(number(records))],
          [said.file, path],
        ]}
      />
    </div>
  )
}
