import { useSignal } from '@preact/signals'
import type { AccountView } from '../../../src/contracts/api.ts'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { readForm } from '../parts/form-text.ts'
import { OutsideLink } from '../parts/outside-link.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { now } from '../time/clock.ts'
import { countdown } from '../time/ist.ts'
import { cancelLogin, completeLogin, type Running } from './logins.ts'
import { openDialog } from './open-dialog.ts'

/** While a login runs: what we wait for, how long still, and the ways on. */
export function LoginProgress({
  account,
  login,
}: {
  readonly account: AccountView
  readonly login: Running
}) {
  const { isBlocked, url, expiresAt, asks, method, isOurs } = login
  const left = expiresAt === null ? '' : `${countdown(Date.parse(expiresAt), now.value)} left`
  const answer = () => {
    openDialog.value = { kind: 'questions', accountId: account.id }
  }
  return (
    <div class="waiting">
      <p class="waiting-text">
        <span class="waiting-dots" aria-hidden="true" />
        <span role="status">{waitsFor(login)}</span>
        <span class="waiting-left">{left}</span>
      </p>
      {asks.length > 0 && (
        <Button look="primary" onPress={answer}>
          Answer
        </Button>
      )}
      {method === 'approval' && isOurs && (
        <p class="fine">
          Open the app of {account.brokerName} on your phone and allow the login. This page looks by itself.
        </p>
      )}
      {url !== null && asks.length === 0 && (
        <p class="fine">
          {isBlocked ? 'Your browser blocked the window. ' : 'No window to be seen? '}
          <OutsideLink to={url}>Open the login page</OutsideLink>
        </p>
      )}
      {!isOurs && <p class="fine">This login was started elsewhere.</p>}
      {method === 'redirect' && asks.length === 0 && expiresAt !== null && <PasteAddress account={account} />}
      {expiresAt !== null && <Button onPress={() => void cancelLogin(account)}>Cancel login</Button>}
    </div>
  )
}

function waitsFor({ isChecking, asks, method, id }: Running): string {
  if (asks.length > 0) return `Asked for: ${asks.map(({ label }) => label).join(', ')}`
  if (isChecking) return 'The broker has answered, checking…'
  if (id === null && method !== 'redirect') return 'Asking the broker…'
  return method === 'approval' ? 'Waiting for your phone…' : 'Waiting for the broker’s page…'
}

function PasteAddress({ account }: { readonly account: AccountView }) {
  const { isBusy, problem, run } = useAction()
  const isEmpty = useSignal(false)
  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    const { address } = readForm(event.currentTarget as HTMLFormElement)
    isEmpty.value = address === undefined
    if (address !== undefined) await run(() => completeLogin(account, address))
  }
  return (
    <details class="more">
      <summary>The browser ended on a page that does not load?</summary>
      <form onSubmit={(event) => void send(event)} noValidate>
        <Field
          name="address"
          label="Address of that page"
          help="Copy the whole address from the address bar, for example on your phone. What a chat or a mail has made of it is fine."
          error={isEmpty.value ? 'Paste the address first.' : null}
          isRequired
          isLong
        />
        <ProblemNote problem={problem.value} />
        <Button type="submit" isBusy={isBusy.value}>
          Complete login
        </Button>
      </form>
    </details>
  )
}
