import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { AccountView } from '../../../src/contracts/api.ts'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { readForm } from '../parts/form-text.ts'
import { OutsideLink } from '../parts/outside-link.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { now } from '../time/clock.ts'
import { countdown } from '../time/ist.ts'
import { words } from '../words/words.ts'
import { LoginByPhone } from './login-by-phone.tsx'
import { cancelLogin, completeLogin, type Running } from './logins.ts'
import { openDialog } from './open-dialog.ts'

/** A window that has done its work closes too, a moment before its answer is heard here. */
const patienceMs = 4_000

/** While a login runs: what we wait for, how long still, and the ways on. */
export function LoginProgress({
  account,
  login,
}: {
  readonly account: AccountView
  readonly login: Running
}) {
  const { isBlocked, url, expiresAt, asks, method, isElsewhere, isChecking } = login
  const isClosed = useIsClosed(login)
  const said = words.accounts.login
  const left = expiresAt === null ? '' : said.left(countdown(Date.parse(expiresAt), now.value))
  const answer = () => {
    openDialog.value = { kind: 'questions', accountId: account.id }
  }
  const isWithPage = url !== null && asks.length === 0
  return (
    <div class="waiting">
      <p class="waiting-text">
        <span class="waiting-dots" aria-hidden="true" />
        <span role="status">{waitsFor(login)}</span>
        <span class="waiting-left">{left}</span>
      </p>
      {asks.length > 0 && (
        <Button look="primary" onPress={answer}>
          {said.answer}
        </Button>
      )}
      {method === 'approval' && <p class="fine">{said.onPhone(account.brokerName)}</p>}
      {isWithPage && (
        <p class="fine" data-window={isBlocked ? 'blocked' : isClosed ? 'closed' : 'open'}>
          {isBlocked ? said.blocked : isClosed && !isChecking ? said.closed : said.noWindow}{' '}
          <OutsideLink to={url}>{said.openPage}</OutsideLink>
        </p>
      )}
      {isElsewhere && <p class="fine">{said.elsewhere}</p>}
      {isWithPage && <LoginByPhone account={account} url={url} />}
      {method === 'redirect' && asks.length === 0 && expiresAt !== null && <PasteAddress account={account} />}
      {expiresAt !== null && <Button onPress={() => void cancelLogin(account)}>{said.cancel}</Button>}
    </div>
  )
}

/** Whether the login's own window has been closed for a while. A page that cuts itself off looks closed, too. */
function useIsClosed({ popup }: Running): boolean {
  const sinceMs = useRef<number | null>(null)
  if (popup?.closed !== true) sinceMs.current = null
  else sinceMs.current ??= now.value
  return sinceMs.current !== null && now.value - sinceMs.current >= patienceMs
}

function waitsFor({ isChecking, asks, method, id }: Running): string {
  const said = words.accounts.login
  if (asks.length > 0) return said.asked(asks.map(({ label }) => label))
  if (isChecking) return said.checking
  if (id === null && method !== 'redirect') return said.asking
  return method === 'approval' ? said.waitingForPhone : said.waitingForPage
}

function PasteAddress({ account }: { readonly account: AccountView }) {
  const { isBusy, problem, run } = useAction()
  const isEmpty = useSignal(false)
  const said = words.accounts.login.paste
  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    const { address } = readForm(event.currentTarget as HTMLFormElement)
    isEmpty.value = address === undefined
    if (address !== undefined) await run(() => completeLogin(account, address))
  }
  return (
    <details class="more" open={account.redirectNote !== null}>
      <summary>{said.title}</summary>
      <form onSubmit={(event) => void send(event)} noValidate>
        <Field
          name="address"
          label={said.label}
          help={said.help}
          error={isEmpty.value ? said.missing : null}
          isRequired
          isLong
        />
        <ProblemNote problem={problem.value} />
        <Button type="submit" isBusy={isBusy.value}>
          {said.send}
        </Button>
      </form>
    </details>
  )
}
