import { BhorError } from '../core/errors.js';
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
export async function openStore({ url, clock, poolSize }) {
    if (url.startsWith('sqlite:') && url.length > 'sqlite:'.length) {
        const { openSqlite } = await import('./sqlite/open.js');
        return openSqlite({ path: url.slice('sqlite:'.length), clock });
    }
    if (/^postgres(ql)?:\/\//.test(url)) {
        const { openPostgres } = await import('./postgres/open.js');
        return openPostgres({ url, clock, ...(poolSize === undefined ? {} : { poolSize }) });
    }
    throw new BhorError('config_invalid', 'The database address is neither sqlite:<path> nor postgres://….', {
        hint: 'Set BHOR_DATABASE_URL to sqlite:/path/bhor.db or postgres://user@host/database.',
    });
}
