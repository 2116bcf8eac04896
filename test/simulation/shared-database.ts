import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { migrate } from '../../src/stores/migrate.ts'
import type { Schema } from '../../src/stores/schema.ts'
import { sqliteFault } from '../../src/stores/sqlite/faults.ts'

interface Prepared {
  readonly statement: StatementSync
  readonly kind: 'reads' | 'writes' | 'returns' | 'changes all'
  readonly tables: readonly string[]
}
const mostKept = 2_000

/** The one database of a simulated world, in memory: the real schema, and the real queries over it. */
export class SharedDatabase implements Disposable {
  readonly raw = new DatabaseSync(':memory:')
  readonly db: Kysely<Schema>
  readonly #prepared = new Map<string, Prepared>()
  /** How often each table was written to. */
  readonly #written = new Map<string, number>()
  /** What was read since its table was written to: the same rows are read again and again. */
  readonly #kept = new Map<string, { readonly written: number; readonly rows: unknown[] }>()

  constructor() {
    const connection = connectionTo(this)
    const driver: Driver = {
      async init() {},
      acquireConnection: async () => connection,
      beginTransaction: async () => void this.run('begin immediate'),
      commitTransaction: async () => void this.run('commit'),
      rollbackTransaction: async () => void this.run('rollback'),
      async releaseConnection() {},
      async destroy() {},
    }
    this.db = new Kysely<Schema>({
      dialect: {
        createDriver: () => driver,
        createAdapter: () => new SqliteAdapter(),
        createQueryCompiler: () => new SqliteQueryCompiler(),
        createIntrospector: (db) => new SqliteIntrospector(db),
      },
    })
  }
  static async open(nowMs: number): Promise<SharedDatabase> {
    const database = new SharedDatabase()
    await migrate(database.db, 'sqlite', nowMs)
    database.raw.exec('pragma foreign_keys = on')
    return database
  }
  run(sql: string, values: readonly unknown[] = []): { readonly rows: unknown[]; readonly changes: bigint } {
    try {
      const prepared = this.#prepare(sql)
      const { statement, kind, tables } = prepared
      if (kind === 'reads') return { rows: this.#read(sql, prepared, values), changes: 0n }
      for (const table of tables) this.#written.set(table, (this.#written.get(table) ?? 0) + 1)
      if (kind === 'changes all') this.#kept.clear()
      if (kind === 'returns') return { rows: statement.all(...(values as SQLInputValue[])), changes: 0n }
      return { rows: [], changes: BigInt(statement.run(...(values as SQLInputValue[])).changes) }
    } catch (error) {
      throw sqliteFault(error)
    }
  }
  #read(sql: string, { statement, tables }: Prepared, values: readonly unknown[]): unknown[] {
    const written = tables.reduce((sum, table) => sum + (this.#written.get(table) ?? 0), 0)
    const key = `${sql} ${JSON.stringify(values)}`
    const known = this.#kept.get(key)
    if (known?.written === written) return known.rows
    if (this.#kept.size >= mostKept) this.#kept.clear()
    const rows = statement.all(...(values as SQLInputValue[]))
    this.#kept.set(key, { written, rows })
    return rows
  }
  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql)
    if (known) return known
    const statement = this.raw.prepare(sql)
    const tables = [...sql.matchAll(/\b(?:from|join|into|update)\s+"?(\w+)"?/gi)].map(([, table]) => table!)
    const returns = statement.columns().length > 0
    // A deletion of an account takes rows of other tables with it, and who changes the schema anything.
    const changesAll = !/^\s*(?:select|insert|update|delete(?! from "accounts")|begin|commit)\b/i.test(sql)
    const kind = /^\s*select\b/i.test(sql)
      ? 'reads'
      : changesAll
        ? 'changes all'
        : returns
          ? 'returns'
          : 'writes'
    const prepared: Prepared = { statement, kind, tables: [...new Set(tables)] }
    this.#prepared.set(sql, prepared)
    return prepared
  }
  [Symbol.dispose](): void {
    this.#prepared.clear()
    this.raw.close()
  }
}

function connectionTo(database: SharedDatabase): DatabaseConnection {
  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery) {
      const { rows, changes } = database.run(sql, parameters)
      return { rows: rows as R[], numAffectedRows: changes }
    },
    streamQuery(): never {
      throw new Error('The stores read in pages, not in streams.')
    },
  }
}
