import { useSignal } from '@preact/signals'
import type { AccountView } from '../../../src/contracts/api.ts'
import { CopyBox } from '../parts/copy-box.tsx'
import { later } from '../parts/later.tsx'
import { words } from '../words/words.ts'

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
          <p class="fine">{comesBack(account) ? said.comesBack : said.mustPaste(account.redirectUrl)}</p>
          <CopyBox label={said.link} text={url} />
        </div>
      )}
    </details>
  )
}

/** Whether the redirect URL leads here from a phone as well. */
function comesBack({ redirectUrl }: AccountView): boolean {
  const host = URL.parse(redirectUrl)?.hostname ?? ''
  return !['', '127.0.0.1', '[::1]', 'localhost'].includes(host)
}
