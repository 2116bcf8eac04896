import type { AuditView } from '../../../src/contracts/api.ts'
import { now } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { actionWords, detailText } from './action-words.ts'

const tones = { ok: 'green', refused: 'amber', failed: 'red' } as const

export function AuditRow({ record }: { readonly record: AuditView }) {
  const detail = detailText(record.detail)
  return (
    <li class="row" data-result={record.result}>
      <span class="audit-seq">{record.seq}</span>
      <div class="row-main">
        <p class="row-name">
          {actionWords(record.action)}
          {record.account !== null && <span class="audit-account"> {record.account}</span>}
        </p>
        <p class="fine">
          <time dateTime={record.at}>{whenText(record.at, now.value)}</time> · {record.actor}
          {detail !== '' && ` · ${detail}`}
        </p>
      </div>
      {record.result !== 'ok' && (
        <span class="badge" data-tone={tones[record.result]}>
          {record.result}
          {record.code !== null && `: ${record.code}`}
        </span>
      )}
    </li>
  )
}
