import { Kysely } from 'kysely'
import pg from 'pg'
import type { Store } from '../../contracts/store.ts'
import type { Clock } from '../../core/clock.ts'
import { BhorError } from '../../core/errors.ts'
import { outwardly } from '../faults.ts'
import { migrate } from '../migrate.ts'
import { Mutex } from '../mutex.ts'
import { readsOnly } from '../reads-only.ts'
import { type Migration, nounsOver, type Schema } from '../schema.ts'
import { readHead, writeLinks } from '../tables/audit.ts'
import { readWatched } from '../watched.ts'
import { checkAddress } from './address.ts'
import { postgresDialect } from './driver.ts'
import { SerializationFault } from './faults.ts'

const connectTimeoutMs = 5_000
const statementTimeoutMs = 30_000
/** Writers take turns, so a conflict is rare; every one means that somebody else got on. */
const mostAttempts = 20
/** The type id of `bigint`, whose text is a number for us: counters and milliseconds stay far below 2^53. */
const bigintType = 20

export interface PostgresOptions {
  readonly url: string
  readonly clock: Clock
  readonly poolSize?: number
  /** Other than ours only in tests of the migrating itself. */
  readonly steps?: readonly Migration[]
}

function openPool(url: string, poolSize: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: statementTimeoutMs,
    keepAlive: true,
    application_name: 'bhor',
    types: {
      getTypeParser: ((type: number, format?: 'text' | 'binary') =>
        type === bigintType && format !== 'binary'
          ? Number
          : pg.types.getTypeParser(type, format as 'text')) as typeof pg.types.getTypeParser,
    },
  })
  // An idle connection that dies is replaced at the next use, which tells if that fails.
  pool.on('error', () => {})
  return pool
}

/** Opens or makes the store in a Postgres database; see `openStore`. */
export async function openPostgres({ url, clock, poolSize = 10, steps }: PostgresOptions): Promise<Store> {
  checkAddress(url)
  const pool = openPool(url, poolSize)
  const db = new Kysely<Schema>({ dialect: postgresDialect(pool) })
  try {
    await outwardly(() => migrate(db, 'postgres', clock.nowMs(), steps))
  } catch (error) {
    await pool.end()
    throw error
  }
  const mutex = new Mutex()
  let isClosed = false

  /** One at a time, and again when another server's transaction got in the way. */
  async function inTurn<T>(
    isolation: 'serializable' | 'read committed',
    work: (tx: Kysely<Schema>) => Promise<T>,
  ): Promise<T> {
    if (isClosed) throw new BhorError('store_unavailable', 'The store is closed.')
    return await mutex.run(async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await outwardly(() => db.transaction().setIsolationLevel(isolation).execute(work))
        } catch (error) {
          if (!(error instanceof SerializationFault)) throw error
          if (attempt < mostAttempts) continue
          throw new BhorError('store_busy', 'Other servers keep changing the same rows.', { cause: error })
        }
      }
    })
  }
  const transaction: Store['transaction'] = (work) => inTurn('serializable', (tx) => work(nounsOver(tx)))

  return {
    engine: 'postgres',
    isShared: true,
    ...nounsOver(db.withPlugin(readsOnly)),
    transaction,
    appendAudit: (watch, append) =>
      inTurn('read committed', async (tx) => {
        const head = await readHead(tx)
        await writeLinks(tx, append(head, await readWatched(tx, watch)))
      }),
    check: () => transaction((tx) => tx.meta.set('store.checked_at_ms', String(clock.nowMs()))),
    async [Symbol.asyncDispose]() {
      if (isClosed) return
      isClosed = true
      await mutex.run(() => pool.end())
    },
  }
}
