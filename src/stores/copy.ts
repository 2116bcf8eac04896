import { sql } from 'kysely'
import type { CopiedRow, StoreCopy } from '../contracts/store.ts'
import { BhorError } from '../core/errors.ts'
import type { Db, Engine } from './schema.ts'
import { tableColumns } from './schema.ts'

/** Rows a query: some milliseconds, between two of which everybody else gets his turn. */
const pageSize = 500
/** Values of one insert; SQLite takes 32,766. */
const mostValues = 8_000

/** By which columns the rows of a table have an order; by the first one where nothing is said. */
const orders: Readonly<Record<string, readonly string[]>> = {
  work: ['account_id', 'kind'],
  key_uses: ['minute', 'key_id', 'account_id'],
  inventory: ['table_name', 'row_id'],
}
/** It says what the others are, and no copy carries it. */
const versionTable = 'schema_version'

/** Parents before what refers to them, as the schema names them. */
const copied = Object.keys(tableColumns).filter((name) => name !== versionTable)

/** The store as of the transaction or moment of `db`, of whatever version. */
export async function copyOf(db: Db, engine: Engine): Promise<StoreCopy> {
  const { rows } = await sql<{ version: number | null }>`
    select max(version) as version from ${sql.table(versionTable)}`.execute(db)
  return { version: Number(rows[0]?.version ?? 0), rows: () => rowsIn(db, engine) }
}

async function* rowsIn(db: Db, engine: Engine): AsyncGenerator<CopiedRow, void> {
  const there = await tablesIn(db, engine)
  for (const table of copied) {
    if (!there.has(table)) continue
    const order = sql.join((orders[table] ?? [tableColumns[table]![0]!]).map((column) => sql.ref(column)))
    const names = orders[table] ?? [tableColumns[table]![0]!]
    for (let last: CopiedRow['row'] | undefined; ; ) {
      const after = last ? sql`where (${order}) > (${sql.join(names.map((name) => last![name]))})` : sql``
      const { rows } = await sql<CopiedRow['row']>`
        select * from ${sql.table(table)} ${after} order by ${order} limit ${sql.lit(pageSize)}`.execute(db)
      for (const row of rows) yield { table, row }
      last = rows.at(-1)
      if (rows.length < pageSize) break
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

async function tablesIn(db: Db, engine: Engine): Promise<ReadonlySet<string>> {
  const question =
    engine === 'postgres'
      ? sql<{ name: string }>`
          select relname as name from pg_class where relkind = 'r' and pg_table_is_visible(oid)`
      : sql<{ name: string }>`select name from sqlite_master where type = 'table'`
  return new Set((await question.execute(db)).rows.map(({ name }) => name))
}

/** Puts the rows of a copy into a store that nobody has used. @throws BhorError `restore_not_empty`, `backup_damaged` */
export async function fillFrom(db: Db, engine: Engine, rows: AsyncIterable<CopiedRow>): Promise<void> {
  const there = await tablesIn(db, engine)
  await refuseUsed(db)
  for (const table of copied.toReversed())
    if (there.has(table)) await sql`delete from ${sql.table(table)}`.execute(db)
  let waiting: CopiedRow[] = []
  const flush = async () => {
    const [first] = waiting
    if (first) await insertAll(db, first, waiting)
    waiting = []
  }
  for await (const one of rows) {
    if (!there.has(one.table)) throw new BhorError('backup_damaged')
    const [first] = waiting
    const width = Object.keys(one.row).length
    if (first && (first.table !== one.table || (waiting.length + 1) * width > mostValues)) await flush()
    waiting.push(one)
  }
  await flush()
}

/** A vault, a record or an account: somebody's store. */
async function refuseUsed(db: Db): Promise<void> {
  for (const table of ['keyring', 'audit', 'accounts', 'client_keys']) {
    const { rows } = await sql`select 1 as one from ${sql.table(table)} limit 1`.execute(db)
    if (rows.length > 0) throw new BhorError('restore_not_empty')
  }
}

async function insertAll(db: Db, { table, row }: CopiedRow, all: readonly CopiedRow[]): Promise<void> {
  const names = Object.keys(row)
  const lines = all.map((one) => sql`(${sql.join(names.map((name) => one.row[name] ?? null))})`)
  const columns = sql.join(names.map((name) => sql.ref(name)))
  const { numAffectedRows } =
    await sql`insert into ${sql.table(table)} (${columns}) values ${sql.join(lines)}`.execute(db)
  if (numAffectedRows !== BigInt(all.length)) throw new BhorError('backup_damaged')
}
