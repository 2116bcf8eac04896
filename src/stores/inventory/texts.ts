import type { CountedRow, Seen } from '../../contracts/inventory.ts'
import { printable } from '../../core/redact.ts'

/** How it is said that a store went back, and by what it was noticed. */

export function older(seq: number, seen: Seen): string {
  return `The store ends at record ${seq} of the audit, but record ${seen.seq} was seen here: it is an earlier one.`
}

export function another(seq: number): string {
  return `Record ${seq} of the audit is not the one that was seen here: the store went back and then went on.`
}

export function rowsSetBack(rows: readonly CountedRow[]): string {
  const named = rows.slice(0, 3).map(({ table, id }) => `${table} ${printable(id, 80)}`)
  const more = rows.length > named.length ? ' and others' : ''
  return `Rows of the store are not the latest, or are gone: ${named.join(', ')}${more}.`
}

export function sumChanged(): string {
  return 'The inventory of the latest rows is not the one that bhor wrote last.'
}

export function headChanged({ seq }: Pick<Seen, 'seq'>): string {
  return `The end of the audit log, record ${seq}, was changed; it says what the latest rows are.`
}

export function tailGone(seq: number): string {
  return `Record ${seq}, the last of the audit, is gone.`
}
