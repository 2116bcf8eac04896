import { useSignal } from '@preact/signals'
import { announce } from '../announce.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { CopyBox } from '../parts/copy-box.tsx'
import { Field } from '../parts/field.tsx'
import { readForm } from '../parts/form-text.ts'
import { addressOf } from '../place.ts'
import { words } from '../words/settings.ts'
import { tellsOf } from './house-change.ts'
import { Part, Section } from './section.tsx'
import { useReading } from './use-reading.ts'

const said = words.settings.seal

/** The panic button: what it does, and how it ends. */
export function SealSection() {
  const { value: seal, problem, again } = useReading(() => call('GET /v1/seal'), tellsOf('seal'))
  const reason = useSignal<string | null>(null)
  const isSealed = seal.value?.sealed === true
  const ask = (event: SubmitEvent) => {
    event.preventDefault()
    reason.value = readForm(event.currentTarget as HTMLFormElement).reason ?? ''
  }
  const act = async () => {
    const given = reason.value ?? ''
    await call('PUT /v1/seal', { body: given === '' ? {} : { reason: given } })
    announce(said.done)
    await again()
  }
  return (
    <Section name="seal" problem={problem.value} isRead={seal.value !== null}>
      <div class="note" data-tone={isSealed ? 'red' : 'green'} data-sealed={isSealed} role="status">
        <p class="note-text">{isSealed ? said.sealed : said.open}</p>
        {isSealed && <p>{seal.value?.text}</p>}
      </div>
      <Part title={said.doesTitle}>
        <ul class="warnings">
          {said.does.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </Part>
      <Part title={said.endTitle} text={said.end}>
        <CopyBox label={said.command} text="bhor unseal" />
      </Part>
      {!isSealed && (
        <section class="section part">
          <form onSubmit={ask} noValidate autocomplete="off">
            <Field name="reason" label={said.reason} help={said.reasonHelp} />
            <div class="actions">
              <Button look="danger" type="submit">
                {said.act}
              </Button>
            </div>
          </form>
          <p class="fine">
            {said.less} <a href={addressOf('today')}>{words.shell.pages.today}</a>
          </p>
        </section>
      )}
      {reason.value !== null && (
        <ConfirmDialog
          title={said.title}
          text={said.text}
          action={said.act}
          keep={said.keep}
          act={act}
          onClose={() => {
            reason.value = null
          }}
        />
      )}
    </Section>
  )
}
