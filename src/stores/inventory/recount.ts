import { sql } from 'kysely'
import type { InventoryKeys } from '../../contracts/inventory.ts'
import { countedTables, type Db } from '../schema.ts'
import { isLive, type Table } from '../table.ts'
import { clearTable, type InventoryLine, linesOfTable, setLines } from '../tables/inventory.ts'
import { folders } from './compare.ts'
import { type Latest, mapOf, sumOf } from './known.ts'

const pageSize = 500

/**
 * Takes the rows as they are for the latest. Those that bhor never wrote stay as they are, and are told as damaged when
 * they are used.
 *
 * @param isFirst rows may still have the MAC of an earlier version: they get one of this version
 */
export async function recount(
  db: Db,
  keys: InventoryKeys,
  version: number,
  isFirst: boolean,
): Promise<{ sum: bigint; latest: Latest }> {
  const latest: Latest = new Map()
  const places = await linesOfTable(db, folders)
  let sum = sumOf(
    0n,
    places.map((line) => keys.element(keys.keyId, line, line.mac)),
  )
  for (const table of countedTables) {
    await clearTable(db, table.name)
    for (let after = ''; ; ) {
      const from = sql.table(table.name)
      const { rows } = await sql<{ id: string; mac: string }>`
        select * from ${from} where id > ${after} order by id limit ${sql.lit(pageSize)}`.execute(db)
      const lines: InventoryLine[] = []
      for (const row of rows) {
        const mac = isFirst ? await renewedMac(db, keys, table, row) : row.mac
        lines.push({ table: table.name, id: row.id, mac, version })
        if (isRowLive(table, row)) mapOf(latest, table.name).set(row.id, mac)
      }
      await setLines(db, lines)
      sum = sumOf(
        sum,
        lines.map((line) => keys.element(keys.keyId, line, line.mac)),
      )
      if (rows.length < pageSize) break
      after = rows.at(-1)!.id
    }
  }
  return { sum, latest }
}

async function renewedMac(
  db: Db,
  keys: InventoryKeys,
  table: Table<object>,
  row: { readonly id: string; readonly mac: string },
): Promise<string> {
  const record = recordOf(table, row)
  const renewed = record && (keys.renewed(table.name, record) as { readonly mac: string } | undefined)
  if (!renewed || renewed.mac === row.mac) return row.mac
  await sql`update ${sql.table(table.name)} set mac = ${renewed.mac} where id = ${row.id}`.execute(db)
  return renewed.mac
}

/** A row that cannot be read is remembered as it stands, so that whoever repairs it finds it believed. */
function isRowLive(table: Table<object>, row: object): boolean {
  const record = recordOf(table, row)
  return record === undefined || isLive(table, record)
}

function recordOf(table: Table<object>, row: object): object | undefined {
  try {
    return table.read(row)
  } catch {
    return undefined
  }
}
