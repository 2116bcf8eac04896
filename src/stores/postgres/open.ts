import { Kysely } from 'kysely'
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
import { openPool, tryOnce } from './client.ts'
import { postgresDialect } from './driver.ts'
import { SerializationFault } from './faults.ts'
import { Reach } from './reach.ts'
import { refuseUnfit } from './unfit.ts'

/** Writers take turns, so a conflict is rare; every one means that somebody else got on. */
const mostAttempts = 20

export interface PostgresOptions {
  readonly url: string
  readonly clock: Clock
  readonly poolSize?: number
  /** See `StoreOptions`. */
  readonly isExpected?: boolean
  /** Other than ours only in tests of the migrating itself. */
  readonly steps?: readonly Migration[]
}

/** Opens or makes the store in a Postgres database; see `openStore`. */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  const { url, clock, poolSize = 10, isExpected = false, steps } = options
  checkAddress(url)
  const pool = openPool(url, poolSize)
  const reach = new Reach(() => tryOnce(url))
  const db = new Kysely<Schema>({ dialect: postgresDialect(pool, reach) })
  try {
    await refuseUnfit(db, isExpected)
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
    const { failures } = reach
    return await mutex.run(async () => {
      reach.refuseSince(failures)
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
    // Its disk is its own matter.
    async reserve() {},
    async release() {},
    async [Symbol.asyncDispose]() {
      if (isClosed) return
      isClosed = true
      await mutex.run(() => pool.end())
    },
  }
}
