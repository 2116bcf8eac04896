import { DatabaseSync } from 'node:sqlite'
import { versionTable } from '../migrate.ts'
import type { Migration } from '../schema.ts'
import type { SqliteConnection } from './connection.ts'

interface Entry {
  readonly type: string
  readonly name: string
  readonly table: string
  readonly sql: string
}

/** Names of this form are SQLite's own; nobody else can make one. */
const question = `select type, name, tbl_name as "table", sql from sqlite_master
  where name not like 'sqlite!_%' escape '!' order by type, name`

/** What stands in the database and is not what the steps of its schema make. */
export function strangersIn(connection: SqliteConnection, steps: readonly Migration[]): string[] {
  const ours = modelOf(steps)
  return (connection.run(question).rows as Entry[])
    .filter((entry) => !ours.has(textOf(entry)))
    .map(({ type, name, table }) =>
      type === 'table' || type === 'view' ? `${type} ${name}` : `${type} ${name} on ${table}`,
    )
}

/** The same for every store of a process. */
const models = new WeakMap<readonly Migration[], ReadonlySet<string>>()

/** What the steps make of an empty database. */
function modelOf(steps: readonly Migration[]): ReadonlySet<string> {
  const known = models.get(steps)
  if (known) return known
  using database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false })
  database.exec(versionTable('sqlite'))
  for (const step of steps) for (const statement of step.statements('sqlite')) database.exec(statement)
  const model = new Set((database.prepare(question).all() as unknown as Entry[]).map(textOf))
  models.set(steps, model)
  return model
}

/** With every word that decides something; SQLite quotes names when it renames a table. */
function textOf({ type, name, table, sql }: Entry): string {
  return JSON.stringify([
    type,
    name,
    table,
    sql
      .replace(/["\s]+/g, ' ')
      .replace(/ ?([(),]) ?/g, '$1')
      .toLowerCase(),
  ])
}
