import {
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type TransactionSettings,
} from 'kysely'
import type { Pool } from 'pg'
import { BhorError } from '../../core/errors.ts'
import { unknownOutcome } from '../faults.ts'
import { type BorrowedClient, borrow } from './borrowed.ts'
import type { Reach } from './reach.ts'

/** How long one server waits for another's transaction, and how long it may leave its own open. */
const lockTimeoutMs = 5_000
const idleInTransactionMs = 15_000

/**
 * Every writer takes the chain's lock first, so that writers of all servers run one after the other, as in SQLite.
 * `lock table` freezes no snapshot: what the transaction reads afterwards is what the writer before it committed.
 * `synchronous_commit` may be off by default in somebody's database; ours is not.
 */
export const takeTurn = [
  'set local synchronous_commit to on',
  `set local lock_timeout to ${lockTimeoutMs}`,
  `set local idle_in_transaction_session_timeout to ${idleInTransactionMs}`,
  'lock table audit_head in share row exclusive mode',
].join('; ')

class PostgresDriver implements Driver {
  readonly #pool: Pool
  readonly #reach: Reach

  constructor(pool: Pool, reach: Reach) {
    this.#pool = pool
    this.#reach = reach
  }
  async init(): Promise<void> {}
  acquireConnection(): Promise<BorrowedClient> {
    return borrow(this.#pool, this.#reach)
  }
  async releaseConnection(connection: BorrowedClient): Promise<void> {
    connection.giveBack()
  }
  /** A transaction with an isolation level writes records and takes its turn, or only reads; one without migrates. */
  async beginTransaction(
    connection: BorrowedClient,
    { isolationLevel, accessMode }: TransactionSettings,
  ): Promise<void> {
    const level = `begin isolation level ${isolationLevel}`
    const begin =
      isolationLevel === undefined ? 'begin' : accessMode ? `${level} ${accessMode}` : `${level}; ${takeTurn}`
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
    if (command !== 'COMMIT') throw wentOn()
  }
  async rollbackTransaction(connection: BorrowedClient): Promise<void> {
    await connection.rollback()
  }
  async destroy(): Promise<void> {}
}

/** The transaction in which a connection is, for reads that its owner makes in between. */
class WithinDriver implements Driver {
  readonly #client: BorrowedClient

  constructor(client: BorrowedClient) {
    this.#client = client
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<BorrowedClient> {
    return this.#client
  }
  async releaseConnection(): Promise<void> {}
  async beginTransaction(): Promise<void> {}
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async destroy(): Promise<void> {}
}

/** The database said `ROLLBACK` where a commit was asked for. */
export function wentOn(): BhorError {
  return new BhorError(
    'internal',
    'A transaction went on after one of its statements had failed; nothing was stored.',
  )
}

export function postgresDialect(pool: Pool, reach: Reach): Dialect {
  return dialect(() => new PostgresDriver(pool, reach))
}

export function withinDialect(client: BorrowedClient): Dialect {
  return dialect(() => new WithinDriver(client))
}

function dialect(createDriver: () => Driver): Dialect {
  return {
    createDriver,
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  }
}
