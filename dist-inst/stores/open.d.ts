import type { Store } from '../contracts/store.ts';
import type { Clock } from '../core/clock.ts';
export interface StoreOptions {
    /** `sqlite:/path/bhor.db`, or `postgres://user:password@host/database` for several servers. */
    readonly url: string;
    readonly clock: Clock;
    /** Connections that Postgres may be asked for; 10 when left out. */
    readonly poolSize?: number;
}
/**
 * Opens the store, makes it when there is none, and brings it to the newest schema.
 *
 * @throws BhorError `store_locked` when another server has the data folder, `store_foreign`, `store_newer`,
 * `store_damaged`, `store_full`, `store_readonly`, `store_busy`, `store_unavailable`, `permissions_too_wide`,
 * `config_invalid` for an address of neither kind. No message holds the address.
 *
 * @example
 * await using store = await openStore({ url: 'sqlite:/home/demo/.local/state/bhor/bhor.db', clock: systemClock })
 */
export declare function openStore({ url, clock, poolSize }: StoreOptions): Promise<Store>;
