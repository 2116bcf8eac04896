import { BhorError } from '../core/errors.js';
import { Secret } from '../core/secret.js';
/**
 * Which plain columns of each row decide something. They are authenticated, because neither SQLite nor PostgreSQL
 * notices a changed byte, and whoever can write the file must not be able to prolong a session or widen a key.
 */
const macFields = {
    apps: (r) => ({
        broker: r.broker,
        kind: r.kind,
        apiKey: r.apiKey,
        fields: JSON.stringify(r.fields),
    }),
    accounts: (r) => ({
        alias: r.alias,
        broker: r.broker,
        kind: r.kind,
        appId: r.appId,
        userId: r.userId,
        redirectUrl: r.redirectUrl,
        generation: r.generation,
    }),
    sessions: (r) => ({
        accountId: r.accountId,
        generation: r.generation,
        status: r.status,
        endReason: r.endReason,
        userId: r.userId,
        baseUrl: r.baseUrl,
        grantedAtMs: r.grantedAtMs,
        expiresAtMs: r.expiresAtMs,
        tokenExpiriesMs: JSON.stringify(Object.entries(r.tokenExpiriesMs).sort()),
    }),
    logins: (r) => ({
        accountId: r.accountId,
        broker: r.broker,
        stateHash: r.stateHash,
        redirectUrl: r.redirectUrl,
        status: r.status,
        expiresAtMs: r.expiresAtMs,
    }),
    client_keys: (r) => ({
        hash: r.hash,
        scopes: JSON.stringify(r.scopes),
        accountIds: JSON.stringify(r.accountIds),
        expiresAtMs: r.expiresAtMs,
        revokedAtMs: r.revokedAtMs,
    }),
};
function macInput(table, record) {
    const fields = macFields[table](record);
    return { table, row: record.id, fields };
}
/** The record with its `mac` computed afresh. Every write goes through here. */
export function stamped(vault, table, record) {
    const unstamped = { ...record, mac: '' };
    return { ...unstamped, mac: vault.mac(macInput(table, unstamped)) };
}
/**
 * A stored record with some fields changed. The stored one is authenticated first: stamping a row that somebody
 * changed would make the change genuine.
 */
export function amended(vault, table, record, changes) {
    return stamped(vault, table, { ...proven(vault, table, record), ...changes });
}
/** Passes a record on only when its `mac` is right. @throws BhorError `store_damaged` naming table and row */
export function proven(vault, table, record) {
    if (!vault.isMacValid(macInput(table, record), record.mac)) {
        throw new BhorError('store_damaged', `The row ${record.id} of ${table} was changed outside bhor or is damaged.`, {
            facts: { table, row: record.id },
        });
    }
    return record;
}
/** Seals a set of named secrets as one value; empty text for an empty set. */
export function sealSecrets(vault, secrets, place) {
    const entries = Object.entries(secrets);
    if (entries.length === 0)
        return '';
    return vault.seal(JSON.stringify(Object.fromEntries(entries.map(([name, secret]) => [name, secret.reveal()]))), place);
}
/** The reverse of {@link sealSecrets}. */
export function openSecrets(vault, sealed, place) {
    if (sealed === '')
        return {};
    const values = JSON.parse(vault.open(sealed, place).reveal());
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Secret(value)]));
}
export const places = {
    appSecrets: (appId) => ({ table: 'apps', row: appId, field: 'secrets', generation: 0 }),
    accountSecrets: (accountId) => ({
        table: 'accounts',
        row: accountId,
        field: 'secrets',
        generation: 0,
    }),
    tokens: (sessionId, generation) => ({
        table: 'sessions',
        row: sessionId,
        field: 'tokens',
        generation,
    }),
    grant: (sessionId, generation) => ({
        table: 'sessions',
        row: sessionId,
        field: 'grant',
        generation,
    }),
    carry: (loginId) => ({ table: 'logins', row: loginId, field: 'carry', generation: 0 }),
};
