import { useSignal } from '@preact/signals'
import type { AccountView, LoginLink } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { CopyBox } from '../parts/copy-box.tsx'
import { later } from '../parts/later.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { porchUrl } from '../session.ts'
import { now } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/words.ts'
import { comesBack } from './comes-back.ts'

const QrCode = later('qr-code', async () => (await import('../parts/qr-code.tsx')).QrCode)

/** The same login on a phone: a code to scan, and the link for who sends it along. */
export function LoginByPhone({ account, url }: { readonly account: AccountView; readonly url: string }) {
  const isOpen = useSignal(false)
  const said = words.accounts.login.phone
  return (
    <details
      class="more"
      onToggle={(event) => {
        isOpen.value = event.currentTarget.open
      }}
    >
      <summary>{said.title}</summary>
      {isOpen.value && (
        <div class="stack by-phone">
          <QrCode text={url} label={said.code} />
          <p class="fine">
            {comesBack(account, porchUrl.value) ? said.comesBack : said.mustPaste(account.redirectUrl)}
          </p>
          <CopyBox label={said.link} text={url} />
          {porchUrl.value !== null && <SendLink account={account} />}
        </div>
      )}
    </details>
  )
}

/** A link at the porch, as reminders carry it: it lives longer than this login, and makes one of its own. */
function SendLink({ account }: { readonly account: AccountView }) {
  const link = useSignal<LoginLink | null>(null)
  const { isBusy, problem, run } = useAction()
  const said = words.accounts.login.phone
  const make = async () => {
    link.value = await call('POST /v1/accounts/{account}/prompt', { params: { account: account.account } })
  }
  return (
    <div class="stack">
      <p class="fine">{said.away}</p>
      <ProblemNote problem={problem.value} />
      {link.value === null ? (
        <Button onPress={() => void run(make)} isBusy={isBusy.value}>
          {said.make}
        </Button>
      ) : (
        <>
          <QrCode text={link.value.url} label={said.sendCode} />
          <p class="fine">{said.once(whenText(link.value.expiresAt, now.value))}</p>
          <CopyBox label={said.sendLink} text={link.value.url} />
        </>
      )}
    </div>
  )
}
