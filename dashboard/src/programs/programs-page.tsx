import { useSignal } from '@preact/signals'
import type { KeyAdded } from '../../../src/contracts/api.ts'
import { accounts } from '../accounts/accounts.ts'
import { useLive } from '../live/use-live.ts'
import { Button } from '../parts/button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { addressOf, goTo, place } from '../place.ts'
import { minuteEnd } from '../time/clock.ts'
import { words } from '../words/programs.ts'
import { isAboutKeys } from './about-keys.ts'
import { CreateKeyDialog } from './create-key.tsx'
import { KeyLists } from './key-lists.tsx'
import { KeyShown } from './key-shown.tsx'
import { keys, loadKeys, loadUnused, unused } from './keys.ts'

const dayMs = 24 * 60 * 60_000

/** The client keys, and the way to a first program. `#programs/new` makes one. */
export function ProgramsPage() {
  const added = useSignal<KeyAdded | null>(null)
  const problem = useLive(async (since) => {
    await loadKeys()
    // Only a hint: without it the page is whole.
    if (since?.every(({ event }) => event === 'key.used') !== true) await loadUnused().catch(() => {})
  }, isAboutKeys)
  const said = words.programs
  const isCreating = place.value.path[0] === 'new'
  // Gone from the way back, so that it leads to where one came from.
  const stopCreating = () => location.replace(addressOf('programs'))
  const all = keys.value
  return (
    <>
      <div class="title-row">
        <div>
          <h1 class="headline">{said.title}</h1>
          <p class="subline">{said.intro}</p>
        </div>
        {all !== null && all.length > 0 && (
          <Button look="primary" onPress={() => goTo('programs', 'new')}>
            {said.newKey}
          </Button>
        )}
      </div>
      <ProblemNote problem={problem.value} />
      {all === null && problem.value === null && <p class="loading">{said.reading}</p>}
      {all?.length === 0 && <NoKeys />}
      {all !== null && all.length > 0 && (
        <>
          <UnusedNote />
          <KeyLists all={all} />
        </>
      )}
      {isCreating && (
        <CreateKeyDialog
          onClose={stopCreating}
          onAdded={(key) => {
            stopCreating()
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

/** The way goes by an account: a key opens its sessions. */
function NoKeys() {
  const said = words.programs
  const hasAccount = accounts.value === null || accounts.value.length > 0
  return (
    <section class="empty">
      <p class="empty-text">{hasAccount ? said.empty : said.shown.noAccount}</p>
      <div class="empty-actions">
        {hasAccount ? (
          <Button look="primary" isBig onPress={() => goTo('programs', 'new')}>
            {said.connectFirst}
          </Button>
        ) : (
          <a class="button button-primary button-big" href={addressOf('today')}>
            {said.shown.addAccount}
          </a>
        )}
      </div>
    </section>
  )
}

function UnusedNote() {
  const found = unused.value ?? []
  const since = Date.parse(found[0]?.since ?? '')
  if (found.length === 0 || Number.isNaN(since)) return null
  const days = Math.round((minuteEnd.value - since) / dayMs)
  return (
    <p class="note unused-note" data-tone="amber">
      {words.programs.unusedNote(
        found.map(({ name }) => name),
        days,
      )}
    </p>
  )
}
