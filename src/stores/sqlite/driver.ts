import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { unknownOutcome } from '../faults.ts'
import type { Mutex } from '../mutex.ts'
import type { SqliteConnection, SqliteFile } from './connection.ts'
import { patienceFromNow, whenFree } from './patience.ts'

type Run = (
  sql: string,
  values: readonly unknown[],
) => { rows: unknown[]; changes: bigint } | Promise<{ rows: unknown[]; changes: bigint }>

/** Kysely's view of one handle; the handle itself may be reopened underneath. */
class QueryConnection implements DatabaseConnection {
  /** When whoever borrowed it has waited long enough for other processes. */
  readonly untilMs = patienceFromNow()
  readonly #run: Run

  constructor(run: Run) {
    this.#run = run
  }
  async executeQuery<R>(query: CompiledQuery) {
    const { rows, changes } = await this.#run(query.sql, query.parameters)
    return { rows: rows as R[], numAffectedRows: changes }
  }
  streamQuery(): never {
    throw new Error('The stores read in pages, not in streams.')
  }
}

/** Kysely over a handle of its own. */
class MomentDriver implements Driver {
  readonly #handle: SqliteConnection

  constructor(handle: SqliteConnection) {
    this.#handle = handle
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<QueryConnection> {
    return new QueryConnection((sql, values) => this.#handle.run(sql, values))
  }
  async releaseConnection(): Promise<void> {}
  async beginTransaction(): Promise<void> {
    // The first read is when the moment is.
    this.#handle.run('begin')
  }
  async commitTransaction(): Promise<void> {
    this.#handle.run('commit')
  }
  async rollbackTransaction(): Promise<void> {
    // A commit that reports a fault may be done; the first error stays the one that is told.
    if (this.#handle.raw.isTransaction) this.#handle.run('rollback')
  }
  async destroy(): Promise<void> {}
}

/** Kysely over the writing handle: `mutex` makes one transaction at a time of it. */
class WriterDriver implements Driver {
  readonly #file: SqliteFile
  readonly #mutex: Mutex

  constructor(file: SqliteFile, mutex: Mutex) {
    this.#file = file
    this.#mutex = mutex
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<QueryConnection> {
    const connection = new QueryConnection((sql, values) => this.#file.writer.run(sql, values))
    await this.#mutex.acquire()
    return connection
  }
  async releaseConnection(): Promise<void> {
    this.#mutex.release()
  }
  async beginTransaction(connection: QueryConnection): Promise<void> {
    await begin(this.#file, connection.untilMs)
  }
  async commitTransaction(): Promise<void> {
    commit(this.#file)
  }
  async rollbackTransaction(): Promise<void> {
    rollback(this.#file)
  }
  async destroy(): Promise<void> {}
}

class ReaderDriver implements Driver {
  readonly #file: SqliteFile

  constructor(file: SqliteFile) {
    this.#file = file
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return new QueryConnection((sql, values) => read(this.#file, sql, values))
  }
  async releaseConnection(): Promise<void> {}
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin'))
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'))
  }
  async destroy(): Promise<void> {}
}

/** One read of what is committed. */
export function read(file: SqliteFile, sql: string, values: readonly unknown[] = []) {
  file.place.lookAtRead()
  return whenFree(() => file.reader.run(sql, values))
}

/** Begins to write, as soon as no other process does. */
export function begin(file: SqliteFile, untilMs: number): Promise<void> {
  return whenFree(() => void file.writer.run('begin immediate'), untilMs)
}

/**
 * Commits, or says that nobody knows and lets the next use find out. What went into a file that is not in its place
 * any more is no commit.
 */
export function commit(file: SqliteFile): void {
  try {
    file.writer.run('commit')
    file.place.lookAtCommit()
  } catch (error) {
    rollback(file)
    file.reopenLater()
    throw unknownOutcome(error)
  }
}

/**
 * Takes back what is open, if anything still is: SQLite rolls back by itself on some errors. Never throws, so that
 * the first error stays the one that is told; a handle that cannot roll back is closed, which does it too.
 */
export function rollback(file: SqliteFile): void {
  if (!file.isInTransaction) return
  try {
    file.writer.run('rollback')
  } catch {
    file.reopenLater()
  }
}

function dialect(createDriver: () => Driver): Dialect {
  return {
    createDriver,
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
}

export function writerDialect(file: SqliteFile, mutex: Mutex): Dialect {
  return dialect(() => new WriterDriver(file, mutex))
}

export function momentDialect(handle: SqliteConnection): Dialect {
  return dialect(() => new MomentDriver(handle))
}

export function readerDialect(file: SqliteFile): Dialect {
  return dialect(() => new ReaderDriver(file))
}
