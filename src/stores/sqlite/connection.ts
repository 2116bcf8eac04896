import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { BhorError } from '../../core/errors.ts'
import { inOurWords } from './faults.ts'
import { FilesInPlace } from './place.ts'

/** Statements kept ready; queries with lists make many shapes. */
const keptStatements = 256

const pragmas = [
  'journal_mode = wal',
  'synchronous = full',
  'fullfsync = on',
  'secure_delete = on',
  'foreign_keys = on',
  'trusted_schema = off',
  'cell_size_check = on',
  'temp_store = memory',
  'journal_size_limit = 16777216',
]

interface Prepared {
  readonly statement: StatementSync
  /** Whether it gives rows back. */
  readonly isReader: boolean
}

/** Numbers as the rest of the code knows them; what is no exact number stays as it is, for a codec to refuse. */
function exactNumbers(row: Record<string, SQLOutputValue>): Record<string, SQLOutputValue> {
  for (const [column, value] of Object.entries(row)) {
    if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) row[column] = Number(value)
  }
  return row
}

/** One handle on the database file with its prepared statements. */
export class SqliteConnection {
  readonly raw: DatabaseSync
  readonly #prepared = new Map<string, Prepared>()

  constructor(path: string, role: 'writer' | 'reader') {
    this.raw = inOurWords(() => {
      const raw = new DatabaseSync(path, { timeout: 0, defensive: true, allowExtension: false })
      try {
        for (const pragma of pragmas) raw.exec(`pragma ${pragma}`)
        if (role === 'reader') raw.exec('pragma query_only = on')
        if (raw.prepare('pragma journal_mode').get()?.journal_mode !== 'wal') {
          throw new BhorError(
            'store_foreign',
            'The file system under the store does not support SQLite’s WAL.',
          )
        }
      } catch (error) {
        raw.close()
        throw error
      }
      return raw
    })
  }
  /** The statement for this text, prepared once. */
  prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql)
    if (known) return known
    const statement = this.raw.prepare(sql)
    const prepared = { statement, isReader: statement.columns().length > 0 }
    if (this.#prepared.size >= keptStatements)
      this.#prepared.delete(this.#prepared.keys().next().value as string)
    this.#prepared.set(sql, prepared)
    return prepared
  }
  run(sql: string, values: readonly unknown[] = []): { rows: unknown[]; changes: bigint } {
    return inOurWords(() => {
      const { statement, isReader } = this.prepare(sql)
      if (isReader) {
        // Without it one absurd number in one row would fail the whole list.
        statement.setReadBigInts(true)
        return { rows: statement.all(...(values as SQLInputValue[])).map(exactNumbers), changes: 0n }
      }
      return { rows: [], changes: BigInt(statement.run(...(values as SQLInputValue[])).changes) }
    })
  }
  close(): void {
    this.#prepared.clear()
    if (this.raw.isOpen) this.raw.close()
  }
}

/**
 * The open file: one handle that writes and one that reads what is committed, so that a read never waits for
 * a transaction nor sees the middle of one.
 */
export class SqliteFile {
  readonly #path: string
  readonly place: FilesInPlace
  #writer: SqliteConnection | undefined
  #reader: SqliteConnection | undefined
  /** How often the writing handle was opened: SQLite's count of others' commits is a handle's own. */
  #openings = 0
  #isClosed = false

  constructor(path: string) {
    this.#path = path
    this.place = new FilesInPlace(path)
  }
  get writer(): SqliteConnection {
    if (!this.#writer) {
      this.#writer = this.#open('writer')
      this.#openings++
    }
    return this.#writer
  }
  get reader(): SqliteConnection {
    this.#reader ??= this.#open('reader')
    return this.#reader
  }
  /** One more handle, for reads that all see the same moment. */
  openMoment(): SqliteConnection {
    return this.#open('reader')
  }
  /** What stays the same for as long as nothing but the writing handle commits, and that handle stays open. */
  foreignCommits(): string {
    const [row] = this.writer.run('pragma data_version').rows as { readonly data_version: unknown }[]
    return `${this.#openings} ${row?.data_version}`
  }
  get isInTransaction(): boolean {
    return this.#writer?.raw.isOpen === true && this.#writer.raw.isTransaction
  }
  /**
   * After a commit that failed, only SQLite's recovery tells what the disk holds, and it runs when the last handle
   * is closed and the file is opened anew. The next use does that.
   */
  reopenLater(): void {
    this.place.unmark()
    this.#reader?.close()
    this.#writer?.close()
    this.#reader = undefined
    this.#writer = undefined
  }
  close(): void {
    this.reopenLater()
    this.#isClosed = true
  }
  /** SQLite would make a file that is gone: so it is looked for before, and who came between is found after. */
  #open(role: 'writer' | 'reader'): SqliteConnection {
    if (this.#isClosed) throw new BhorError('store_unavailable', 'The store is closed.')
    this.place.lookAtDatabase()
    const connection = new SqliteConnection(this.#path, role)
    this.place.lookAtDatabase()
    return connection
  }
}
