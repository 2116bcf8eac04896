import type { AuditCheck } from '../../../src/contracts/api.ts'

export function AuditVerdict({ check }: { readonly check: AuditCheck }) {
  const count = `${check.records} ${check.records === 1 ? 'record' : 'records'}`
  return (
    <div class="note" data-tone={check.intact ? 'green' : 'red'} data-intact={check.intact} role="status">
      <p class="note-text">
        {check.intact
          ? `Intact: all ${count} fit together.`
          : `Not intact at record ${check.seq}. ${check.text}`}
      </p>
      {!check.intact && (
        <p class="fine">
          {check.fault} · {count} read
        </p>
      )}
    </div>
  )
}
