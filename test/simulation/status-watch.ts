import type { StatementSync } from 'node:sqlite'
import type { SharedDatabase } from './shared-database.ts'
import { clockErrorMs, holds } from './violation.ts'

type Of = 'logins' | 'intents'
interface Row {
  readonly status: string
  readonly accountId: string
  readonly createdAtMs: number
}

/** From which status a row may go where. What stands for itself goes nowhere any more. */
const transitions: Readonly<Record<Of, Readonly<Record<string, readonly string[]>>>> = {
  logins: { open: ['used', 'cancelled', 'failed'], used: ['done', 'failed', 'open'] },
  intents: { open: ['committed', 'failed', 'lost'] },
}

/** So long an exchange belongs to whoever has begun it, by his clock. He who needs too long to write that down takes it back. */
const exchangeMs = 60_000

/** Follows each login and each intent from its beginning to its end. */
export class StatusWatch {
  readonly #nowMs: () => number
  readonly #statuses = { logins: new Map<string, string>(), intents: new Map<string, string>() }
  readonly #row: Readonly<Record<Of, StatementSync>>
  readonly #openIntents = new Map<
    string,
    { readonly sinceMs: number; readonly createdAtMs: number; readonly by: string }
  >()

  constructor({ raw }: SharedDatabase, nowMs: () => number) {
    this.#nowMs = nowMs
    this.#row = {
      logins: raw.prepare(
        'select status, account_id as accountId, created_at_ms as createdAtMs from logins where id = ?',
      ),
      intents: raw.prepare(
        'select state as status, account_id as accountId, created_at_ms as createdAtMs from intents where id = ?',
      ),
    }
  }
  /** How many exchanges were begun before that, and have not ended. */
  openSince(atMs: number): number {
    return [...this.#openIntents.values()].filter(({ sinceMs }) => sinceMs < atMs).length
  }
  /** @returns the account whose exchange has just brought what it was for */
  changed(of: Of, id: string, by: string): string | undefined {
    const row = this.#row[of].get(id) as unknown as Row | undefined
    const before = this.#statuses[of].get(id)
    if (!row) {
      this.#statuses[of].delete(id)
      if (of === 'intents') this.#openIntents.delete(id)
      return undefined
    }
    const may = before === undefined ? ['open'] : [before, ...(transitions[of][before] ?? [])]
    holds(
      may.includes(row.status),
      () => `I7 a row of ${of} goes from ${before ?? 'nothing'} to ${row.status}`,
    )
    this.#statuses[of].set(id, row.status)
    if (of === 'logins') return undefined
    if (row.status === 'lost') this.#mayBeLost(id, by)
    if (row.status !== 'open') this.#openIntents.delete(id)
    else if (before === undefined)
      this.#openIntents.set(id, {
        sinceMs: this.#nowMs(),
        createdAtMs: row.createdAtMs,
        by,
      })
    return row.status === 'committed' && before === 'open' ? row.accountId : undefined
  }
  /** Whoever is at it may say so at any time, others when its time is over by their own clocks. */
  #mayBeLost(id: string, by: string): void {
    const intent = this.#openIntents.get(id)
    const ageMs = this.#nowMs() - (intent?.createdAtMs ?? 0)
    holds(
      intent === undefined || intent.by === by || ageMs >= exchangeMs - 2 * clockErrorMs,
      () => `I4 ${by} has given up what ${intent?.by} was at for ${ageMs} ms`,
    )
  }
}
