import { sql } from 'kysely'
import type { CountedRow, InventoryKeys } from '../../contracts/inventory.ts'
import { countedTables, type Db } from '../schema.ts'
import type { Table } from '../table.ts'
import { linesOfTable } from '../tables/inventory.ts'
import { type Latest, mapOf, sumOf } from './known.ts'

/** Rows a query: about a millisecond, between two of which everybody else gets his turn. */
const pageSize = 500
/** Nobody reads more of them. */
const mostNamed = 20
/** Where the inventory remembers what it is bound to; no table of the store has this name. */
export const folders = 'folders'

/** Whether the inventory was taken with this folder before. */
export async function isBoundTo(db: Db, folder: string): Promise<boolean> {
  const line = db.selectFrom('inventory').select('row_id').where('table_name', '=', folders)
  return (await line.where('row_id', '=', folder).executeTakeFirst()) !== undefined
}

/** What the rows are, held against the inventory. */
export interface Comparison {
  /** Of the inventory as it stands there. */
  readonly sum: bigint
  readonly latest: Latest
  /** Rows that bhor once wrote and that are not the latest, or that are gone; some of them. */
  readonly setBack: readonly CountedRow[]
}

/**
 * Compares every counted row with its line. A row that bhor never wrote is damaged, which is said of it when it is
 * used, and no sign that the store went back; one that bhor did write is.
 */
export async function compareRows(db: Db, keys: InventoryKeys, keyId: string): Promise<Comparison> {
  const latest: Latest = new Map()
  const setBack: CountedRow[] = []
  const places = await linesOfTable(db, folders)
  let sum = sumOf(
    0n,
    places.map((line) => keys.element(keyId, line, line.mac)),
  )
  for (const table of countedTables) {
    const gone: CountedRow[] = []
    let matched = 0
    for await (const page of linesWithRows(db, table)) {
      sum = sumOf(
        sum,
        page.map(({ id, latest }) => keys.element(keyId, { table: table.name, id }, latest)),
      )
      for (const { id, latest: mac, row } of page) {
        const one = { table: table.name, id }
        // Only the latest will be believed, also where another one stands now.
        if (!row || row.isLive || row.mac !== mac) mapOf(latest, table.name).set(id, mac)
        if (row) matched++
        if (!row) gone.push(one)
        else if (row.mac !== mac && setBack.length < mostNamed && (await isGenuine(db, keys, table, id)))
          setBack.push(one)
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    const { genuine, damaged } = await rowsWithoutLine(db, keys, table, matched)
    setBack.push(...genuine)
    // A row whose id was damaged is gone under its own.
    if (gone.length > damaged) setBack.push(...gone.slice(0, mostNamed))
  }
  return { sum, latest, setBack: setBack.slice(0, mostNamed) }
}

interface LineWithRow {
  readonly id: string
  readonly latest: string
  readonly row: { readonly mac: string; readonly isLive: boolean } | undefined
}

async function* linesWithRows(db: Db, table: Table<object>): AsyncGenerator<readonly LineWithRow[]> {
  const live = Object.entries(table.live ?? {}).map(([field, values]) => {
    const column = table.columnOf(field as never)
    return { name: column.name, values: (values as readonly unknown[]).map(column.write) }
  })
  const columns = live.map(({ name }) => sql`, ${sql.ref(`r.${name}`)}`)
  for (let after = ''; ; ) {
    const page = await sql<{ [column: string]: unknown }>`
      select i.row_id, i.mac as latest, r.id as present, r.mac as mac ${sql.join(columns, sql``)}
      from inventory i left join ${sql.table(table.name)} r on r.id = i.row_id
      where i.table_name = ${table.name} and i.row_id > ${after}
      order by i.row_id limit ${sql.lit(pageSize)}`.execute(db)
    yield page.rows.map((row) => ({
      id: String(row.row_id),
      latest: String(row.latest),
      row:
        row.present === null
          ? undefined
          : {
              mac: String(row.mac),
              isLive: live.every(({ name, values }) => values.includes(row[name] as never)),
            },
    }))
    if (page.rows.length < pageSize) return
    after = String(page.rows.at(-1)?.row_id)
  }
}

/** Rows that the inventory does not know: removed once and put back, or never written by bhor. */
async function rowsWithoutLine(
  db: Db,
  keys: InventoryKeys,
  table: Table<object>,
  matched: number,
): Promise<{ genuine: CountedRow[]; damaged: number }> {
  const from = sql.table(table.name)
  const counted = await sql<{ n: number }>`select count(*) as n from ${from}`.execute(db)
  const genuine: CountedRow[] = []
  if (Number(counted.rows[0]?.n) === matched) return { genuine, damaged: 0 }
  const { rows } = await sql<{ id: string }>`
    select r.id from ${from} r where not exists (
      select 1 from inventory i where i.table_name = ${table.name} and i.row_id = r.id)`.execute(db)
  let damaged = 0
  for (const { id } of rows) {
    if (genuine.length === mostNamed) break
    if (await isGenuine(db, keys, table, id)) genuine.push({ table: table.name, id })
    else damaged++
  }
  return { genuine, damaged }
}

async function isGenuine(db: Db, keys: InventoryKeys, table: Table<object>, id: string): Promise<boolean> {
  const found = await sql<object>`select * from ${sql.table(table.name)} where id = ${id}`.execute(db)
  try {
    return found.rows[0] !== undefined && keys.isGenuine(table.name, table.read(found.rows[0]))
  } catch {
    return false
  }
}
