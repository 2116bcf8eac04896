import type { CompiledQuery, DatabaseConnection } from 'kysely'
import type { Pool, QueryResult } from 'pg'
import { isBhorError } from '../../core/errors.ts'
import type { LastingClient } from './client.ts'
import { ForgottenStatement, postgresFault } from './faults.ts'
import type { Reach } from './reach.ts'

/** One statement, or several of one text without parameters. With a name it is prepared once for each connection. */
export interface Statement {
  readonly name?: string
  readonly text: string
  readonly values?: readonly unknown[]
}
/** What became of one of several that were sent together. */
export type Answer = PromiseSettledResult<QueryResult | QueryResult[]>

/** One borrowed connection. A broken one is not given back to the pool. */
export class BorrowedClient implements DatabaseConnection {
  readonly #client: LastingClient
  readonly #release: (isBroken: boolean) => void
  readonly #reach: Reach
  #isBroken = false

  constructor(client: LastingClient, release: (isBroken: boolean) => void, reach: Reach) {
    this.#client = client
    this.#release = release
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
      throw this.#fault(error)
    }
  }
  /** Sends several at once and waits for all: what was sent behind one that failed is answered too. */
  async sendTogether(statements: readonly Statement[]): Promise<Answer[]> {
    const { keepsStatements } = this.#reach
    const send = ({ name, text, values }: Statement) =>
      this.#client.query({
        text,
        ...(name && keepsStatements ? { name } : {}),
        ...(values ? { values: [...values] } : {}),
      })
    const answers = this.#client.together(() => statements.map(send))
    const all = await this.#reach.answered(this.#client, Promise.allSettled(answers))
    return all.map((one) => (one.status === 'rejected' ? { ...one, reason: this.#fault(one.reason) } : one))
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
    this.#release(this.#isBroken)
  }
  streamQuery(): never {
    throw new Error('The stores read in pages, not in streams.')
  }
  #fault(error: unknown): unknown {
    const fault = postgresFault(error)
    if (isBhorError(fault, 'store_unavailable')) this.#isBroken = true
    if (fault instanceof ForgottenStatement) this.#reach.keepsStatements = false
    return fault
  }
}

export async function borrow(pool: Pool, reach: Reach): Promise<BorrowedClient> {
  try {
    const client = await pool.connect()
    return new BorrowedClient(
      client as unknown as LastingClient,
      (isBroken) => client.release(isBroken),
      reach,
    )
  } catch (error) {
    throw reach.failed(error)
  }
}
