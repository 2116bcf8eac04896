import { sql } from 'kysely'
import { BhorError } from '../core/errors.ts'
import { copyOf } from './copy.ts'
import type { StoreOptions } from './open.ts'
import { type Db, type Engine, type Migration, migrations, nounsOver, words } from './schema.ts'
import { noWitness } from './witness.ts'

/** Any fixed number: whoever migrates a Postgres store holds this advisory lock until its transaction ends. */
const migrationLock = 7_878_001

/**
 * Brings a store to the newest schema, one transaction a step, each with its version row: a crash leaves the
 * old schema or the new one. Every step runs under a lock and looks at the version again.
 *
 * @throws BhorError `store_newer`
 */
export async function migrate(
  db: Db,
  engine: Engine,
  nowMs: number,
  steps: readonly Migration[] = migrations,
): Promise<void> {
  while (await db.transaction().execute((tx) => migrateOnce(tx, engine, nowMs, steps)));
}

/** Lets somebody copy a store that has seen some of the steps and not all. */
export async function announceMigration(
  db: Db,
  engine: Engine,
  steps: readonly Migration[],
  before: NonNullable<StoreOptions['beforeMigrating']>,
): Promise<void> {
  if (!(await hasVersionTable(db, engine))) return
  const copy = await copyOf(db, engine)
  if (copy.version === 0 || copy.version >= steps.length) return
  const { meta, keyring } = nounsOver(db, noWitness)
  await before({ ...copy, meta, keyring })
}

/** The statement that makes the table of the steps that a store has seen. */
export function versionTable(engine: Engine): string {
  const { int, end } = words(engine)
  const columns = `version ${int} primary key, name text not null, applied_at_ms ${int} not null`
  return `create table schema_version (${columns})${end}`
}

/** Runs the next step; false when there is none. */
async function migrateOnce(
  tx: Db,
  engine: Engine,
  nowMs: number,
  steps: readonly Migration[],
): Promise<boolean> {
  if (engine === 'postgres') await sql`select pg_advisory_xact_lock(${sql.lit(migrationLock)})`.execute(tx)
  if (!(await hasVersionTable(tx, engine))) {
    await sql.raw(versionTable(engine)).execute(tx)
  }
  const row = await tx
    .selectFrom('schema_version')
    .select((e) => e.fn.max('version').as('version'))
    .executeTakeFirst()
  const version = row?.version ?? 0
  if (version > steps.length) {
    throw new BhorError(
      'store_newer',
      `Store is version ${version}; this bhor knows up to ${steps.length}.`,
      {
        facts: { version, known: steps.length },
      },
    )
  }
  const step = steps[version]
  if (!step) return false
  for (const statement of step.statements(engine)) await sql.raw(statement).execute(tx)
  if (engine === 'sqlite') await refuseLooseReferences(tx)
  const applied = { version: version + 1, name: step.name, applied_at_ms: nowMs }
  await tx.insertInto('schema_version').values(applied).execute()
  return true
}

/**
 * Asked, not `if not exists`: a Postgres role that may not create tables may still open a finished store. And asked
 * of the rows: `to_regclass` may remember in a connection that it found nothing.
 */
export async function hasVersionTable(tx: Db, engine: Engine): Promise<boolean> {
  const question =
    engine === 'postgres'
      ? sql<{ name: string | null }>`
          select max(relname) as name from pg_class where relname = 'schema_version' and pg_table_is_visible(oid)`
      : sql<{
          name: string | null
        }>`select max(name) as name from sqlite_master where name = 'schema_version'`
  return (await question.execute(tx)).rows[0]?.name != null
}

/** Foreign keys are off while SQLite's tables are rebuilt; they must hold again before the step counts. */
async function refuseLooseReferences(tx: Db): Promise<void> {
  const { rows } = await sql<{ table: string }>`select "table" from pragma_foreign_key_check`.execute(tx)
  if (rows[0])
    throw new BhorError('store_damaged', `Store is damaged: rows of ${rows[0].table} belong to none.`)
}
