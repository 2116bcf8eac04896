import type { Kysely } from 'kysely'
import type { Rows } from '../contracts/store.ts'
import { BhorError } from '../core/errors.ts'
import { orTaken } from './faults.ts'
import type { Db } from './schema.ts'
import { isLive, type Table, unwritten } from './table.ts'
import type { Witness } from './witness.ts'

/** A query over some database that gives whole rows of one table. */
type Ask = (db: Db) => { execute(): Promise<readonly object[]> }

interface Deletion {
  executeTakeFirst(): Promise<{ readonly numDeletedRows: bigint } | undefined>
}

/** What most nouns need of their table, by fields of its record. */
export interface TableRows<Record> {
  /** @throws BhorError `store_damaged` */
  find(by: Partial<Record>): Promise<Record | undefined>
  list(by: Partial<Record>, order: readonly (keyof Record)[]): Promise<Rows<Record>>
  /** The first row that a query gives. @throws BhorError `store_damaged` */
  first(ask: Ask): Promise<Record | undefined>
  all(ask: Ask): Promise<Rows<Record>>
  /** `taken` says what an equal row means. */
  insert(record: Record, taken?: () => BhorError): Promise<void>
  /** False when there is a row with the same value of this field. */
  insertUnlessSame(field: keyof Record, record: Record): Promise<boolean>
  /** Everything but the key and what `kept` names. False when no row is `by`. */
  update(
    record: Record,
    by: Partial<Record>,
    options?: { taken?: () => BhorError; kept?: keyof Record },
  ): Promise<boolean>
  /** Also of rows that cannot be read. */
  delete(by: Partial<Record>): Promise<void>
  /** Runs a deletion that must take these rows. */
  deleteThose(ids: readonly string[], deletion: Deletion): Promise<void>
}

/** Any database: this file knows its tables by their codecs. */
type AnyDb = Kysely<{ [table: string]: { [column: string]: unknown } }>

/**
 * The rows of a table, read and written past its witness. A write that changes no row, where there is one that it must
 * change, is a fault: something in the database undoes what bhor does.
 */
export function rowsOf<Record extends object>(
  given: unknown,
  table: Table<Record>,
  witness: Witness,
): TableRows<Record> {
  const any = given as AnyDb
  const where = (by: Partial<Record>) =>
    Object.entries(by).map(([field, value]) => {
      const column = table.columnOf(field as keyof Record)
      return [column.name, column.write(value)] as const
    })
  const select = (db: unknown, by: Partial<Record>) =>
    where(by).reduce(
      (query, [column, value]) => query.where(column, '=', value),
      (db as AnyDb).selectFrom(table.name).selectAll(),
    )
  const keysBy = async (by: Partial<Record>) => {
    const keys = where(by).reduce(
      (query, [column, value]) => query.where(column, '=', value),
      any.selectFrom(table.name).select(table.key),
    )
    return (await keys.execute()).map((row) => String(row[table.key]))
  }
  const alreadyThere = () => new BhorError('already_exists', 'This row is already in the store.')
  const isCounted = table.live !== undefined
  const wrote = (record: Record) => {
    if (!isCounted) return
    const { id, mac } = record as unknown as Counted
    witness.wrote({ table: table.name, id }, mac, isLive(table, record))
  }
  const isKnown = (record: Record) => {
    const { id, mac } = record as unknown as Counted
    return witness.knows({ table: table.name, id }, mac, isLive(table, record))
  }
  /** Reads; what is not known to be the latest is looked at closer. */
  async function witnessed<T>(
    read: (db: Db) => Promise<T>,
    recordsIn: (found: T) => readonly Record[],
  ): Promise<T> {
    const found = await read(given as Db)
    if (!isCounted || recordsIn(found).every(isKnown)) return found
    return witness.lookCloser(read, (again) =>
      recordsIn(again)
        .filter((record) => !isKnown(record))
        .map((record) => ({ table: table as unknown as Table<object>, record })),
    )
  }
  /** A value that another server has sealed by a newer key can be opened once the ring was read again. */
  async function readable<T>(work: Promise<T>, recordsIn: (found: T) => readonly Record[]): Promise<T> {
    const found = await work
    const { sealed } = table
    if (sealed && !recordsIn(found).every((record) => witness.opens(sealed.texts(record))))
      await witness.learnRing(given as Db)
    return found
  }
  const sealing = async (record: Record, by?: Partial<Record>) => {
    const { sealed } = table
    if (!sealed) return
    const stored = async () =>
      by ? table.readAll(await select(given, by).execute()).records.flatMap((one) => sealed.texts(one)) : []
    await witness.sealing(sealed.texts(record), stored)
  }
  const first = (ask: Ask) => readable(firstOf(ask), (record) => (record ? [record] : []))
  const all = (ask: Ask) => readable(allOf(ask), ({ records }) => records)
  const firstOf = (ask: Ask) =>
    witnessed(
      async (db) => {
        const [row] = await ask(db).execute()
        return row && table.read(row)
      },
      (record) => (record ? [record] : []),
    )
  const allOf = (ask: Ask) =>
    witnessed(
      async (db) => table.readAll(await ask(db).execute()),
      ({ records }) => records,
    )
  async function deleteThose(ids: readonly string[], deletion: Deletion): Promise<void> {
    const deleted = (await deletion.executeTakeFirst())?.numDeletedRows ?? 0n
    if (deleted < BigInt(ids.length)) throw unwritten(table.name, ids[0] ?? '')
    if (isCounted) for (const id of ids) witness.removed({ table: table.name, id })
  }
  const values = (record: Record) => ({ ...table.write(record) })
  const keyOf = (record: Record) => String((values(record) as { [column: string]: unknown })[table.key])
  return {
    first,
    all,
    find: (by) => first((db) => select(db, by).limit(1)),
    list: (by, order) =>
      all((db) => order.reduce((query, field) => query.orderBy(table.columnOf(field).name), select(db, by))),
    async insert(record, taken = alreadyThere) {
      await sealing(record)
      const insert = any.insertInto(table.name).values(values(record))
      const { numInsertedOrUpdatedRows } = await orTaken(insert.executeTakeFirst(), taken)
      if (numInsertedOrUpdatedRows !== 1n) throw unwritten(table.name, keyOf(record))
      wrote(record)
    },
    async insertUnlessSame(field, record) {
      await sealing(record)
      const { name } = table.columnOf(field)
      const { numInsertedOrUpdatedRows } = await any
        .insertInto(table.name)
        .values(values(record))
        .onConflict((conflict) => conflict.column(name).doNothing())
        .executeTakeFirst()
      if (numInsertedOrUpdatedRows === 1n) {
        wrote(record)
        return true
      }
      if ((await keysBy({ [field]: record[field] } as Partial<Record>)).length > 0) return false
      throw unwritten(table.name, keyOf(record))
    },
    async update(record, by, { taken = alreadyThere, kept } = {}) {
      await sealing(record, by)
      const { [table.key]: _key, ...columns } = values(record) as { [column: string]: unknown }
      if (kept !== undefined) delete columns[table.columnOf(kept).name]
      const update = where(by).reduce(
        (query, [column, value]) => query.where(column, '=', value),
        any.updateTable(table.name).set(columns),
      )
      if ((await orTaken(update.executeTakeFirst(), taken)).numUpdatedRows > 0n) {
        wrote(record)
        return true
      }
      const [unchanged] = await keysBy(by)
      if (unchanged !== undefined) throw unwritten(table.name, unchanged)
      return false
    },
    async delete(by) {
      const deletion = where(by).reduce(
        (query, [column, value]) => query.where(column, '=', value),
        any.deleteFrom(table.name),
      )
      await deleteThose(await keysBy(by), deletion)
    },
    deleteThose,
  }
}

/** What every counted record has. */
interface Counted {
  readonly id: string
  readonly mac: string
}

/** For a table that is of no use in parts. @throws BhorError `store_damaged` of the first damaged row */
export function allSound<Record>({ records, damaged }: Rows<Record>): readonly Record[] {
  if (damaged[0]) throw damaged[0].error
  return records
}
