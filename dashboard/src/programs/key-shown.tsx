import type { KeyAdded } from '../../../src/contracts/api.ts'
import { accounts, brokerOf } from '../accounts/accounts.ts'
import { Button } from '../parts/button.tsx'
import { CopyBox } from '../parts/copy-box.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { deskUrl } from '../session.ts'
import { canReadToken } from './scope-words.ts'
import { snippets } from './snippets.ts'

/** The only sight of a new key, and what to write with it. */
export function KeyShown({ added, onClose }: { readonly added: KeyAdded; readonly onClose: () => void }) {
  return (
    <Dialog title={`Key for ${added.name}`} onClose={onClose}>
      <CopyBox label="key" text={added.key} />
      <p class="note" data-tone="amber">
        Copy it now: it is shown this once and stored only as a fingerprint.
      </p>
      <p>Give it to the program as the environment variable BHOR_KEY, not in its code.</p>
      <FirstProgram added={added} />
      <div class="actions actions-end">
        <Button look="primary" onPress={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  )
}

function FirstProgram({ added }: { readonly added: KeyAdded }) {
  const all = accounts.value ?? []
  const account = all.find((each) => added.accounts === null || added.accounts.includes(each.account))
  if (!canReadToken(added.scopes))
    return <p class="fine">This key cannot read sessions. The examples need a key with read-token.</p>
  if (account === undefined) return <p class="fine">Add an account, then a program can read its session.</p>
  const ready = snippets({ origin: deskUrl.value, account: account.account }, brokerOf(account))
  return (
    <>
      <h3 class="section-title">A first program for {account.account}</h3>
      <Tabs
        label="Languages"
        tabs={ready.map(({ name, needs, code }) => ({
          name,
          content: () => (
            <>
              {needs !== '' && <p class="fine">Needs: {needs}</p>}
              <CopyBox label={`${name} example`} text={code} isBlock />
            </>
          ),
        }))}
      />
    </>
  )
}
