import { BhorError } from '../../core/errors.js';
import { orTaken } from '../faults.js';
import { fromJson } from '../json-column.js';
function toRow(session) {
    return {
        id: session.id,
        account_id: session.accountId,
        generation: session.generation,
        status: session.status,
        end_reason: session.endReason,
        ended_at_ms: session.endedAtMs,
        started_by: session.startedBy,
        sealed_tokens: session.sealedTokens,
        sealed_grant: session.sealedGrant,
        token_expiries_json: JSON.stringify(session.tokenExpiriesMs),
        user_id: session.userId,
        user_name: session.userName,
        user_shortname: session.userShortname,
        email: session.email,
        user_type: session.userType,
        broker_name: session.brokerName,
        exchanges_json: JSON.stringify(session.exchanges),
        products_json: JSON.stringify(session.products),
        order_types_json: JSON.stringify(session.orderTypes),
        base_url: session.baseUrl,
        granted_at_ms: session.grantedAtMs,
        expires_at_ms: session.expiresAtMs,
        created_at_ms: session.createdAtMs,
        mac: session.mac,
    };
}
function fromRow(row) {
    const place = { table: 'sessions', row: row.id };
    return {
        id: row.id,
        accountId: row.account_id,
        generation: row.generation,
        status: row.status,
        endReason: row.end_reason,
        endedAtMs: row.ended_at_ms,
        startedBy: row.started_by,
        sealedTokens: row.sealed_tokens,
        sealedGrant: row.sealed_grant,
        tokenExpiriesMs: fromJson(row.token_expiries_json, place),
        userId: row.user_id,
        userName: row.user_name,
        userShortname: row.user_shortname,
        email: row.email,
        userType: row.user_type,
        brokerName: row.broker_name,
        exchanges: fromJson(row.exchanges_json, place),
        products: fromJson(row.products_json, place),
        orderTypes: fromJson(row.order_types_json, place),
        baseUrl: row.base_url,
        grantedAtMs: row.granted_at_ms,
        expiresAtMs: row.expires_at_ms,
        createdAtMs: row.created_at_ms,
        mac: row.mac,
    };
}
export function sessionQueries(db) {
    return {
        async latestSession(accountId) {
            const row = await db
                .selectFrom('sessions')
                .selectAll()
                .where('account_id', '=', accountId)
                .orderBy('generation', 'desc')
                .limit(1)
                .executeTakeFirst();
            return row && fromRow(row);
        },
        async latestSessions() {
            const rows = await db
                .selectFrom('sessions as s')
                .selectAll()
                .where('generation', '=', (e) => e
                .selectFrom('sessions as newest')
                .select((f) => f.fn.max('newest.generation').as('generation'))
                .whereRef('newest.account_id', '=', 's.account_id'))
                .orderBy('account_id')
                .execute();
            return rows.map(fromRow);
        },
        async insertSession(session) {
            await orTaken(db.insertInto('sessions').values(toRow(session)).execute(), () => new BhorError('generation_conflict', 'This account already has a session of this generation.', {
                facts: { generation: session.generation },
            }));
        },
        async updateSession(session) {
            const { id, ...columns } = toRow(session);
            const result = await orTaken(db.updateTable('sessions').set(columns).where('id', '=', id).executeTakeFirst(), () => new BhorError('generation_conflict', 'This account already has a session of this generation.'));
            if (result.numUpdatedRows === 0n)
                throw new BhorError('not_found', 'This session is not in the store.');
        },
    };
}
