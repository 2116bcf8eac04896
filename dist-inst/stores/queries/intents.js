import { BhorError } from '../../core/errors.js';
function toRow(intent) {
    return {
        id: intent.id,
        account_id: intent.accountId,
        login_id: intent.loginId,
        kind: intent.kind,
        grant_hash: intent.grantHash,
        state: intent.state,
        code: intent.code,
        created_at_ms: intent.createdAtMs,
        finished_at_ms: intent.finishedAtMs,
    };
}
function fromRow(row) {
    return {
        id: row.id,
        accountId: row.account_id,
        loginId: row.login_id,
        kind: row.kind,
        grantHash: row.grant_hash,
        state: row.state,
        code: row.code,
        createdAtMs: row.created_at_ms,
        finishedAtMs: row.finished_at_ms,
    };
}
export function intentQueries(db) {
    return {
        async openIntents() {
            const rows = await db
                .selectFrom('intents')
                .selectAll()
                .where('state', '=', 'open')
                .orderBy('created_at_ms')
                .orderBy('id')
                .execute();
            return rows.map(fromRow);
        },
        async insertIntent(intent) {
            const result = await db
                .insertInto('intents')
                .values(toRow(intent))
                .onConflict((conflict) => conflict.column('grant_hash').doNothing())
                .executeTakeFirst();
            return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
        },
        async updateIntent(intent) {
            const { id, grant_hash: _spent, ...columns } = toRow(intent);
            const result = await db.updateTable('intents').set(columns).where('id', '=', id).executeTakeFirst();
            if (result.numUpdatedRows === 0n)
                throw new BhorError('not_found', 'This intent is not in the store.');
        },
    };
}
