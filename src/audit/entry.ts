import { type AuditEntry, type AuditRecord, auditFields } from '../contracts/audit.ts'
import { controlsEscaped } from '../core/control-characters.ts'

/** Text as every engine gives it back: no half surrogates (UTF-8 has none), no NUL (Postgres has none). */
function storable(text: string): string {
  return text.isWellFormed() && !text.includes('\0') ? text : text.toWellFormed().replaceAll('\0', '\u2400')
}

function storableDetail(detail: NonNullable<AuditEntry['detail']>): NonNullable<AuditEntry['detail']> {
  const fields = Object.entries(detail).map(([name, value]) => {
    if (typeof value === 'string') return [storable(name), storable(value)] as const
    if (typeof value === 'number' && !Number.isFinite(value)) return [storable(name), String(value)] as const
    return [storable(name), value] as const
  })
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * The entry as it will be read again: only its known fields, in one order, with storable texts. What a caller
 * changes later in its own object no longer matters.
 */
export function settled(entry: AuditEntry): AuditEntry {
  return {
    atMs: entry.atMs,
    actor: { kind: entry.actor.kind, id: storable(entry.actor.id) },
    action: entry.action,
    ...(entry.accountId === undefined ? {} : { accountId: storable(entry.accountId) }),
    ...(entry.account === undefined ? {} : { account: storable(entry.account) }),
    result: entry.result,
    ...(entry.code === undefined ? {} : { code: entry.code }),
    ...(entry.detail === undefined ? {} : { detail: storableDetail(entry.detail) }),
  }
}

/** Everything about an entry but its time, as it is linked and as it is stored. */
export interface PreparedEntry {
  readonly accountId: string | null
  /** See `untimedText`. */
  readonly text: string
  /** See `auditFields`. */
  readonly fields: string
}

/** What is recorded again and again is prepared once. */
export function prepared(entry: Omit<AuditEntry, 'atMs'>): PreparedEntry {
  const kept = settled({ ...entry, atMs: 0 })
  return { accountId: kept.accountId ?? null, text: untimedText(kept), fields: auditFields(kept) }
}

/**
 * The part of a record's canonical text that does not depend on its place in the chain: a JSON array of its
 * fields in a fixed order, null for what is absent.
 */
export function entryText(entry: AuditEntry): string {
  return timedText(entry.atMs, untimedText(entry))
}

export function timedText(atMs: number, untimed: string): string {
  return `[${atMs},${untimed}`
}

/** All of {@link entryText} behind the time. */
function untimedText(entry: Omit<AuditEntry, 'atMs'>): string {
  const { actor, action, accountId, account, result, code, detail } = entry
  const fields = detail && Object.entries(detail).sort(([a], [b]) => (a < b ? -1 : 1))
  const text = JSON.stringify([
    actor.kind,
    actor.id,
    action,
    accountId ?? null,
    account ?? null,
    result,
    code ?? null,
    fields ?? null,
  ])
  return text.slice(1)
}

/** One record as one line of JSON, whatever its fields hold: nothing in it ends a line for any reader. */
export function recordLine(record: AuditRecord): string {
  return controlsEscaped(JSON.stringify(record))
}
