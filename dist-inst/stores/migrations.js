import { sql } from 'kysely';
import { BhorError } from '../core/errors.js';
/** SQLite's `strict` refuses a value of another type, as Postgres does; its `integer primary key` is the row itself. */
function words(engine) {
    return engine === 'sqlite'
        ? { int: 'integer', seq: 'integer primary key', end: ' strict' }
        : { int: 'bigint', seq: 'bigint primary key', end: '' };
}
/** In the order in which they run; the version of a store is how many of them it has seen. */
export const migrations = [
    {
        name: 'accounts, sessions, logins, keys and the audit chain',
        statements: (engine) => {
            const { int, seq, end } = words(engine);
            return [
                `create table meta (name text primary key, value text not null)${end}`,
                `create table keyring (
          id text primary key, purpose text not null, wrapped text not null,
          created_at_ms ${int} not null, retired_at_ms ${int})${end}`,
                `create table apps (
          id text primary key, broker text not null, kind text not null check (kind in ('live', 'sandbox')),
          api_key text not null, fields_json text not null, sealed_secrets text not null,
          created_at_ms ${int} not null, updated_at_ms ${int} not null, mac text not null,
          unique (broker, kind, api_key))${end}`,
                `create table accounts (
          id text primary key, alias text not null unique, label text not null, broker text not null,
          kind text not null check (kind in ('live', 'sandbox')), app_id text not null references apps (id),
          user_id text not null, redirect_url text not null, postback_url text not null,
          fields_json text not null, sealed_secrets text not null, generation ${int} not null check (generation >= 0),
          created_at_ms ${int} not null, updated_at_ms ${int} not null, last_login_at_ms ${int},
          last_probe_json text, last_fault_json text, mac text not null)${end}`,
                'create index accounts_by_app on accounts (app_id)',
                `create table sessions (
          id text primary key, account_id text not null references accounts (id) on delete cascade,
          generation ${int} not null, status text not null check (status in ('active', 'ended')),
          end_reason text, ended_at_ms ${int}, started_by text not null,
          sealed_tokens text not null, sealed_grant text not null, token_expiries_json text not null,
          user_id text not null, user_name text not null, user_shortname text not null, email text not null,
          user_type text not null, broker_name text not null, exchanges_json text not null,
          products_json text not null, order_types_json text not null, base_url text not null,
          granted_at_ms ${int} not null, expires_at_ms ${int} not null, created_at_ms ${int} not null,
          mac text not null, unique (account_id, generation))${end}`,
                `create table logins (
          id text primary key, account_id text not null references accounts (id) on delete cascade,
          broker text not null, state_hash text not null unique, redirect_url text not null,
          status text not null check (status in ('open', 'used', 'done', 'failed', 'cancelled')),
          outcome text not null, generation ${int} not null, sealed_carry text not null, started_by text not null,
          created_at_ms ${int} not null, expires_at_ms ${int} not null, mac text not null)${end}`,
                'create index logins_by_account on logins (account_id, created_at_ms)',
                `create index logins_open on logins (expires_at_ms) where status = 'open'`,
                `create table intents (
          id text primary key, account_id text not null references accounts (id) on delete cascade,
          login_id text not null, kind text not null check (kind in ('exchange', 'renewal')),
          grant_hash text not null unique,
          state text not null check (state in ('open', 'committed', 'failed', 'lost')),
          code text not null, created_at_ms ${int} not null, finished_at_ms ${int})${end}`,
                'create index intents_by_account on intents (account_id)',
                `create index intents_open on intents (created_at_ms) where state = 'open'`,
                `create table client_keys (
          id text primary key, name text not null, hash text not null unique, scopes_json text not null,
          account_ids_json text, created_at_ms ${int} not null, expires_at_ms ${int}, revoked_at_ms ${int},
          mac text not null)${end}`,
                `create table audit (
          seq ${seq}, at_ms ${int} not null, account_id text, entry_json text not null, mac text not null)${end}`,
                'create index audit_by_account on audit (account_id, seq) where account_id is not null',
                `create table audit_head (
          id ${seq} check (id = 1), seq ${int} not null, mac text not null, head_mac text not null)${end}`,
                `insert into audit_head (id, seq, mac, head_mac) values (1, 0, '', '')`,
            ];
        },
    },
];
/** Any fixed number: whoever migrates a Postgres store holds this advisory lock until its transaction ends. */
const migrationLock = 7_878_001;
/**
 * Brings a store to the newest schema, one transaction a step, each with its version row: a crash leaves the
 * old schema or the new one. Every step runs under a lock and looks at the version again.
 *
 * @throws BhorError `store_newer`
 */
export async function migrate(db, engine, nowMs, steps = migrations) {
    while (await db.transaction().execute((tx) => migrateOnce(tx, engine, nowMs, steps)))
        ;
}
/** Runs the next step; false when there is none. */
async function migrateOnce(tx, engine, nowMs, steps) {
    if (engine === 'postgres')
        await sql `select pg_advisory_xact_lock(${sql.lit(migrationLock)})`.execute(tx);
    if (!(await hasVersionTable(tx, engine))) {
        const { int, end } = words(engine);
        const columns = `version ${int} primary key, name text not null, applied_at_ms ${int} not null`;
        await sql.raw(`create table schema_version (${columns})${end}`).execute(tx);
    }
    const row = await tx
        .selectFrom('schema_version')
        .select((e) => e.fn.max('version').as('version'))
        .executeTakeFirst();
    const version = row?.version ?? 0;
    if (version > steps.length) {
        throw new BhorError('store_newer', `Store is version ${version}; this bhor knows up to ${steps.length}.`, {
            facts: { version, known: steps.length },
        });
    }
    const step = steps[version];
    if (!step)
        return false;
    for (const statement of step.statements(engine))
        await sql.raw(statement).execute(tx);
    const applied = { version: version + 1, name: step.name, applied_at_ms: nowMs };
    await tx.insertInto('schema_version').values(applied).execute();
    return true;
}
/** Asked, not `if not exists`: a Postgres role that may not create tables may still open a finished store. */
async function hasVersionTable(tx, engine) {
    const question = engine === 'postgres'
        ? sql `select to_regclass('schema_version')::text as name`
        : sql `select max(name) as name from sqlite_master where name = 'schema_version'`;
    return (await question.execute(tx)).rows[0]?.name != null;
}
