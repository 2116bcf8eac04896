import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type TransactionSettings,
} from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { BhorError, isBhorError } from '../../core/errors.ts'
import { unknownOutcome } from '../faults.ts'
import { postgresFault } from './faults.ts'
import type { Reach } from './reach.ts'

/** How long one server waits for another's transaction, and how long it may leave its own open. */
const lockTimeoutMs = 5_000
const idleInTransactionMs = 15_000

/**
 * Every writer takes the chain's lock first, so that writers of all servers run one after the other, as in SQLite.
 * `lock table` freezes no snapshot: what the transaction reads afterwards is what the writer before it committed.
 * `synchronous_commit` may be off by default in somebody's database; ours is not.
 */
const prelude = [
  'set local synchronous_commit to on',
  `set local lock_timeout to ${lockTimeoutMs}`,
  `set local idle_in_transaction_session_timeout to ${idleInTransactionMs}`,
  'lock table audit_head in share row exclusive mode',
].join('; ')

/** One borrowed connection. A broken one is not given back to the pool. */
class BorrowedClient implements DatabaseConnection {
  readonly #client: PoolClient
  readonly #reach: Reach
  #isBroken = false

  constructor(client: PoolClient, reach: Reach) {
    this.#client = client
    this.#reach = reach
  }
  async executeQuery<R>(query: CompiledQuery) {
    const { command, rowCount, rows } = await this.send(query.sql, query.parameters)
    const isChange = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE'
    return { rows: rows as R[], ...(isChange ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}) }
  }
  async send(sql: string, parameters?: readonly unknown[]) {
    try {
      const answer = parameters ? this.#client.query(sql, [...parameters]) : this.#client.query(sql)
      return await this.#reach.answered(this.#client, answer)
    } catch (error) {
      const fault = postgresFault(error)
      if (isBhorError(fault, 'store_unavailable')) this.#isBroken = true
      throw fault
    }
  }
  /** A broken connection takes its transaction with it. */
  async rollback(): Promise<void> {
    if (this.#isBroken) return
    try {
      await this.send('rollback')
    } catch {
      this.#isBroken = true
    }
  }
  giveBack(): void {
    this.#client.release(this.#isBroken)
  }
  streamQuery(): never {
    throw new Error('The stores read in pages, not in streams.')
  }
}

class PostgresDriver implements Driver {
  readonly #pool: Pool
  readonly #reach: Reach

  constructor(pool: Pool, reach: Reach) {
    this.#pool = pool
    this.#reach = reach
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<BorrowedClient> {
    try {
      return new BorrowedClient(await this.#pool.connect(), this.#reach)
    } catch (error) {
      throw this.#reach.failed(error)
    }
  }
  async releaseConnection(connection: BorrowedClient): Promise<void> {
    connection.giveBack()
  }
  /** A transaction with an isolation level writes records and takes its turn; one without migrates. */
  async beginTransaction(connection: BorrowedClient, { isolationLevel }: TransactionSettings): Promise<void> {
    const begin = isolationLevel ? `begin isolation level ${isolationLevel}; ${prelude}` : 'begin'
    try {
      await connection.send(begin)
    } catch (error) {
      await connection.rollback()
      throw error
    }
  }
  async commitTransaction(connection: BorrowedClient): Promise<void> {
    let command: string
    try {
      command = (await connection.send('commit')).command
    } catch (error) {
      throw unknownOutcome(error)
    }
    if (command !== 'COMMIT') {
      throw new BhorError(
        'internal',
        'A transaction went on after one of its statements had failed; nothing was stored.',
      )
    }
  }
  async rollbackTransaction(connection: BorrowedClient): Promise<void> {
    await connection.rollback()
  }
  async destroy(): Promise<void> {}
}

export function postgresDialect(pool: Pool, reach: Reach): Dialect {
  return {
    createDriver: () => new PostgresDriver(pool, reach),
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  }
}
