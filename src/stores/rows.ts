import type { Kysely } from 'kysely'
import type { Rows } from '../contracts/store.ts'
import { BhorError } from '../core/errors.ts'
import { orTaken } from './faults.ts'
import type { Table } from './table.ts'

/** What most nouns need of their table, by fields of its record. */
export interface TableRows<Record> {
  /** @throws BhorError `store_damaged` */
  find(by: Partial<Record>): Promise<Record | undefined>
  list(by: Partial<Record>, order: readonly (keyof Record)[]): Promise<Rows<Record>>
  /** `taken` says what an equal row means. */
  insert(record: Record, taken?: () => BhorError): Promise<void>
  /** Everything but the key and what `kept` names. False when no row is `by`. */
  update(
    record: Record,
    by: Partial<Record>,
    options?: { taken?: () => BhorError; kept?: keyof Record },
  ): Promise<boolean>
  delete(by: Partial<Record>): Promise<void>
}

/** Any database: this file knows its tables by their codecs. */
type AnyDb = Kysely<{ [table: string]: { [column: string]: unknown } }>

export function rowsOf<Record extends object>(db: unknown, table: Table<Record>): TableRows<Record> {
  const any = db as AnyDb
  const stored = (by: Partial<Record>) =>
    Object.entries(by).map(([field, value]) => {
      const column = table.columnOf(field as keyof Record)
      return [column.name, column.write(value)] as const
    })
  const select = (by: Partial<Record>) =>
    stored(by).reduce(
      (query, [column, value]) => query.where(column, '=', value),
      any.selectFrom(table.name).selectAll(),
    )
  const alreadyThere = () => new BhorError('already_exists', 'This row is already in the store.')
  return {
    async find(by) {
      const row = await select(by).executeTakeFirst()
      return row && table.read(row)
    },
    async list(by, order) {
      const ordered = order.reduce((query, field) => query.orderBy(table.columnOf(field).name), select(by))
      return table.readAll(await ordered.execute())
    },
    async insert(record, taken = alreadyThere) {
      await orTaken(
        any
          .insertInto(table.name)
          .values({ ...table.write(record) })
          .execute(),
        taken,
      )
    },
    async update(record, by, { taken = alreadyThere, kept } = {}) {
      const { [table.key]: _key, ...columns } = { ...table.write(record) } as { [column: string]: unknown }
      if (kept !== undefined) delete columns[table.columnOf(kept).name]
      const update = stored(by).reduce(
        (query, [column, value]) => query.where(column, '=', value),
        any.updateTable(table.name).set(columns),
      )
      return (await orTaken(update.executeTakeFirst(), taken)).numUpdatedRows > 0n
    },
    async delete(by) {
      await stored(by)
        .reduce((query, [column, value]) => query.where(column, '=', value), any.deleteFrom(table.name))
        .execute()
    },
  }
}

/** For a table that is of no use in parts. @throws BhorError `store_damaged` of the first damaged row */
export function allSound<Record>({ records, damaged }: Rows<Record>): readonly Record[] {
  if (damaged[0]) throw damaged[0].error
  return records
}
