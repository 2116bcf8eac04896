import { BhorError } from '../../core/errors.js';
import { orTaken } from '../faults.js';
function toRow(key) {
    return {
        id: key.id,
        purpose: key.purpose,
        wrapped: key.wrapped,
        created_at_ms: key.createdAtMs,
        retired_at_ms: key.retiredAtMs,
    };
}
function fromRow(row) {
    return {
        id: row.id,
        purpose: row.purpose,
        wrapped: row.wrapped,
        createdAtMs: row.created_at_ms,
        retiredAtMs: row.retired_at_ms,
    };
}
/** The keyring and the store's own facts (schema, key check value), which belong together. */
export function keyringQueries(db) {
    return {
        async keyring() {
            const rows = await db.selectFrom('keyring').selectAll().orderBy('created_at_ms').orderBy('id').execute();
            return rows.map(fromRow);
        },
        async insertKeyring(key) {
            await orTaken(db.insertInto('keyring').values(toRow(key)).execute(), () => new BhorError('already_exists', 'This data key already exists.'));
        },
        async updateKeyring(key) {
            const { id, ...columns } = toRow(key);
            const result = await db.updateTable('keyring').set(columns).where('id', '=', id).executeTakeFirst();
            if (result.numUpdatedRows === 0n)
                throw new BhorError('not_found', 'This data key is not in the store.');
        },
        async meta(name) {
            const row = await db.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirst();
            return row?.value;
        },
        async setMeta(name, value) {
            await db
                .insertInto('meta')
                .values({ name, value })
                .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
                .execute();
        },
    };
}
