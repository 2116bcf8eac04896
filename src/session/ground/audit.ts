import type { AuditCheck, AuditView } from '../../contracts/api.ts'
import type { AuditRecord, AuditVerdict } from '../../contracts/audit.ts'
import { dataWithoutControls } from '../../core/control-characters.ts'
import { iso } from '../../core/instant.ts'
import { recordedIds } from '../accounts/recorded.ts'
import type { SessionContext } from './context.ts'
import { type Principal, requireRight } from './rights.ts'

/** The audit as people read it. */
export class Audit {
  readonly #context: SessionContext

  constructor(context: SessionContext) {
    this.#context = context
  }

  async list(
    principal: Principal,
    wish: { limit: number; account?: string; before?: number },
  ): Promise<AuditView[]> {
    requireRight(principal, 'admin', 'house')
    const { account: alias, limit, before } = wish
    const ids = alias === undefined ? undefined : await recordedIds(this.#context, principal, alias)
    return (await this.#context.store.audit.latest(limit, ids, before)).map(auditView)
  }

  async verify(principal: Principal): Promise<AuditCheck> {
    requireRight(principal, 'admin', 'house')
    const { audit, store } = this.#context
    const verdict = await audit.verify()
    await store.inspect()
    const rollback = store.rollback()
    if (!verdict.intact) {
      const text = [faultText(verdict), ...(rollback ? [rollback.message] : [])].join(' ')
      return { ...verdict, text }
    }
    if (!rollback) return verdict
    // Whole in itself, which an older log is too.
    const { records } = verdict
    return { intact: false, seq: records, fault: 'rolled_back', text: rollback.message, records }
  }
}

function faultText({ fault, seq }: Exclude<AuditVerdict, { intact: true }>): string {
  const texts = {
    changed: `Record ${seq} does not match: it was changed.`,
    missing: `Record ${seq} is missing.`,
    inserted: `Record ${seq} was inserted.`,
    out_of_order: `Record ${seq} stands in the wrong place.`,
    tail_cut: `The log ends before record ${seq}, which was written once.`,
    head_changed: 'The end mark of the log was changed.',
  } as const
  return texts[fault]
}

function auditView(record: AuditRecord): AuditView {
  return dataWithoutControls<AuditView>({
    seq: record.seq,
    at: iso(record.atMs),
    actor: record.actor.id ? `${record.actor.kind}:${record.actor.id}` : record.actor.kind,
    action: record.action,
    account: record.account ?? null,
    result: record.result,
    code: record.code ?? null,
    detail: { ...record.detail },
  })
}
