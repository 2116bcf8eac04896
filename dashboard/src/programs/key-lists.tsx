import type { KeyView } from '../../../src/contracts/api.ts'
import { minuteEnd } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/programs.ts'
import { KeyCard } from './key-card.tsx'
import { keyState, sortedKeys } from './keys.ts'
import { RunRow } from './run-row.tsx'

interface KeyListsProps {
  readonly all: readonly KeyView[]
  /** On the page of one account: what they were used for there. */
  readonly account?: string | undefined
}

/** The keys of programs, those of runs apart, and folded away those that are over. */
export function KeyLists({ all, account }: KeyListsProps) {
  const said = words.programs
  const { programs, runs, over } = sortedKeys(all, minuteEnd.value)
  const Heading = account === undefined ? 'h2' : 'h3'
  return (
    <>
      {programs.length > 0 && (
        <ul class="rows" aria-label={said.list}>
          {programs.map((key) => (
            <KeyCard key={key.id} view={key} account={account} />
          ))}
        </ul>
      )}
      {runs.length > 0 && (
        <section class="section" aria-label={said.runs.title}>
          <div class="section-head">
            <Heading>{said.runs.title}</Heading>
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
  const state = keyState(view, minuteEnd.value)
  const when = whenText(view.revokedAt ?? view.expiresAt ?? '', minuteEnd.value)
  return (
    <li class="key-over" data-key={view.id} data-state={state}>
      <span class="row-name">{view.name}</span>{' '}
      <span class="fine">{state === 'revoked' ? over.revoked(when) : over.expired(when)}</span>
    </li>
  )
}
