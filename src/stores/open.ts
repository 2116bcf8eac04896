import type { OldStore, Store } from '../contracts/store.ts'
import type { Clock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'

export interface StoreOptions {
  /** `sqlite:/path/bhor.db`, or `postgres://user:password@host/database` for several servers. */
  readonly url: string
  readonly clock: Clock
  /** Whose time leases go by in a database that several servers share; its own when left out, as it should be. */
  readonly leaseClock?: Clock
  /** Connections that Postgres may be asked for; 10 when left out. */
  readonly poolSize?: number
  /**
   * There is a master key that bhor itself made for this store: where nothing is found, it was lost, and no new one
   * is made in its place.
   */
  readonly isExpected?: boolean
  /** Called before a store that somebody has used is brought to a newer schema; nothing is changed when it throws. */
  readonly beforeMigrating?: ((old: OldStore) => Promise<void>) | undefined
  /** Only the first steps of the schema, for a copy of that version. */
  readonly upTo?: number
}

/**
 * Opens the store, makes it when there is none, and brings it to the newest schema.
 *
 * @throws BhorError `store_locked` when another server has the data folder, `store_foreign`, `store_newer`,
 * `store_damaged` (also when a file of the store was taken away), `store_full`, `store_readonly`, `store_busy`, `store_unavailable`, `permissions_too_wide`,
 * `config_invalid` for an address of neither kind. No message holds the address.
 *
 * @example
 * await using store = await openStore({ url: 'sqlite:/home/demo/.local/state/bhor/bhor.db', clock: systemClock })
 */
export async function openStore({ url, ...options }: StoreOptions): Promise<Store> {
  if (url.startsWith('sqlite:') && url.length > 'sqlite:'.length) {
    const { openSqlite } = await import('./sqlite/open.ts')
    const { leaseClock: _alone, ...own } = options
    return openSqlite({ path: url.slice('sqlite:'.length), ...own })
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    const { openPostgres } = await import('./postgres/open.ts')
    return openPostgres({ url, ...options })
  }
  throw new BhorError('config_invalid', 'The database address is neither sqlite:<path> nor postgres://….', {
    hint: 'Set BHOR_DATABASE_URL to sqlite:/path/bhor.db or postgres://user@host/database.',
  })
}
