import { BhorError } from '../../core/errors.js';
import { orTaken } from '../faults.js';
import { fromJson } from '../json-column.js';
function toRow(app) {
    return {
        id: app.id,
        broker: app.broker,
        kind: app.kind,
        api_key: app.apiKey,
        fields_json: JSON.stringify(app.fields),
        sealed_secrets: app.sealedSecrets,
        created_at_ms: app.createdAtMs,
        updated_at_ms: app.updatedAtMs,
        mac: app.mac,
    };
}
function fromRow(row) {
    return {
        id: row.id,
        broker: row.broker,
        kind: row.kind,
        apiKey: row.api_key,
        fields: fromJson(row.fields_json, { table: 'apps', row: row.id }),
        sealedSecrets: row.sealed_secrets,
        createdAtMs: row.created_at_ms,
        updatedAtMs: row.updated_at_ms,
        mac: row.mac,
    };
}
export function appQueries(db) {
    return {
        async app(id) {
            const row = await db.selectFrom('apps').selectAll().where('id', '=', id).executeTakeFirst();
            return row && fromRow(row);
        },
        async appByKey(broker, kind, apiKey) {
            const row = await db
                .selectFrom('apps')
                .selectAll()
                .where('broker', '=', broker)
                .where('kind', '=', kind)
                .where('api_key', '=', apiKey)
                .executeTakeFirst();
            return row && fromRow(row);
        },
        async insertApp(app) {
            await orTaken(db.insertInto('apps').values(toRow(app)).execute(), () => new BhorError('already_exists', 'This app is already known.'));
        },
        async updateApp(app) {
            const { id, ...columns } = toRow(app);
            const result = await orTaken(db.updateTable('apps').set(columns).where('id', '=', id).executeTakeFirst(), () => new BhorError('already_exists', 'Another app has this API key.'));
            if (result.numUpdatedRows === 0n)
                throw new BhorError('not_found', 'This app is not in the store.');
        },
        async deleteApp(id) {
            await db.deleteFrom('apps').where('id', '=', id).execute();
        },
    };
}
