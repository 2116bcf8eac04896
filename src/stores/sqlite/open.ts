import { dirname, resolve } from 'node:path'
import { Kysely } from 'kysely'
import type { Store } from '../../contracts/store.ts'
import type { Clock } from '../../core/clock.ts'
import { SingleFlight } from '../../core/single-flight.ts'
import { copyOf, fillFrom } from '../copy.ts'
import { outwardly } from '../faults.ts'
import { counting, type InTransaction, inventoryOf } from '../inventory/begin.ts'
import { Inventory } from '../inventory/inventory.ts'
import { announceMigration, migrate } from '../migrate.ts'
import { Mutex } from '../mutex.ts'
import type { StoreOptions } from '../open.ts'
import { readsOnly } from '../reads-only.ts'
import { type Db, type Migration, nounsOver, type Schema, stepsOf } from '../schema.ts'
import { refuseStrangers } from '../strangers.ts'
import { claim, free, prolong } from '../tables/work.ts'
import { appendNow, Unlearnt } from './append.ts'
import { strangersIn } from './catalog.ts'
import { SqliteFile } from './connection.ts'
import { prepareDatabaseFile } from './database-file.ts'
import { begin, momentDialect, read, readerDialect, writerDialect } from './driver.ts'
import { sqliteFault } from './faults.ts'
import { prepareFolder, refuseNetworkFilesystem } from './file-checks.ts'
import { lockFolder } from './lock.ts'
import { patienceFromNow, whenFree } from './patience.ts'
import { releaseRoom, reserveRoom } from './reserve.ts'

export interface SqliteOptions {
  readonly path: string
  readonly clock: Clock
  /** See `StoreOptions`. */
  readonly isExpected?: boolean
  /** See `StoreOptions`. */
  readonly beforeMigrating?: StoreOptions['beforeMigrating']
  /** See `StoreOptions`. */
  readonly upTo?: number
  /** Other than ours only in tests of the migrating itself. */
  readonly steps?: readonly Migration[]
}

/** What others do to a store that is this process's alone is learnt once; more is a bug. */
const mostAttempts = 5

/** Opens or makes the store in one file; see `openStore`. */
export async function openSqlite(options: SqliteOptions): Promise<Store> {
  try {
    return await open(options)
  } catch (error) {
    throw sqliteFault(error)
  }
}

async function open(options: SqliteOptions): Promise<Store> {
  const { path, clock, isExpected = false, beforeMigrating } = options
  const steps = stepsOf(options)
  const place = resolve(path)
  const folder = dirname(place)
  prepareFolder(folder)
  refuseNetworkFilesystem(folder)
  using opening = new DisposableStack()
  opening.use(lockFolder(folder, clock))
  prepareDatabaseFile(place, isExpected)
  const file = new SqliteFile(place)
  opening.defer(() => file.close())
  const reserving = new SingleFlight<void>()
  const mutex = new Mutex()
  const writing = new Kysely<Schema>({ dialect: writerDialect(file, mutex) })
  const reading = new Kysely<Schema>({ dialect: readerDialect(file), plugins: [readsOnly] })
  // A table that is made anew must not take the rows with it that refer to it; afterwards handles begin afresh.
  await whenFree(() => file.writer.run('pragma foreign_keys = off'))
  if (beforeMigrating)
    await outwardly(() => atOneMoment(file, (db) => announceMigration(db, 'sqlite', steps, beforeMigrating)))
  await outwardly(() => migrate(writing, 'sqlite', clock.nowMs(), steps))
  refuseStrangers(strangersIn(file.writer, steps))
  file.reopenLater()
  const parts = opening.move()

  const inventory = new Inventory((work) => outwardly(() => atOneMoment(file, work)))
  const inTransaction: InTransaction = (work) => outwardly(() => writing.transaction().execute(work))
  const transaction: Store['transaction'] = (work) =>
    counting(inventory, inTransaction, (changes) => changes.run(work))
  const appendOnce: Store['appendAudit'] = async (watch, append) => {
    const untilMs = patienceFromNow()
    if (!mutex.tryAcquire()) await mutex.acquire()
    try {
      await outwardly(async () => {
        await begin(file, untilMs)
        appendNow(file, inventory, watch, append)
      })
    } finally {
      mutex.release()
    }
  }
  const counted = inventoryOf(inventory, inTransaction)
  let known = { commits: '', content: '' }
  /** Whoever reads rows says first what they were read after: what comes meanwhile is looked at again. */
  const marks = () =>
    outwardly(() => whenFree(() => ({ commits: file.foreignCommits(), content: file.place.content() })))
  return {
    engine: 'sqlite',
    isShared: false,
    ...nounsOver(reading, inventory),
    ...counted,
    async takeInventory(keys, binding) {
      const before = await marks()
      await counted.takeInventory(keys, binding)
      known = before
    },
    async look() {
      const now = await marks()
      if (now.commits !== known.commits) await counted.inspect()
      // Written over, it may hold an earlier state of which SQLite knows nothing.
      else if (now.content !== known.content) await counted.look()
      known = now
    },
    transaction,
    copy: (take) => outwardly(() => atOneMoment(file, async (db) => take(await copyOf(db, 'sqlite')))),
    fill: (rows) => inTransaction((db) => fillFrom(db, 'sqlite', rows)),
    async appendAudit(watch, append) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await appendOnce(watch, append)
        } catch (error) {
          if (!(error instanceof Unlearnt) || attempt === mostAttempts) throw error
          await inventory.learn(error.rows)
        }
      }
    },
    claimWork: (wish) => inTransaction((tx) => claim(tx, wish, clock.nowMs())),
    freeWork: () => inTransaction(free),
    prolongWork: (owner, leaseMs) => inTransaction((tx) => prolong(tx, owner, leaseMs, clock.nowMs())),
    nowMs: async () => undefined,
    async check() {
      inventory.refuseRolledBack()
      await transaction((tx) => tx.meta.set('store.checked_at_ms', String(clock.nowMs())))
      await outwardly(async () => void (await read(file, 'select value from meta limit 1')))
    },
    reserve: () => reserving.run(place, () => reserveRoom(place)),
    async release() {
      releaseRoom(place)
    },
    async [Symbol.asyncDispose]() {
      await mutex.run(async () => parts.dispose())
    },
  }
}

/** Runs reads that all see the store as of one commit, beside whatever else is read and written. */
async function atOneMoment<T>(file: SqliteFile, work: (db: Db) => Promise<T>): Promise<T> {
  const handle = file.openMoment()
  try {
    const reading = new Kysely<Schema>({ dialect: momentDialect(handle) })
    return await whenFree(() => reading.transaction().execute(work))
  } finally {
    handle.close()
  }
}
