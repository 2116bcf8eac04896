import { BhorError } from '../../core/errors.js';
import { orTaken } from '../faults.js';
function toRow(login) {
    return {
        id: login.id,
        account_id: login.accountId,
        broker: login.broker,
        state_hash: login.stateHash,
        redirect_url: login.redirectUrl,
        status: login.status,
        outcome: login.outcome,
        generation: login.generation,
        sealed_carry: login.sealedCarry,
        started_by: login.startedBy,
        created_at_ms: login.createdAtMs,
        expires_at_ms: login.expiresAtMs,
        mac: login.mac,
    };
}
function fromRow(row) {
    return {
        id: row.id,
        accountId: row.account_id,
        broker: row.broker,
        stateHash: row.state_hash,
        redirectUrl: row.redirect_url,
        status: row.status,
        outcome: row.outcome,
        generation: row.generation,
        sealedCarry: row.sealed_carry,
        startedBy: row.started_by,
        createdAtMs: row.created_at_ms,
        expiresAtMs: row.expires_at_ms,
        mac: row.mac,
    };
}
export function loginQueries(db) {
    return {
        async login(id) {
            const row = await db.selectFrom('logins').selectAll().where('id', '=', id).executeTakeFirst();
            return row && fromRow(row);
        },
        async loginByState(stateHash) {
            const row = await db
                .selectFrom('logins')
                .selectAll()
                .where('state_hash', '=', stateHash)
                .executeTakeFirst();
            return row && fromRow(row);
        },
        async openLogins(nowMs, accountId) {
            const rows = await db
                .selectFrom('logins')
                .selectAll()
                .where('status', '=', 'open')
                .where('expires_at_ms', '>', nowMs)
                .$if(accountId !== undefined, (query) => query.where('account_id', '=', accountId))
                .orderBy('created_at_ms', 'desc')
                .orderBy('id', 'desc')
                .execute();
            return rows.map(fromRow);
        },
        async insertLogin(login) {
            await orTaken(db.insertInto('logins').values(toRow(login)).execute(), () => new BhorError('already_exists', 'This login is already in the store.'));
        },
        async updateLogin(login, expected) {
            const { id, ...columns } = toRow(login);
            const result = await orTaken(db
                .updateTable('logins')
                .set(columns)
                .where('id', '=', id)
                .where('status', '=', expected)
                .executeTakeFirst(), () => new BhorError('already_exists', 'Another login has this state.'));
            return result.numUpdatedRows > 0n;
        },
    };
}
