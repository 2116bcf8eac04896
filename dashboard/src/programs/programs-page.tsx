import { useSignal } from '@preact/signals'
import type { KeyAdded, KeyView } from '../../../src/contracts/api.ts'
import { accounts } from '../accounts/accounts.ts'
import { useLive } from '../live/use-live.ts'
import { Button } from '../parts/button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { addressOf, goTo, place } from '../place.ts'
import { now } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/words.ts'
import { isAboutKeys } from './about-keys.ts'
import { CreateKeyDialog } from './create-key.tsx'
import { KeyCard } from './key-card.tsx'
import { KeyShown } from './key-shown.tsx'
import { keyState, keys, loadKeys, loadUnused, sortedKeys, unused } from './keys.ts'
import { RunRow } from './run-row.tsx'

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
      {all !== null && all.length > 0 && <KeyLists all={all} />}
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

function KeyLists({ all }: { readonly all: readonly KeyView[] }) {
  const said = words.programs
  const { programs, runs, over } = sortedKeys(all, now.value)
  return (
    <>
      <UnusedNote />
      {programs.length > 0 && (
        <ul class="rows" aria-label={said.list}>
          {programs.map((key) => (
            <KeyCard key={key.id} view={key} />
          ))}
        </ul>
      )}
      {runs.length > 0 && (
        <section class="section" aria-labelledby="runs-title">
          <div class="section-head">
            <h2 id="runs-title">{said.runs.title}</h2>
          </div>
          <p class="subline">{said.runs.text}</p>
          <ul class="rows">
            {runs.map((key) => (
              <RunRow key={key.id} view={key} />
            ))}
          </ul>
        </section>
      )}
      {over.length > 0 && (
        <details class="more keys-over">
          <summary>{said.over.title(over.length)}</summary>
          <ul>
            {over.map((key) => (
              <OverRow key={key.id} view={key} />
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

function OverRow({ view }: { readonly view: KeyView }) {
  const { over } = words.programs
  const state = keyState(view, now.value)
  const when = whenText(view.revokedAt ?? view.expiresAt ?? '', now.value)
  return (
    <li class="key-over" data-key={view.id} data-state={state}>
      <span class="row-name">{view.name}</span>{' '}
      <span class="fine">{state === 'revoked' ? over.revoked(when) : over.expired(when)}</span>
    </li>
  )
}

function UnusedNote() {
  const found = unused.value ?? []
  const since = Date.parse(found[0]?.since ?? '')
  if (found.length === 0 || Number.isNaN(since)) return null
  const days = Math.round((now.value - since) / dayMs)
  return (
    <p class="note unused-note" data-tone="amber">
      {words.programs.unusedNote(
        found.map(({ name }) => name),
        days,
      )}
    </p>
  )
}
