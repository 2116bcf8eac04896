import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { ActivityEntry } from '../../../src/contracts/activity.ts'
import type { AuditView } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { Facts } from '../parts/facts.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { addressOf } from '../place.ts'
import { keys } from '../programs/keys.ts'
import { momentText } from '../time/ist.ts'
import { words } from '../words/audit.ts'

/** The record as it is, and what else may be looked for from here. */
export function EntryDetails({ entry }: { readonly entry: ActivityEntry }) {
  const record = useSignal<AuditView | null>(null)
  const { isBusy, problem, run } = useAction()
  const said = words.audit.details
  const { seq } = entry
  useEffect(() => {
    void run(async () => {
      const query = { limit: '1', before: String(seq + 1) }
      const [found] = await call('GET /v1/audit', { query })
      record.value = found?.seq === seq ? found : null
    })
  }, [seq])
  const program = keys.value?.find(({ id }) => entry.actor === `key:${id}`)
  const isKnown = record.value !== null
  return (
    <div class="audit-details">
      <Facts
        rows={[
          [said.record, entry.times === 1 ? String(seq) : said.range(entry.firstSeq, seq, entry.times)],
          [said.time, `${momentText(entry.at)} · ${entry.at}`],
          [said.who, <code key="who">{entry.actor}</code>],
          [said.action, <code key="action">{entry.action}</code>],
          [said.account, entry.account],
          [
            said.result,
            `${words.audit.results[entry.result]}${entry.code === null ? '' : ` (${entry.code})`}`,
          ],
          ...Object.entries(record.value?.detail ?? {}).map(
            ([name, value]) => [name, <code key={name}>{String(value)}</code>] as const,
          ),
        ]}
      />
      {!isKnown && problem.value === null && (
        <p class="fine">{isBusy.value ? said.reading : said.unreadable}</p>
      )}
      <ProblemNote problem={problem.value} />
      <p class="links">
        {entry.account !== null && (
          <a href={addressOf('audit', 'account', entry.account)}>{said.onlyAccount(entry.account)}</a>
        )}
        {program !== undefined && (
          <a href={addressOf('audit', 'program', program.name)}>{said.onlyProgram(program.name)}</a>
        )}
      </p>
    </div>
  )
}
