import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { PostgresServer } from './postgres.ts'

type Row = Readonly<Record<string, SQLInputValue>>

/** Somebody with write access to a database of bhor's, but without its keys. */
export interface Intruder {
  /** Every row of these tables as it is now. */
  copy(tables?: readonly string[]): Promise<Copy>
  /** Puts tables back as they were; with `id` that one row of them alone. */
  putBack(copy: Copy, tables?: readonly string[], id?: string): Promise<void>
  run(sql: string): Promise<readonly Record<string, unknown>[]>
}
export type Copy = ReadonlyMap<string, readonly Row[]>

/** All that bhor keeps, in an order in which it can be filled. */
export const allTables = [
  'meta',
  'keyring',
  'apps',
  'accounts',
  'sessions',
  'logins',
  'intents',
  'client_keys',
  'calendar',
  'work',
  'house',
  'browsers',
  'passphrases',
  'mirrors',
  'gates',
  'key_uses',
  'alert_channels',
  'alert_outbox',
  'alert_incidents',
  'alert_deliveries',
  'audit',
  'audit_head',
  'feed',
  'inventory',
] as const

export function sqliteIntruder(home: string): Intruder {
  const run = async (sql: string, ...values: SQLInputValue[]) => {
    using database = new DatabaseSync(join(home, 'bhor.db'), { timeout: 5000 })
    database.exec('pragma foreign_keys = off')
    return database.prepare(sql).all(...values)
  }
  return {
    run,
    async copy(tables = allTables) {
      const rows = tables.map(
        async (table) => [table, (await run(`select * from ${table}`)) as Row[]] as const,
      )
      return new Map(await Promise.all(rows))
    },
    async putBack(copy, tables = [...copy.keys()], id) {
      using database = new DatabaseSync(join(home, 'bhor.db'), { timeout: 5000 })
      database.exec('pragma foreign_keys = off; begin immediate')
      for (const table of tables) {
        const rows = (copy.get(table) ?? []).filter((row) => id === undefined || row.id === id)
        if (id === undefined) database.exec(`delete from ${table}`)
        else database.prepare(`delete from ${table} where id = ?`).run(id)
        for (const row of rows) {
          const columns = Object.keys(row)
          const marks = columns.map(() => '?').join(', ')
          const insert = database.prepare(`insert into ${table} (${columns.join(', ')}) values (${marks})`)
          insert.run(...Object.values(row))
        }
      }
      database.exec('commit')
    },
  }
}

export function postgresIntruder(server: PostgresServer, url: string): Intruder {
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`
  return {
    run: (sql) => server.run(url, sql),
    async copy(tables = allTables) {
      const rows: [string, Row[]][] = []
      for (const table of tables) {
        const [found] = await server.run(url, `select coalesce(json_agg(t), '[]') as rows from ${table} t`)
        rows.push([table, found?.rows as Row[]])
      }
      return new Map(rows)
    },
    async putBack(copy, tables = [...copy.keys()], id) {
      const statements = tables.flatMap((table) => {
        const rows = (copy.get(table) ?? []).filter((row) => id === undefined || row.id === id)
        return [
          `delete from ${table}${id === undefined ? '' : ` where id = ${text(id)}`}`,
          `insert into ${table} select * from json_populate_recordset(null::${table}, ${text(JSON.stringify(rows))})`,
        ]
      })
      // Without its triggers PostgreSQL holds no references.
      await server.run(
        url,
        ['begin', 'set local session_replication_role = replica', ...statements, 'commit'].join('; '),
      )
    },
  }
}
