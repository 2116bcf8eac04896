import { useEffect, useRef } from 'preact/hooks'
import type { AccountView, PromptView } from '../../../src/contracts/api.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { focusFault, readForm } from '../parts/form-text.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { placeProblem } from '../problem-place.ts'
import { now } from '../time/clock.ts'
import { countdown } from '../time/ist.ts'
import { words } from '../words/words.ts'
import { answerLogin, cancelLogin, outcomes, type Running, running, startLogin } from './logins.ts'

const said = words.accounts.ask

/** What the broker asks at a login, question after question, and what became of the answers. */
export function LoginDialog({
  account,
  onClose,
}: {
  readonly account: AccountView
  readonly onClose: () => void
}) {
  const login = running.value[account.id]
  const outcome = outcomes.value[account.id]
  const method = useRef(login?.method)
  method.current = login?.method ?? method.current
  return (
    <Dialog title={said.title(account.account)} onClose={onClose} isNarrow>
      {login !== undefined && login.asks.length > 0 && (
        <Questions
          key={login.asks.map(({ name }) => name).join(' ')}
          account={account}
          login={login}
          onClose={onClose}
        />
      )}
      {login !== undefined && login.asks.length === 0 && (
        <p class="loading" role="status">
          {said.asking(account.brokerName)}
        </p>
      )}
      {login === undefined && outcome?.kind === 'failed' && (
        <>
          <ProblemNote problem={{ detail: outcome.text, hint: outcome.next, requestId: outcome.requestId }} />
          <div class="actions actions-end">
            <Button onPress={onClose}>{said.close}</Button>
            <Button look="primary" onPress={() => void startLogin(account, method.current)}>
              {said.again}
            </Button>
          </div>
        </>
      )}
      {login === undefined && outcome?.kind !== 'failed' && <p>{said.over}</p>}
    </Dialog>
  )
}

function Questions({
  account,
  login,
  onClose,
}: {
  readonly account: AccountView
  readonly login: Running
  readonly onClose: () => void
}) {
  const { isBusy, problem, run } = useAction()
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector('input')?.focus(), [])
  const inputs = login.asks.map(({ name }) => `answers.${name}`)
  const place = placeProblem(problem.value, inputs)
  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    const texts = readForm(event.currentTarget as HTMLFormElement)
    const answers = Object.fromEntries(login.asks.map(({ name }) => [name, texts[`answers.${name}`] ?? '']))
    const isTaken = await run(() => answerLogin(account, answers))
    if (!isTaken && form.current) focusFault(form.current)
  }
  const left = login.expiresAt === null ? '' : countdown(Date.parse(login.expiresAt), now.value)
  return (
    <form ref={form} onSubmit={(event) => void send(event)} noValidate>
      <p class="fine">{said.where(account.brokerName, left)}</p>
      <ProblemNote problem={place === null ? problem.value : null} />
      {login.asks.map((prompt) => (
        <Field
          key={prompt.name}
          name={`answers.${prompt.name}`}
          label={prompt.label}
          error={place === `answers.${prompt.name}` ? problem.value?.detail : null}
          isRequired
          {...typing[prompt.kind]}
        />
      ))}
      <div class="actions actions-end">
        <Button
          onPress={() => {
            onClose()
            void cancelLogin(account)
          }}
        >
          {words.accounts.login.cancel}
        </Button>
        <Button look="primary" type="submit" isBusy={isBusy.value}>
          {isBusy.value ? words.accounts.login.asking : words.accounts.actions.logIn}
        </Button>
      </div>
    </form>
  )
}

/** The keyboard that a phone shows, and what it may fill in by itself. */
const typing = {
  pin: { type: 'password', inputMode: 'numeric' },
  password: { type: 'password' },
  totp: { inputMode: 'numeric', autocomplete: 'one-time-code' },
  otp: { inputMode: 'numeric', autocomplete: 'one-time-code' },
  text: {},
} as const satisfies Record<PromptView['kind'], object>
