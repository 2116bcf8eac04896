import { useSignal } from '@preact/signals'
import { toast } from '../announce.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { focusFault, readForm } from '../parts/form-text.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { words } from '../words/settings.ts'
import { Part } from './section.tsx'
import { hasFault, noFaults, TwoWords, wordFaults } from './two-words.tsx'

const said = words.settings.passphrase

/** By what the page asks who is there. */
export function PassphrasePart({
  isSet,
  onChange,
}: {
  readonly isSet: boolean
  readonly onChange: () => Promise<void>
}) {
  const asked = useSignal<'set' | 'remove' | null>(null)
  const close = () => {
    asked.value = null
  }
  const keep = async (passphrase: string | null) => {
    await call('PUT /v1/desk/passphrase', { body: { passphrase } })
    toast(passphrase === null ? said.removed : said.saved)
    await onChange()
  }
  return (
    <Part title={said.title} text={said.text}>
      <p data-passphrase={isSet ? 'set' : 'none'}>{isSet ? said.isSet : said.isNone}</p>
      <div class="actions">
        <Button
          onPress={() => {
            asked.value = 'set'
          }}
        >
          {isSet ? said.change : said.set}
        </Button>
        {isSet && (
          <Button
            look="quiet"
            onPress={() => {
              asked.value = 'remove'
            }}
          >
            {said.remove}
          </Button>
        )}
      </div>
      {asked.value === 'set' && <PassphraseDialog keep={keep} onClose={close} />}
      {asked.value === 'remove' && (
        <ConfirmDialog
          title={said.removeTitle}
          text={said.removeText}
          action={said.remove}
          act={() => keep(null)}
          onClose={close}
        />
      )}
    </Part>
  )
}

function PassphraseDialog({
  keep,
  onClose,
}: {
  readonly keep: (passphrase: string) => Promise<void>
  readonly onClose: () => void
}) {
  const { isBusy, problem, run } = useAction()
  const faults = useSignal(noFaults)
  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const texts = readForm(form)
    faults.value = wordFaults(texts, { shortest: 8, short: said.help, differ: said.differ })
    if (hasFault(faults.value)) return focusFault(form)
    if (await run(() => keep(texts.password ?? ''))) onClose()
  }
  return (
    <Dialog title={said.set} onClose={onClose} isNarrow>
      <form onSubmit={(event) => void send(event)} noValidate autocomplete="off">
        <ProblemNote problem={problem.value} />
        <TwoWords label={said.first} help={said.help} again={said.again} faults={faults.value} />
        <div class="actions actions-end">
          <Button look="primary" type="submit" isBusy={isBusy.value}>
            {said.save}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
