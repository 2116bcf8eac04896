import { useSignal } from '@preact/signals'
import type { AuditExported } from '../../../src/contracts/api.ts'
import { announce } from '../announce.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { focusFault, readForm } from '../parts/form-text.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { addressOf } from '../place.ts'
import { words } from '../words/settings.ts'
import { locale } from '../words/words.ts'
import { tellsOf } from './house-change.ts'
import { OptionLines } from './option-line.tsx'
import { Part, Section } from './section.tsx'
import { useReading } from './use-reading.ts'

const said = words.settings.record

/** How long the record and the feed are kept, and how old records leave. */
export function RecordSection() {
  const { value: options, problem } = useReading(() => call('GET /v1/config'), tellsOf('settings'))
  const retention = options.value?.find(({ name }) => name === 'audit_retention')?.value ?? ''
  return (
    <Section name="record" problem={problem.value} isRead={options.value !== null}>
      <Part title={said.audit}>
        <p>{retention === '' ? said.forever : said.kept(retention)}</p>
        <p>{said.feed}</p>
        <OptionLines options={options.value ?? []} names={['audit_retention']} />
      </Part>
      <ExportPart />
      <p class="fine">
        {said.copies} <a href={addressOf('audit')}>{words.shell.pages.audit}</a>
      </p>
    </Section>
  )
}

function ExportPart() {
  const { isBusy, problem, run } = useAction()
  const fault = useSignal<string | null>(null)
  const exported = useSignal<AuditExported | null>(null)
  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const { before } = readForm(form)
    fault.value = before === undefined ? said.beforeMissing : null
    if (before === undefined) return focusFault(form)
    exported.value = null
    // A day begins at midnight in India.
    await run(async () => {
      exported.value = await call('POST /v1/audit/export', { body: { before: `${before}T00:00:00+05:30` } })
      announce(textOf(exported.value))
    })
  }
  return (
    <Part title={said.export} text={said.exportText}>
      <ProblemNote problem={problem.value} />
      {exported.value !== null && (
        <p class="note" data-tone="green">
          {textOf(exported.value)}
        </p>
      )}
      <form onSubmit={(event) => void send(event)} noValidate autocomplete="off">
        <Field name="before" label={said.before} type="date" error={fault.value} isRequired />
        <div class="actions">
          <Button type="submit" isBusy={isBusy.value}>
            {said.act}
          </Button>
        </div>
      </form>
    </Part>
  )
}

function textOf({ records, path }: AuditExported): string {
  return said.exported(records.toLocaleString(locale), path)
}
