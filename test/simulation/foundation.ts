import type { SQLInputValue } from 'node:sqlite'
import { Chance } from './chance.ts'
import { operator, People } from './people.ts'
import type { Key } from './programs.ts'
import type { SharedDatabase } from './shared-database.ts'
import { Timeline } from './timeline.ts'
import { Trace } from './trace.ts'
import { SimulatedWorld, until } from './world.ts'

interface Rows {
  readonly table: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly SQLInputValue[])[]
}

/** What every world begins with: accounts, keys and all, as bhor itself has made them. */
export interface Foundation {
  readonly stored: readonly Rows[]
  readonly keys: readonly Key[]
}

let laid: Promise<Foundation> | undefined

/** Made once, and the same for every seed: twenty accounts cost as much as a day in a world. */
export function foundation(): Promise<Foundation> {
  laid ??= lay()
  return laid
}

async function lay(): Promise<Foundation> {
  const timeline = new Timeline(Temporal.Instant.from('2026-11-20T03:00:00Z').epochMilliseconds, new Trace())
  using _turns = timeline.takeTurns()
  using world = await SimulatedWorld.open({ timeline, chance: new Chance('foundation'), processes: ['A'] })
  world.calm()
  const people = new People(world)
  const keys: Key[] = []
  const make = async () => {
    await timeline.sleep(500, 'A is up')
    for (const { alias, input } of world.households)
      await people.ask(`${alias} is added`, (desk) => desk.accounts.add(operator, input))
    const aliases = world.households.map(({ alias }) => alias)
    const groups = Array.from({ length: 4 }, (_, at) => aliases.slice(5 * at, 5 * at + 5))
    for (const accounts of [undefined, ...groups]) keys.push((await people.newKey(accounts))!)
  }
  await until(world, make())
  return { stored: dumped(world.database), keys }
}

function dumped({ raw }: SharedDatabase): Rows[] {
  const tables = raw.prepare(
    `select name from main.sqlite_master where type = 'table' and name <> 'schema_version'`,
  )
  return tables.all().map(({ name }) => {
    const rows = raw.prepare(`select * from main.${String(name)}`).all() as Record<string, SQLInputValue>[]
    const columns = Object.keys(rows[0] ?? {})
    return { table: String(name), columns, rows: rows.map((row) => columns.map((column) => row[column]!)) }
  })
}

/** Puts it where nothing is yet. */
export function stand({ raw }: SharedDatabase, { stored }: Foundation): void {
  raw.exec('pragma foreign_keys = off; begin; delete from audit_head; delete from house')
  for (const { table, columns, rows } of stored) {
    if (rows.length === 0) continue
    const insert = raw.prepare(
      `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
    )
    for (const row of rows) insert.run(...row)
  }
  raw.exec('commit; pragma foreign_keys = on')
}
