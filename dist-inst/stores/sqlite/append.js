import { BhorError } from '../../core/errors.js';
import { statusOf } from '../queries/watched.js';
import { commit, rollback } from './driver.js';
import { inOurWords } from './faults.js';
/** Fewer calls for a group; a statement of this size is still prepared quickly. */
const rowsPerInsert = 16;
const insertOne = 'insert into audit (seq, at_ms, account_id, entry_json, mac) values (?, ?, ?, ?, ?)';
const insertMany = `${insertOne}${', (?, ?, ?, ?, ?)'.repeat(rowsPerInsert - 1)}`;
const updateHead = 'update audit_head set seq = ?, mac = ?, head_mac = ? where id = 1';
/** The end of the chain, and an account and a key beside it: one statement, because each costs more than what it reads. */
const look = `select h.seq, h.mac, h.head_mac as headMac, a.id as accountId, a.generation, a.mac as accountMac,
    (select s.status from sessions s where s.account_id = a.id order by s.generation desc limit 1) as status,
    k.id as keyId
  from audit_head h
    left join accounts a on a.id = ?
    left join client_keys k on k.id = ? and k.revoked_at_ms is null
  where h.id = 1`;
/**
 * The hot path: one durable commit for a batch of audit records, on prepared statements, in one go and without
 * waiting for anything. Only call it while holding the writer's mutex.
 */
export function appendNow(file, watch, append) {
    const writer = file.writer;
    inOurWords(() => writer.prepare('begin immediate').statement.run());
    try {
        const { head, watched } = inOurWords(() => lookAt(writer, watch));
        const appended = append(head, watched);
        inOurWords(() => writeLinks(writer, appended));
    }
    catch (error) {
        rollback(file);
        throw error;
    }
    commit(file);
}
function lookAt(writer, { accountIds, keyIds }) {
    const accounts = new Map();
    const liveKeyIds = new Set();
    const { statement } = writer.prepare(look);
    let end;
    let at = 0;
    do {
        const row = statement.get(accountIds[at] ?? null, keyIds[at] ?? null);
        if (!row)
            throw new BhorError('store_damaged', 'Store is damaged at table audit_head.');
        const { accountId, generation, accountMac, status, keyId } = row;
        if (accountId !== null)
            accounts.set(accountId, { generation, status: statusOf(status), mac: accountMac });
        if (keyId !== null)
            liveKeyIds.add(keyId);
        end = row;
        at++;
    } while (at < accountIds.length || at < keyIds.length);
    const { seq, mac, headMac } = end;
    return { head: { seq, mac, headMac }, watched: { accounts, liveKeyIds } };
}
function writeLinks(writer, { links, head }) {
    let at = 0;
    for (; at + rowsPerInsert <= links.length; at += rowsPerInsert) {
        const values = [];
        for (let row = at; row < at + rowsPerInsert; row++)
            pushValues(values, links[row]);
        writer.prepare(insertMany).statement.run(...values);
    }
    for (; at < links.length; at++) {
        const values = [];
        pushValues(values, links[at]);
        writer.prepare(insertOne).statement.run(...values);
    }
    writer.prepare(updateHead).statement.run(head.seq, head.mac, head.headMac);
}
function pushValues(values, { seq, atMs, accountId, fields, mac }) {
    values.push(seq, atMs, accountId, fields, mac);
}
