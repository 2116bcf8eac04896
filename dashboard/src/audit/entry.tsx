import { useSignal } from '@preact/signals'
import type { ActivityEntry } from '../../../src/contracts/activity.ts'
import { Icon } from '../parts/icon.tsx'
import { istClock } from '../time/ist.ts'
import { words } from '../words/audit.ts'
import { EntryDetails } from './entry-details.tsx'

const tones = { refused: 'amber', failed: 'red' } as const

/** One thing that happened, in a sentence; what a technician wants to know of it is below. */
export function Entry({ entry }: { readonly entry: ActivityEntry }) {
  const isOpen = useSignal(false)
  const { who, text, at, kind, result } = entry
  const rest = text.startsWith(who) ? text.slice(who.length) : null
  return (
    <li class="audit-entry" data-result={result} data-kind={kind} data-seq={entry.seq}>
      <details
        onToggle={(event) => {
          isOpen.value = event.currentTarget.open
        }}
      >
        <summary>
          <time dateTime={at}>{istClock(Date.parse(at))}</time>
          <Icon name={kind === 'account' ? 'accounts' : kind} />
          <span class="audit-text">
            {rest === null ? (
              text
            ) : (
              <>
                <strong>{who}</strong>
                {rest}
              </>
            )}
          </span>
          {result !== 'ok' && (
            <span class="tag audit-result" data-tone={tones[result]}>
              {words.audit.results[result]}
            </span>
          )}
        </summary>
        {isOpen.value && <EntryDetails entry={entry} />}
      </details>
    </li>
  )
}
