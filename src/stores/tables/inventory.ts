import type { CountedRow } from '../../contracts/inventory.ts'
import { count, text } from '../columns.ts'
import type { Db } from '../schema.ts'
import { table } from '../table.ts'

/** The latest MAC of one row. */
export interface InventoryLine {
  readonly table: string
  readonly id: string
  readonly mac: string
  /** The inventory's version in which the row became this. */
  readonly version: number
}

export const inventory = table<InventoryLine>()(
  'inventory',
  { table: text('table_name'), id: text('row_id'), mac: text('mac'), version: count('version') },
  { key: 'id', called: 'table', live: null },
)

/** Lines of one statement; PostgreSQL takes 65,535 values a statement, SQLite half as many. */
const linesPerStatement = 500

/** The lines of these rows, as far as there are any. */
export async function linesOf(db: Db, rows: readonly CountedRow[]): Promise<readonly InventoryLine[]> {
  const found: InventoryLine[] = []
  for (const [name, ofTable] of Map.groupBy(rows, ({ table }) => table)) {
    const lines = db.selectFrom('inventory').selectAll().where('table_name', '=', name)
    for (const some of inParts(ofTable)) {
      const page = lines.where('row_id', 'in', some.map(idOf))
      found.push(...(await page.execute()).map(inventory.read))
    }
  }
  return found
}

export async function linesSince(db: Db, version: number): Promise<readonly InventoryLine[]> {
  return (await db.selectFrom('inventory').selectAll().where('version', '>', version).execute()).map(
    inventory.read,
  )
}

export async function linesOfTable(db: Db, name: string): Promise<readonly InventoryLine[]> {
  return (await db.selectFrom('inventory').selectAll().where('table_name', '=', name).execute()).map(
    inventory.read,
  )
}

export async function setLines(db: Db, lines: readonly InventoryLine[]): Promise<void> {
  for (const some of inParts(lines)) {
    await db
      .insertInto('inventory')
      .values(some.map(inventory.write))
      .onConflict((conflict) =>
        conflict.columns(['table_name', 'row_id']).doUpdateSet((e) => ({
          mac: e.ref('excluded.mac'),
          version: e.ref('excluded.version'),
        })),
      )
      .execute()
  }
}

export async function clearTable(db: Db, name: string): Promise<void> {
  await db.deleteFrom('inventory').where('table_name', '=', name).execute()
}

export async function removeLines(db: Db, rows: readonly CountedRow[]): Promise<void> {
  for (const [name, ofTable] of Map.groupBy(rows, ({ table }) => table)) {
    const lines = db.deleteFrom('inventory').where('table_name', '=', name)
    for (const some of inParts(ofTable)) await lines.where('row_id', 'in', some.map(idOf)).execute()
  }
}

function idOf({ id }: CountedRow): string {
  return id
}

function inParts<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / linesPerStatement) }, (_, part) =>
    all.slice(part * linesPerStatement, (part + 1) * linesPerStatement),
  )
}
