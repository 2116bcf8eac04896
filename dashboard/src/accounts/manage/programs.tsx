import { useSignal } from '@preact/signals'
import type { AccountView, KeyAdded, KeyView } from '../../../../src/contracts/api.ts'
import { useLive } from '../../live/use-live.ts'
import { Button } from '../../parts/button.tsx'
import { Panel } from '../../parts/panel.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { isAboutKeys } from '../../programs/about-keys.ts'
import { CreateKeyDialog } from '../../programs/create-key.tsx'
import { KeyLists } from '../../programs/key-lists.tsx'
import { KeyShown } from '../../programs/key-shown.tsx'
import { keyState, keys, loadKeys } from '../../programs/keys.ts'
import { minuteEnd } from '../../time/clock.ts'
import { words } from '../../words/manage.ts'

/** The keys that open this account, and how much each was used for it. */
export function Programs({ account }: { readonly account: AccountView }) {
  const isCreating = useSignal(false)
  const added = useSignal<KeyAdded | null>(null)
  const said = words.manage.programs
  const problem = useLive(loadKeys, isAboutKeys)
  const opening = keys.value?.filter((key) => opens(key, account.account))
  const live = opening?.filter((key) => keyState(key, minuteEnd.value) === 'live')
  return (
    <>
      <Panel
        title={said.title(account.account)}
        aside={
          <Button
            onPress={() => {
              isCreating.value = true
            }}
          >
            {said.newKey}
          </Button>
        }
      >
        <p>{said.text}</p>
        <ProblemNote problem={problem.value} />
        {live === undefined && problem.value === null && <p class="loading">{said.reading}</p>}
        {live?.length === 0 && <p class="blank">{said.nothing}</p>}
        {opening !== undefined && <KeyLists all={opening} account={account.account} />}
      </Panel>
      {isCreating.value && (
        <CreateKeyDialog
          account={account.account}
          onClose={() => {
            isCreating.value = false
          }}
          onAdded={(key) => {
            isCreating.value = false
            added.value = key
          }}
        />
      )}
      {added.value !== null && (
        <KeyShown
          added={added.value}
          onClose={() => {
            added.value = null
          }}
        />
      )}
    </>
  )
}

function opens({ accounts }: KeyView, account: string): boolean {
  return accounts === null || accounts.includes(account)
}
