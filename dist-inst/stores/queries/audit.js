import { BhorError } from '../../core/errors.js';
/** Rows of one insert; Postgres takes 65,535 values a statement. */
const rowsPerInsert = 500;
function toRow({ seq, atMs, accountId, fields, mac }) {
    return { seq, at_ms: atMs, account_id: accountId, entry_json: fields, mac };
}
/** @throws BhorError `store_damaged` with the fact `seq` when the row is no record at all */
function fromRow(row) {
    let entry;
    try {
        entry = JSON.parse(row.entry_json);
    }
    catch {
        entry = undefined;
    }
    if (typeof entry !== 'object' || entry === null || !('actor' in entry)) {
        throw new BhorError('store_damaged', `Store is damaged at table audit, record ${row.seq}.`, {
            facts: { table: 'audit', seq: row.seq },
        });
    }
    const columns = { seq: row.seq, atMs: row.at_ms, mac: row.mac };
    const account = row.account_id === null ? {} : { accountId: row.account_id };
    return { ...entry, ...account, ...columns };
}
/** The end of the chain. Every writer holds the chain's lock, so that it is still the end when the next link is written. */
export async function readHead(db) {
    const row = await db
        .selectFrom('audit_head')
        .select(['seq', 'mac', 'head_mac'])
        .where('id', '=', 1)
        .executeTakeFirst();
    if (!row)
        throw new BhorError('store_damaged', 'Store is damaged at table audit_head.');
    return { seq: row.seq, mac: row.mac, headMac: row.head_mac };
}
/** Stores what `append` computed. */
export async function writeLinks(db, { links, head }) {
    for (let at = 0; at < links.length; at += rowsPerInsert) {
        const rows = links.slice(at, at + rowsPerInsert).map(toRow);
        await db.insertInto('audit').values(rows).execute();
    }
    const { seq, mac, headMac } = head;
    await db.updateTable('audit_head').set({ seq, mac, head_mac: headMac }).where('id', '=', 1).execute();
}
export function auditQueries(db) {
    return {
        auditHead: () => readHead(db),
        async auditRecords(fromSeq, limit) {
            const rows = await db
                .selectFrom('audit')
                .selectAll()
                .where('seq', '>=', fromSeq)
                .orderBy('seq')
                .limit(limit)
                .execute();
            return rows.map(fromRow);
        },
        async latestAudit(limit, accountId, beforeSeq) {
            const rows = await db
                .selectFrom('audit')
                .selectAll()
                .$if(accountId !== undefined, (query) => query.where('account_id', '=', accountId))
                .$if(beforeSeq !== undefined, (query) => query.where('seq', '<', beforeSeq))
                .orderBy('seq', 'desc')
                .limit(limit)
                .execute();
            return rows.map(fromRow);
        },
        async appendAudit(append) {
            await writeLinks(db, append(await readHead(db)));
        },
    };
}
