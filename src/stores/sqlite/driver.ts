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

/** Kysely's view of one handle; the handle itself may be reopened underneath. */
class QueryConnection implements DatabaseConnection {
  readonly #handle: () => SqliteConnection

  constructor(handle: () => SqliteConnection) {
    this.#handle = handle
  }
  async executeQuery<R>(query: CompiledQuery) {
    const { rows, changes } = this.#handle().run(query.sql, query.parameters)
    return { rows: rows as R[], numAffectedRows: changes }
  }
  streamQuery(): never {
    throw new Error('The stores read in pages, not in streams.')
  }
}

/** Kysely over the writing handle: `mutex` makes one transaction at a time of it. */
class WriterDriver implements Driver {
  readonly #file: SqliteFile
  readonly #mutex: Mutex
  readonly #connection: QueryConnection

  constructor(file: SqliteFile, mutex: Mutex) {
    this.#file = file
    this.#mutex = mutex
    this.#connection = new QueryConnection(() => file.writer)
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    await this.#mutex.acquire()
    return this.#connection
  }
  async releaseConnection(): Promise<void> {
    this.#mutex.release()
  }
  async beginTransaction(): Promise<void> {
    this.#file.writer.run('begin immediate')
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
  readonly #connection: QueryConnection

  constructor(file: SqliteFile) {
    this.#connection = new QueryConnection(() => file.reader)
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
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

/** Commits, or says that nobody knows and lets the next use find out. */
export function commit(file: SqliteFile): void {
  try {
    file.writer.run('commit')
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

export function readerDialect(file: SqliteFile): Dialect {
  return dialect(() => new ReaderDriver(file))
}
