import { dirname, resolve } from 'node:path'
import { Kysely } from 'kysely'
import type { Store } from '../../contracts/store.ts'
import type { Clock } from '../../core/clock.ts'
import { SingleFlight } from '../../core/single-flight.ts'
import { outwardly } from '../faults.ts'
import { migrate } from '../migrate.ts'
import { Mutex } from '../mutex.ts'
import { readsOnly } from '../reads-only.ts'
import { type Migration, nounsOver, type Schema } from '../schema.ts'
import { appendNow } from './append.ts'
import { SqliteFile } from './connection.ts'
import { prepareDatabaseFile } from './database-file.ts'
import { begin, read, readerDialect, writerDialect } from './driver.ts'
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
  /** Other than ours only in tests of the migrating itself. */
  readonly steps?: readonly Migration[]
}

/** Opens or makes the store in one file; see `openStore`. */
export async function openSqlite(options: SqliteOptions): Promise<Store> {
  try {
    return await open(options)
  } catch (error) {
    throw sqliteFault(error)
  }
}

async function open({ path, clock, isExpected = false, steps }: SqliteOptions): Promise<Store> {
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
  await outwardly(() => migrate(writing, 'sqlite', clock.nowMs(), steps))
  file.reopenLater()
  const parts = opening.move()

  const transaction: Store['transaction'] = (work) =>
    outwardly(() => writing.transaction().execute((tx) => work(nounsOver(tx))))
  return {
    engine: 'sqlite',
    isShared: false,
    ...nounsOver(reading),
    transaction,
    async appendAudit(watch, append) {
      const untilMs = patienceFromNow()
      if (!mutex.tryAcquire()) await mutex.acquire()
      try {
        await outwardly(async () => {
          await begin(file, untilMs)
          appendNow(file, watch, append)
        })
      } finally {
        mutex.release()
      }
    },
    async check() {
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
