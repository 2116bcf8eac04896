import { BhorError } from '../../core/errors.js';
import { orTaken } from '../faults.js';
import { fromJson, fromJsonOrNull, toJsonOrNull } from '../json-column.js';
function toRow(account) {
    return {
        id: account.id,
        alias: account.alias,
        label: account.label,
        broker: account.broker,
        kind: account.kind,
        app_id: account.appId,
        user_id: account.userId,
        redirect_url: account.redirectUrl,
        postback_url: account.postbackUrl,
        fields_json: JSON.stringify(account.fields),
        sealed_secrets: account.sealedSecrets,
        generation: account.generation,
        created_at_ms: account.createdAtMs,
        updated_at_ms: account.updatedAtMs,
        last_login_at_ms: account.lastLoginAtMs,
        last_probe_json: toJsonOrNull(account.lastProbe),
        last_fault_json: toJsonOrNull(account.lastFault),
        mac: account.mac,
    };
}
function fromRow(row) {
    const place = { table: 'accounts', row: row.id };
    return {
        id: row.id,
        alias: row.alias,
        label: row.label,
        broker: row.broker,
        kind: row.kind,
        appId: row.app_id,
        userId: row.user_id,
        redirectUrl: row.redirect_url,
        postbackUrl: row.postback_url,
        fields: fromJson(row.fields_json, place),
        sealedSecrets: row.sealed_secrets,
        generation: row.generation,
        createdAtMs: row.created_at_ms,
        updatedAtMs: row.updated_at_ms,
        lastLoginAtMs: row.last_login_at_ms,
        lastProbe: fromJsonOrNull(row.last_probe_json, place),
        lastFault: fromJsonOrNull(row.last_fault_json, place),
        mac: row.mac,
    };
}
const aliasTaken = () => new BhorError('already_exists', 'An account with this name already exists.');
export function accountQueries(db) {
    return {
        async accounts() {
            return (await db.selectFrom('accounts').selectAll().orderBy('alias').execute()).map(fromRow);
        },
        async account(id) {
            const row = await db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst();
            return row && fromRow(row);
        },
        async accountByAlias(alias) {
            const row = await db.selectFrom('accounts').selectAll().where('alias', '=', alias).executeTakeFirst();
            return row && fromRow(row);
        },
        async accountsOfApp(appId) {
            const rows = await db
                .selectFrom('accounts')
                .selectAll()
                .where('app_id', '=', appId)
                .orderBy('alias')
                .execute();
            return rows.map(fromRow);
        },
        async insertAccount(account) {
            await orTaken(db.insertInto('accounts').values(toRow(account)).execute(), aliasTaken);
        },
        async updateAccount(account, expectedGeneration) {
            const { id, ...columns } = toRow(account);
            const update = db
                .updateTable('accounts')
                .set(columns)
                .where('id', '=', id)
                .where('generation', '=', expectedGeneration)
                .executeTakeFirst();
            if ((await orTaken(update, aliasTaken)).numUpdatedRows > 0n)
                return;
            const stored = await db
                .selectFrom('accounts')
                .select('generation')
                .where('id', '=', id)
                .executeTakeFirst();
            if (!stored)
                throw new BhorError('account_not_found', 'This account is not in the store.');
            throw new BhorError('generation_conflict', 'Another session was stored for this account in the meantime.', {
                facts: { expected: expectedGeneration, stored: stored.generation },
            });
        },
        async deleteAccount(id) {
            await db.deleteFrom('accounts').where('id', '=', id).execute();
        },
    };
}
