import { Kysely, sql } from 'kysely'
import type { Store } from '../../contracts/store.ts'
import type { Clock } from '../../core/clock.ts'
import { BhorError } from '../../core/errors.ts'
import { copyOf, fillFrom } from '../copy.ts'
import { outwardly } from '../faults.ts'
import { counting, type InTransaction, inventoryOf } from '../inventory/begin.ts'
import { Inventory } from '../inventory/inventory.ts'
import { announceMigration, migrate } from '../migrate.ts'
import { Mutex } from '../mutex.ts'
import type { StoreOptions } from '../open.ts'
import { readsOnly } from '../reads-only.ts'
import { type Db, type Migration, migrations, nounsOver, type Schema, stepsOf } from '../schema.ts'
import { refuseStrangers } from '../strangers.ts'
import { claim, free, prolong } from '../tables/work.ts'
import { checkAddress } from './address.ts'
import { appendOn } from './append.ts'
import { borrow } from './borrowed.ts'
import { strangersIn } from './catalog.ts'
import { openPool, tryOnce } from './client.ts'
import { postgresDialect, withinDialect } from './driver.ts'

import { SerializationFault } from './faults.ts'
import { flush } from './flush.ts'
import { Reach } from './reach.ts'
import { refuseUnfit } from './unfit.ts'

/** Writers take turns, so a conflict is rare; every one means that somebody else got on. */
const mostAttempts = 20

export interface PostgresOptions {
  readonly url: string
  readonly clock: Clock
  readonly poolSize?: number
  /** See `StoreOptions`. */
  readonly leaseClock?: Clock
  /** See `StoreOptions`. */
  readonly isExpected?: boolean
  /** See `StoreOptions`. */
  readonly beforeMigrating?: StoreOptions['beforeMigrating']
  /** See `StoreOptions`. */
  readonly upTo?: number
  /** Other than ours only in tests of the migrating itself. */
  readonly steps?: readonly Migration[]
}

const databaseTime = sql<{
  now: string
}>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`

/** Opens or makes the store in a Postgres database; see `openStore`. */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  const { url, clock, leaseClock, poolSize = 10, isExpected = false, beforeMigrating } = options
  const steps = stepsOf(options)
  checkAddress(url)
  const pool = openPool(url, poolSize)
  const reach = new Reach(() => tryOnce(url))
  const db = new Kysely<Schema>({ dialect: postgresDialect(pool, reach) })
  const atOneMoment = <T>(work: (tx: Db) => Promise<T>) =>
    outwardly(() =>
      db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work),
    )
  try {
    await refuseUnfit(db, isExpected)
    if (beforeMigrating) await atOneMoment((tx) => announceMigration(tx, 'postgres', steps, beforeMigrating))
    await outwardly(() => migrate(db, 'postgres', clock.nowMs(), steps))
    if (steps === migrations) refuseStrangers(await outwardly(() => strangersIn(db)))
  } catch (error) {
    await pool.end()
    throw error
  }
  const mutex = new Mutex()
  let isClosed = false
  const leaseNow = () => leaseClock?.nowMs() ?? 'database'

  /** One at a time, and again when another server's transaction got in the way. */
  async function turn<T>(work: () => Promise<T>): Promise<T> {
    if (isClosed) throw new BhorError('store_unavailable', 'The store is closed.')
    const { failures } = reach
    return await mutex.run(async () => {
      reach.refuseSince(failures)
      for (let attempt = 1; ; attempt++) {
        try {
          return await outwardly(work)
        } catch (error) {
          if (!(error instanceof SerializationFault)) throw error
          if (attempt < mostAttempts) continue
          throw new BhorError('store_busy', 'Other servers keep changing the same rows.', { cause: error })
        }
      }
    })
  }
  const inTurn = <T>(isolation: 'serializable' | 'read committed', work: (tx: Db) => Promise<T>) =>
    turn(() => db.transaction().setIsolationLevel(isolation).execute(work))
  const appendOnce = async (...group: Parameters<Store['appendAudit']>) => {
    const client = await borrow(pool, reach)
    try {
      const within = () => new Kysely<Schema>({ dialect: withinDialect(client) })
      return await appendOn(client, inventory, within, ...group)
    } finally {
      client.giveBack()
    }
  }
  const inventory = new Inventory(atOneMoment, () =>
    outwardly(async () => void (await sql.raw(flush).execute(db))),
  )
  const inTransaction: InTransaction = (work) => inTurn('serializable', work)
  const transaction: Store['transaction'] = (work) =>
    counting(inventory, inTransaction, (changes) => changes.run(work))

  return {
    engine: 'postgres',
    isShared: true,
    ...nounsOver(db.withPlugin(readsOnly), inventory),
    ...inventoryOf(inventory, inTransaction),
    transaction,
    copy: (take) => atOneMoment(async (tx) => take(await copyOf(tx, 'postgres'))),
    fill: (rows) => inTransaction((tx) => fillFrom(tx, 'postgres', rows)),
    async appendAudit(watch, append) {
      const end = await turn(() => appendOnce(watch, append))
      inventory.committed(end)
    },
    claimWork: (wish) => inTurn('read committed', (tx) => claim(tx, wish, leaseNow())),
    freeWork: () => inTurn('read committed', free),
    prolongWork: (owner, leaseMs) =>
      inTurn('read committed', (tx) => prolong(tx, owner, leaseMs, leaseNow())),
    async nowMs() {
      if (leaseClock) return leaseClock.nowMs()
      const { rows } = await outwardly(() => databaseTime.execute(db))
      return Number(rows[0]?.now)
    },
    async check() {
      inventory.refuseRolledBack()
      await transaction((tx) => tx.meta.set('store.checked_at_ms', String(clock.nowMs())))
    },
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
