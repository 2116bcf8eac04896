import type { DamagedRow, Rows } from '../contracts/store.ts'
import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'
import type { Column, Columns, RowOf } from './columns.ts'

/** The codec of one record: both directions and the type of its row come from the same list of columns. */
export interface Table<Record, Name extends string = string, Row = object> {
  readonly name: Name
  /** The column that names a row. */
  readonly key: string
  /** Of a table whose rows the inventory counts: which of them may still decide something. */
  readonly live: Live<Record> | undefined
  readonly columns: readonly string[]
  /** Of a table with sealed values: in which columns they stand, and which they are. */
  readonly sealed: Sealed<Record> | undefined
  columnOf(field: keyof Record): Column<unknown>
  write(record: Record): Row
  /** @throws BhorError `store_damaged` naming table and row, never what stands there */
  read(row: object): Record
  /** The rows that can be read, and which cannot. */
  readAll(rows: readonly object[]): Rows<Record>
}

/**
 * The values of some fields that a row has as long as it decides something; no field for every row. A row that has
 * lost them never gets them back: a finished login is not opened again.
 */
export type Live<Record> = { readonly [Field in keyof Record]?: readonly Record[Field][] }

/** Where sealed values stand: a column holds one, or text in which one stands. */
export interface Sealed<Record> {
  readonly columns: readonly string[]
  /** Empty texts for none. */
  texts(record: Record): readonly string[]
}
/** A record with sealed fields says so, or its values are forgotten when the key is replaced. */
type Sealing<Record> =
  Extract<keyof Record, `sealed${string}`> extends never
    ? { readonly sealed?: undefined }
    : { readonly sealed: Sealed<Record> }

/** Rows with an id and a MAC are counted, unless null says that they are not: which of them are live has to be said. */
type Counting<Record> = Record extends { readonly id: string; readonly mac: string }
  ? { readonly live: Live<Record> | null }
  : { readonly live?: undefined }

/**
 * Declares a table: `table<AccountRecord>()('accounts', { id: text('id'), … }, { key: 'id', called: 'alias' })`.
 * `called` is the field by which people know a row; of a row with a MAC `live` says whether it still decides something.
 */
export function table<Record extends object>() {
  return <Name extends string, const Those extends Columns<Record>>(
    name: Name,
    columns: Those,
    {
      key,
      called,
      live,
      sealed,
    }: { readonly key: keyof Record; readonly called?: keyof Record } & Counting<Record> & Sealing<Record>,
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
      live: (live ?? undefined) as Live<Record> | undefined,
      sealed: sealed as Sealed<Record> | undefined,
      columns: fields.map(([, column]) => column.name),
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

/** Whether a record of a counted table may still decide something. */
export function isLive<Record extends object>({ live = {} }: Table<Record>, record: Record): boolean {
  return Object.entries(live).every(([field, values]) =>
    (values as readonly unknown[]).includes(record[field as keyof Record]),
  )
}

/** A row that bhor wrote is not what it wrote. */
export function unwritten(name: string, row: string): BhorError {
  return new BhorError(
    'store_damaged',
    `The database did not take what was written into table ${name}, row ${printable(row, 80)}.`,
    {
      hint: 'Something in the database undoes what bhor does: look for triggers and rules.',
      facts: { table: name, row: printable(row, 80) },
    },
  )
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
