import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { AuditCheck, AuditView } from '../../../src/contracts/api.ts'
import { accounts } from '../accounts/accounts.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { AuditRow } from './audit-row.tsx'
import { AuditVerdict } from './audit-verdict.tsx'

/** The last records of the log, newest first, and the proof that nobody changed it. */
export function AuditPage() {
  const records = useSignal<readonly AuditView[] | null>(null)
  const verdict = useSignal<AuditCheck | null>(null)
  const { isBusy, problem, run } = useAction()
  const load = () =>
    run(async () => {
      const last = await call('GET /v1/audit', { query: { limit: '50' } })
      records.value = last.toSorted((a, b) => b.seq - a.seq)
    })
  const verify = () =>
    run(async () => {
      verdict.value = await call('GET /v1/audit/verify')
    })
  useEffect(() => void load(), [accounts.value])
  return (
    <>
      <div class="title-row">
        <div>
          <h1 class="headline">Audit</h1>
          <p class="subline">Who did what. Each record seals the one before it.</p>
        </div>
        <Button onPress={() => void verify()} isBusy={isBusy.value}>
          Verify
        </Button>
      </div>
      <ProblemNote problem={problem.value} />
      {verdict.value !== null && <AuditVerdict check={verdict.value} />}
      {records.value === null && problem.value === null && <p class="loading">Reading the log…</p>}
      {records.value?.length === 0 && <p class="blank">Nothing has been recorded yet.</p>}
      <ol class="rows audit">
        {records.value?.map((record) => (
          <AuditRow key={record.seq} record={record} />
        ))}
      </ol>
    </>
  )
}
