import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Confirmation } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { CopyBox } from '../parts/copy-box.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { readForm } from '../parts/form-text.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { now, pause } from '../time/clock.ts'
import { words } from '../words/words.ts'
import { asking } from './fresh.ts'

const said = words.door.fresh
const lookEveryMs = 1_500

/** In front of everything else, where something dangerous is about to happen. */
export function FreshDialog() {
  const ask = asking.value
  return ask === null ? null : <Asking act={ask.act} settle={ask.settle} />
}

function Asking({ act, settle }: { readonly act: string; readonly settle: (isConfirmed: boolean) => void }) {
  const way = useSignal<Confirmation | null>(null)
  const asked = useSignal(0)
  const { isBusy, problem, run } = useAction()
  const endMs = useSignal(0)
  const isOver = way.value !== null && endMs.value <= now.value
  const again = () => {
    if (!isBusy.value) asked.value += 1
  }
  useEffect(() => {
    let isOpen = true
    const follow = async () => {
      way.value = null
      const isAsked = await run(async () => {
        const confirmation = await call('POST /v1/desk/confirmation', { body: { act } })
        endMs.value = now.peek() + confirmation.expiresInMs
        way.value = confirmation
      })
      // A code that is over, and one that was never given, nobody can type any more.
      while (isAsked && isOpen && now.peek() < endMs.value) {
        await pause(lookEveryMs)
        if (!isOpen) return
        const { until } = await call('GET /v1/desk/confirmation').catch(() => ({ until: null }))
        if (isOpen && until !== null) return settle(true)
      }
    }
    void follow()
    return () => {
      isOpen = false
    }
  }, [act, asked.value])
  const confirm = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const { passphrase = '' } = readForm(form)
    const isRight = await run(() => call('POST /v1/desk/confirmation/passphrase', { body: { passphrase } }))
    if (isRight) settle(true)
    else form.reset()
  }
  return (
    <Dialog title={said.title} onClose={() => settle(false)} isNarrow>
      {way.value === null && problem.value === null && <p class="loading">{said.wait}</p>}
      {way.value !== null && <p>{said.why(way.value.text)}</p>}
      <ProblemNote problem={problem.value} />
      {way.value === null && problem.value !== null && <Button onPress={again}>{said.again}</Button>}
      {way.value?.byPassphrase && (
        <form onSubmit={(event) => void confirm(event)} noValidate autocomplete="off">
          <Field name="passphrase" label={said.passphrase} type="password" isRequired />
          <div class="actions actions-end">
            <Button onPress={() => settle(false)}>{words.forms.cancel}</Button>
            <Button look="primary" type="submit" isBusy={isBusy.value}>
              {said.confirm}
            </Button>
          </div>
        </form>
      )}
      {isOver && (
        <div class="stack" role="status">
          <p>{said.over}</p>
          <Button onPress={again}>{said.newCode}</Button>
        </div>
      )}
      {way.value !== null && !isOver && (
        <div class="stack">
          <p class={way.value.byPassphrase ? 'fine' : ''}>
            {way.value.byPassphrase ? `${said.forgotten} ` : ''}
            {said.typeThis}
          </p>
          <CopyBox label={words.door.command} text={`bhor desk confirm ${way.value.code}`} />
        </div>
      )}
      {way.value !== null && !way.value.byPassphrase && (
        <p class="fine">
          {said.setOne} <code>bhor desk passphrase</code>
        </p>
      )}
    </Dialog>
  )
}
