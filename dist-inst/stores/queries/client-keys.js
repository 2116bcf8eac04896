import { BhorError } from '../../core/errors.js';
import { orTaken } from '../faults.js';
import { fromJson, fromJsonOrNull, toJsonOrNull } from '../json-column.js';
function toRow(key) {
    return {
        id: key.id,
        name: key.name,
        hash: key.hash,
        scopes_json: JSON.stringify(key.scopes),
        account_ids_json: toJsonOrNull(key.accountIds),
        created_at_ms: key.createdAtMs,
        expires_at_ms: key.expiresAtMs,
        revoked_at_ms: key.revokedAtMs,
        mac: key.mac,
    };
}
function fromRow(row) {
    const place = { table: 'client_keys', row: row.id };
    return {
        id: row.id,
        name: row.name,
        hash: row.hash,
        scopes: fromJson(row.scopes_json, place),
        accountIds: fromJsonOrNull(row.account_ids_json, place),
        createdAtMs: row.created_at_ms,
        expiresAtMs: row.expires_at_ms,
        revokedAtMs: row.revoked_at_ms,
        mac: row.mac,
    };
}
export function clientKeyQueries(db) {
    return {
        async clientKeys() {
            const rows = await db
                .selectFrom('client_keys')
                .selectAll()
                .orderBy('created_at_ms')
                .orderBy('id')
                .execute();
            return rows.map(fromRow);
        },
        async clientKeyByHash(hash) {
            const row = await db.selectFrom('client_keys').selectAll().where('hash', '=', hash).executeTakeFirst();
            return row && fromRow(row);
        },
        async insertClientKey(key) {
            await orTaken(db.insertInto('client_keys').values(toRow(key)).execute(), () => new BhorError('already_exists', 'This client key already exists.'));
        },
        async updateClientKey(key) {
            const { id, ...columns } = toRow(key);
            const result = await orTaken(db.updateTable('client_keys').set(columns).where('id', '=', id).executeTakeFirst(), () => new BhorError('already_exists', 'Another client key has this hash.'));
            if (result.numUpdatedRows === 0n)
                throw new BhorError('key_not_found', 'This client key is not in the store.');
        },
    };
}
