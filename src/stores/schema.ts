import type { Kysely } from 'kysely'
import type { StoreTransaction } from '../contracts/store.ts'
import { accountQueries, accounts } from './tables/accounts.ts'
import { appQueries, apps } from './tables/apps.ts'
import { audit, auditHead, auditQueries } from './tables/audit.ts'
import { feed, feedQueries } from './tables/feed.ts'
import { intentQueries, intents } from './tables/intents.ts'
import { keyring, keyringQueries } from './tables/keyring.ts'
import { clientKeys, keyQueries } from './tables/keys.ts'
import { loginQueries, logins } from './tables/logins.ts'
import { meta, metaQueries } from './tables/meta.ts'
import { sessionQueries, sessions } from './tables/sessions.ts'

/** Every noun of the store with its tables. What stands here is all that a query can name. */
export const nouns = {
  apps: { queries: appQueries, tables: [apps] },
  accounts: { queries: accountQueries, tables: [accounts] },
  sessions: { queries: sessionQueries, tables: [sessions] },
  logins: { queries: loginQueries, tables: [logins] },
  intents: { queries: intentQueries, tables: [intents] },
  keys: { queries: keyQueries, tables: [clientKeys] },
  keyring: { queries: keyringQueries, tables: [keyring] },
  meta: { queries: metaQueries, tables: [meta] },
  audit: { queries: auditQueries, tables: [audit, auditHead] },
  feed: { queries: feedQueries, tables: [feed] },
}

type Tables = (typeof nouns)[keyof typeof nouns]['tables'][number]

/** The tables as both engines hold them, as their codecs write them. JSON columns (`…_json`) are text on both. */
export type Schema = {
  [One in Tables as One['name']]: ReturnType<One['write']>
} & {
  /** Which steps the store has seen; it belongs to `migrate.ts` alone. */
  schema_version: { version: number; name: string; applied_at_ms: number }
}
export type Db = Kysely<Schema>

/** Every query over one connection or transaction. */
export function nounsOver(db: Db): StoreTransaction {
  const entries = Object.entries(nouns).map(([noun, { queries }]) => [noun, queries(db)])
  return Object.fromEntries(entries) as {
    [Noun in keyof typeof nouns]: ReturnType<(typeof nouns)[Noun]['queries']>
  }
}

export type Engine = 'sqlite' | 'postgres'

/** One step of the schema. A step that has been released is never edited; a change is a new step at the end. */
export interface Migration {
  readonly name: string
  /** The statements, in order, in the words of one engine. */
  readonly statements: (engine: Engine) => readonly string[]
}

/** SQLite's `strict` refuses a value of another type, as Postgres does; its `integer primary key` is the row itself. */
export function words(engine: Engine): { int: string; seq: string; end: string } {
  return engine === 'sqlite'
    ? { int: 'integer', seq: 'integer primary key', end: ' strict' }
    : { int: 'bigint', seq: 'bigint primary key', end: '' }
}

/** In the order in which they run; the version of a store is how many of them it has seen. */
export const migrations: readonly Migration[] = [
  {
    name: 'accounts, sessions, logins, keys and the audit chain',
    statements: (engine) => {
      const { int, seq, end } = words(engine)
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
      ]
    },
  },
  {
    name: 'settings of accounts, accounts at a broker’s own sandbox, and the feed',
    statements: (engine) => {
      const { int, seq, end } = words(engine)
      const kinds = `kind in ('live', 'sandbox', 'broker-sandbox')`
      const widened =
        engine === 'postgres'
          ? [
              `alter table apps drop constraint apps_kind_check, add constraint apps_kind check (${kinds})`,
              `alter table accounts drop constraint accounts_kind_check, add constraint accounts_kind check (${kinds})`,
              `alter table accounts add column settings_json text not null default '{}'`,
            ]
          : [
              `create table new_apps (
                id text primary key, broker text not null, kind text not null constraint apps_kind check (${kinds}),
                api_key text not null, fields_json text not null, sealed_secrets text not null,
                created_at_ms ${int} not null, updated_at_ms ${int} not null, mac text not null,
                unique (broker, kind, api_key))${end}`,
              'insert into new_apps select * from apps',
              'drop table apps',
              'alter table new_apps rename to apps',
              `create table new_accounts (
                id text primary key, alias text not null unique, label text not null, broker text not null,
                kind text not null constraint accounts_kind check (${kinds}), app_id text not null references apps (id),
                user_id text not null, redirect_url text not null, postback_url text not null,
                fields_json text not null, sealed_secrets text not null,
                generation ${int} not null check (generation >= 0),
                created_at_ms ${int} not null, updated_at_ms ${int} not null, last_login_at_ms ${int},
                last_probe_json text, last_fault_json text, mac text not null,
                settings_json text not null default '{}')${end}`,
              `insert into new_accounts select *, '{}' from accounts`,
              'drop table accounts',
              'alter table new_accounts rename to accounts',
              'create index accounts_by_app on accounts (app_id)',
            ]
      return [
        // SQLite cannot drop a check that has no name: it makes the table anew.
        ...widened,
        `create table feed (
          seq ${seq}, at_ms ${int} not null, action text not null, result text not null, account_json text,
          code text not null, detail_json text not null)${end}`,
        'create index feed_by_time on feed (at_ms)',
      ]
    },
  },
]
