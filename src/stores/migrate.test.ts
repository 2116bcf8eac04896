import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, test } from 'node:test'
import { provenMigrated, rowsOfVersion1 } from '../../test/suites/stores/old-schema.ts'
import { ManualClock } from '../core/clock.ts'
import { migrations } from './schema.ts'
import { openSqlite } from './sqlite/open.ts'

const clock = new ManualClock()
let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bhor-migrate-'))
  path = join(folder, 'bhor.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

async function fill(statements: readonly string[]): Promise<void> {
  await (await openSqlite({ path, clock, steps: migrations.slice(0, 1) }))[Symbol.asyncDispose]()
  using database = new DatabaseSync(path, { enableForeignKeyConstraints: false })
  for (const statement of statements) database.exec(statement)
}

/** What stands in the schema beside tables of one's own, by name. */
function indices(): unknown[] {
  using database = new DatabaseSync(path)
  return database
    .prepare(`select tbl_name || '.' || name as name from sqlite_master where type = 'index' order by 1`)
    .all()
    .map((row) => row.name)
}

test('sqlite: rows, references, checks and indices of version 1 survive the steps after it', async () => {
  await fill(rowsOfVersion1)
  const before = indices()
  {
    await using store = await openSqlite({ path, clock })
    await provenMigrated(store)
  }
  assert.deepEqual(
    before.filter((name) => !indices().includes(name)),
    [],
  )
})

test('sqlite: a step that would leave a row without its parent is not taken', async () => {
  await fill([...rowsOfVersion1, `delete from apps`])
  await assert.rejects(openSqlite({ path, clock }), { code: 'store_damaged' })
  using database = new DatabaseSync(path)
  assert.equal(database.prepare('select max(version) as v from schema_version').get()?.v, 1)
  assert.equal(database.prepare('select count(*) as n from sessions').get()?.n, 3)
})
