import type { StatementSync } from 'node:sqlite'
import type { SharedDatabase } from './shared-database.ts'

/**
 * When a keeper has something to do next by what is stored, so that the looks until then can be stepped over. Anything
 * that is committed may change it.
 */
export class Due {
  readonly #next: StatementSync
  #nextMs: number | undefined

  constructor({ raw }: SharedDatabase) {
    this.#next = raw.prepare(`
      select min(case when owner > '' then max(leased_until_ms, due_at_ms) else due_at_ms end) as atMs from work`)
  }
  changed(): void {
    this.#nextMs = undefined
  }
  /** By the true time. */
  nextMs(): number {
    this.#nextMs ??= (this.#next.get() as { atMs: number | null }).atMs ?? Number.MAX_SAFE_INTEGER
    return this.#nextMs
  }
}
