import type { DamagedRow, Rows } from '../contracts/store.ts'
import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'
import type { Column, Columns, RowOf } from './columns.ts'

/** The codec of one record: both directions and the type of its row come from the same list of columns. */
export interface Table<Record, Name extends string = string, Row = object> {
  readonly name: Name
  /** The column that names a row. */
  readonly key: string
  columnOf(field: keyof Record): Column<unknown>
  write(record: Record): Row
  /** @throws BhorError `store_damaged` naming table and row, never what stands there */
  read(row: object): Record
  /** The rows that can be read, and which cannot. */
  readAll(rows: readonly object[]): Rows<Record>
}

/**
 * Declares a table: `table<AccountRecord>()('accounts', { id: text('id'), … }, { key: 'id', called: 'alias' })`.
 * `called` is the field by which people know a row.
 */
export function table<Record extends object>() {
  return <Name extends string, const Those extends Columns<Record>>(
    name: Name,
    columns: Those,
    { key, called }: { readonly key: keyof Record; readonly called?: keyof Record },
  ): Table<Record, Name, RowOf<Those>> => {
    const fields = Object.entries(columns) as [string, Column<unknown>][]
    const columnOf = (field: keyof Record) => columns[field] as unknown as Column<unknown>
    const read = (row: object): Record => {
      const record: { [field: string]: unknown } = {}
      for (const [field, column] of fields) {
        const value = column.read((row as { [column: string]: unknown })[column.name])
        if (value === undefined) throw damagedAt(name, stored(row, columnOf(key)))
        record[field] = value
      }
      return record as Record
    }
    return {
      name,
      key: columnOf(key).name,
      columnOf,
      write: (record) =>
        Object.fromEntries(
          fields.map(([field, column]) => [column.name, column.write(record[field as keyof Record])]),
        ) as RowOf<Those>,
      read,
      readAll(rows) {
        const records: Record[] = []
        const damaged: DamagedRow[] = []
        for (const row of rows) {
          try {
            records.push(read(row))
          } catch (error) {
            const id = String(stored(row, columnOf(key)))
            const label = called === undefined ? '' : stored(row, columnOf(called))
            damaged.push({ table: name, id, name: String(label), error: error as BhorError })
          }
        }
        return { records, damaged }
      },
    }
  }
}

/** What can still be read of a damaged row; empty for nothing. */
function stored(row: object, column: Column<unknown>): string | number {
  const value = column.read((row as { [column: string]: unknown })[column.name])
  return typeof value === 'string' || typeof value === 'number' ? value : ''
}

/** A numbered row is named by the fact `seq`, any other by `row`. */
export function damagedAt(name: string, row: string | number): BhorError {
  const at = typeof row === 'number' ? { seq: row } : { row: printable(row, 80) }
  return new BhorError('store_damaged', `Store is damaged at table ${name}, row ${at.seq ?? at.row}.`, {
    facts: { table: name, ...at },
  })
}
