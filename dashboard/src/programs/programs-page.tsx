import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { KeyAdded } from '../../../src/contracts/api.ts'
import { accounts } from '../accounts/accounts.ts'
import { Button } from '../parts/button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { CreateKeyDialog } from './create-key.tsx'
import { KeyCard } from './key-card.tsx'
import { KeyShown } from './key-shown.tsx'
import { keys, loadKeys } from './keys.ts'

/** The client keys, and the way to a first program. */
export function ProgramsPage() {
  const isCreating = useSignal(false)
  const added = useSignal<KeyAdded | null>(null)
  const { problem, run } = useAction()
  useEffect(() => void run(loadKeys), [accounts.value])
  const all = keys.value
  return (
    <>
      <div class="title-row">
        <div>
          <h1 class="headline">Programs</h1>
          <p class="subline">
            Each program gets a key of its own. It opens sessions, never your broker’s password or secret.
          </p>
        </div>
        <Button
          look="primary"
          onPress={() => {
            isCreating.value = true
          }}
        >
          New key
        </Button>
      </div>
      <ProblemNote problem={problem.value} />
      {all === null && problem.value === null && <p class="loading">Looking at the keys…</p>}
      {all?.length === 0 && (
        <p class="blank">No keys yet. Make one, and the lines for your first program come with it.</p>
      )}
      {all !== null && all.length > 0 && (
        <ul class="rows">
          {all.map((key) => (
            <KeyCard key={key.id} view={key} />
          ))}
        </ul>
      )}
      {isCreating.value && (
        <CreateKeyDialog
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
