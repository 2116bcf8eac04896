import type { Kysely } from 'kysely'
import type { NounWrites } from '../contracts/store.ts'
import type { Table } from './table.ts'
import { accountQueries, accounts } from './tables/accounts.ts'
import {
  channelQueries,
  channels,
  deliveries,
  deliveryQueries,
  incidentQueries,
  incidents,
  outbox,
  outboxQueries,
} from './tables/alerts.ts'
import { appQueries, apps } from './tables/apps.ts'
import { audit, auditHead, auditQueries } from './tables/audit.ts'
import { browserQueries, browsers } from './tables/browsers.ts'
import { calendar, calendarQueries } from './tables/calendar.ts'
import { feed, feedQueries } from './tables/feed.ts'
import { gateQueries, gates } from './tables/gates.ts'
import { hookQueries, hooks } from './tables/hooks.ts'
import { house, houseQueries } from './tables/house.ts'
import { intentQueries, intents } from './tables/intents.ts'
import { inventory } from './tables/inventory.ts'
import { keyUseQueries, keyUses } from './tables/key-uses.ts'
import { keyring, keyringQueries } from './tables/keyring.ts'
import { clientKeys, keyQueries } from './tables/keys.ts'
import { loginQueries, logins } from './tables/logins.ts'
import { meta, metaQueries } from './tables/meta.ts'
import { mirrorQueries, mirrors } from './tables/mirrors.ts'
import { passphraseQueries, passphrases } from './tables/passphrases.ts'
import { promptQueries, prompts } from './tables/prompts.ts'
import { sealQueries } from './tables/seals.ts'
import { sessionQueries, sessions } from './tables/sessions.ts'
import { work, workQueries } from './tables/work.ts'
import type { Witness } from './witness.ts'

/** Every noun of the store with its tables. What stands here is all that a query can name. */
export const nouns = {
  apps: { queries: appQueries, tables: [apps] },
  accounts: { queries: accountQueries, tables: [accounts] },
  sessions: { queries: sessionQueries, tables: [sessions] },
  logins: { queries: loginQueries, tables: [logins] },
  prompts: { queries: promptQueries, tables: [prompts] },
  hooks: { queries: hookQueries, tables: [hooks] },
  intents: { queries: intentQueries, tables: [intents] },
  keys: { queries: keyQueries, tables: [clientKeys] },
  calendar: { queries: calendarQueries, tables: [calendar] },
  house: { queries: houseQueries, tables: [house] },
  browsers: { queries: browserQueries, tables: [browsers] },
  passphrases: { queries: passphraseQueries, tables: [passphrases] },
  mirrors: { queries: mirrorQueries, tables: [mirrors] },
  gates: { queries: gateQueries, tables: [gates] },
  keyring: { queries: keyringQueries, tables: [keyring] },
  seals: { queries: sealQueries, tables: [] },
  meta: { queries: metaQueries, tables: [meta] },
  audit: { queries: auditQueries, tables: [audit, auditHead] },
  feed: { queries: feedQueries, tables: [feed] },
  work: { queries: workQueries, tables: [work] },
  keyUses: { queries: keyUseQueries, tables: [keyUses] },
  channels: { queries: channelQueries, tables: [channels] },
  outbox: { queries: outboxQueries, tables: [outbox] },
  incidents: { queries: incidentQueries, tables: [incidents] },
  deliveries: { queries: deliveryQueries, tables: [deliveries] },
}

type Tables = (typeof nouns)[keyof typeof nouns]['tables'][number]

/** The tables as both engines hold them, as their codecs write them. JSON columns (`…_json`) are text on both. */
export type Schema = {
  [One in Tables as One['name']]: ReturnType<One['write']>
} & {
  inventory: ReturnType<typeof inventory.write>
  /** Which steps the store has seen; it belongs to `migrate.ts` alone. */
  schema_version: { version: number; name: string; applied_at_ms: number }
}
export type Db = Kysely<Schema>

const tables = Object.values(nouns).flatMap(
  (noun): readonly unknown[] => noun.tables,
) as readonly Table<object>[]

/** The tables whose rows the inventory counts. */
export const countedTables = tables.filter(({ live }) => live !== undefined)

/** Every table with its columns. */
export const tableColumns: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries([...tables, inventory].map(({ name, columns }) => [name, columns])),
  audit_head: ['id', ...auditHead.columns],
  schema_version: ['version', 'name', 'applied_at_ms'],
}

/** Every query over one connection or transaction. */
export function nounsOver(db: Db, witness: Witness): NounWrites {
  const entries = Object.entries(nouns).map(([noun, { queries }]) => [noun, queries(db, witness)])
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
  {
    name: 'due work, and doubts about a session',
    statements: (engine) => {
      const { int, end } = words(engine)
      return [
        'alter table accounts add column last_doubt_json text',
        `create table work (
          account_id text not null references accounts (id) on delete cascade, kind text not null,
          generation ${int} not null, planned_at_ms ${int} not null, not_before_ms ${int} not null,
          due_at_ms ${int} not null, attempt ${int} not null, owner text not null, epoch ${int} not null,
          leased_until_ms ${int} not null, primary key (account_id, kind))${end}`,
        'create index work_by_due on work (due_at_ms)',
        'create index work_by_owner on work (owner, due_at_ms)',
      ]
    },
  },
  {
    name: 'what the user says of trading days, and by which address an account leaves',
    statements: (engine) => {
      const { int, end } = words(engine)
      return [
        `create table calendar (
          id text primary key, segment text not null, first_day text not null, last_day text not null,
          source text not null, days_json text not null, created_at_ms ${int} not null, mac text not null)${end}`,
        'alter table accounts add column last_egress_json text',
      ]
    },
  },
  {
    name: 'intents are authenticated',
    statements: () => [`alter table intents add column mac text not null default ''`],
  },
  {
    name: 'which key made a key',
    statements: () => ['alter table client_keys add column made_by text'],
  },
  {
    name: 'pauses, the kill switch, and what was told about gates',
    statements: (engine) => {
      const { int, end } = words(engine)
      return [
        'alter table accounts add column pause_json text',
        `create table house (id text primary key check (id = 'house'), kill_json text,
          changed_at_ms ${int} not null, mac text not null)${end}`,
        // Without a MAC, which only the vault can make: see session/gate/house.ts.
        `insert into house (id, kill_json, changed_at_ms, mac) values ('house', null, 0, '')`,
        `create table gates (
          account_id text primary key references accounts (id) on delete cascade,
          is_open ${int} not null check (is_open in (0, 1)), reason text not null, since_ms ${int} not null,
          changes_at_ms ${int})${end}`,
      ]
    },
  },
  {
    name: 'what keys were used for, and the feed by account',
    statements: (engine) => {
      const { int, seq, end } = words(engine)
      return [
        // Nobody outside has a number of it yet.
        'drop table feed',
        `create table feed (
          seq ${seq}, at_ms ${int} not null, action text not null, result text not null, account_id text,
          account_json text, code text not null, detail_json text not null)${end}`,
        'create index feed_by_time on feed (at_ms)',
        'create index feed_by_account on feed (account_id, seq) where account_id is not null',
        // Written again and again in its minute: room on its page keeps PostgreSQL from moving it to another.
        `create table key_uses (
          minute ${int} not null, key_id text not null, account_id text not null, count ${int} not null,
          last_at_ms ${int} not null, primary key (minute, key_id, account_id))
          ${engine === 'sqlite' ? 'without rowid, strict' : 'with (fillfactor = 50)'}`,
      ]
    },
  },
  {
    name: 'the inventory of the latest rows',
    statements: (engine) => {
      const { int, end } = words(engine)
      return [
        `alter table audit_head add column inventory text not null default ''`,
        `create table inventory (
          table_name text not null, row_id text not null, mac text not null, version ${int} not null,
          primary key (table_name, row_id))${end}`,
        'create index inventory_by_version on inventory (version)',
      ]
    },
  },
  {
    name: 'prompts',
    statements: (engine) => {
      const { int, end } = words(engine)
      return [
        `create table prompts (
          id text primary key, account_id text not null references accounts (id) on delete cascade,
          status text not null check (status in ('open', 'used', 'withdrawn')), login_id text not null,
          created_at_ms ${int} not null, expires_at_ms ${int} not null, mac text not null)${end}`,
        'create index prompts_by_account on prompts (account_id)',
        `create index prompts_open on prompts (expires_at_ms) where status = 'open'`,
      ]
    },
  },
  {
    name: 'channels of alerts, what waits for them, and work of theirs',
    statements: (engine) => {
      const { int, end } = words(engine)
      const workColumns = `
          account_id text not null, kind text not null,
          generation ${int} not null, planned_at_ms ${int} not null, not_before_ms ${int} not null,
          due_at_ms ${int} not null, attempt ${int} not null, owner text not null, epoch ${int} not null,
          leased_until_ms ${int} not null, primary key (account_id, kind)`
      // Work can be that of a channel, too: its row refers to no account any more.
      const freed =
        engine === 'postgres'
          ? ['alter table work drop constraint work_account_id_fkey']
          : [
              `create table new_work (${workColumns})${end}`,
              'insert into new_work select * from work',
              'drop table work',
              'alter table new_work rename to work',
              'create index work_by_due on work (due_at_ms)',
              'create index work_by_owner on work (owner, due_at_ms)',
            ]
      const ofChannel = 'references alert_channels (id) on delete cascade'
      return [
        ...freed,
        `create table alert_channels (
          id text primary key, name text not null unique, kind text not null, settings_json text not null,
          sealed_secrets text not null, least_severity text not null, account_ids_json text, quiet_json text,
          created_at_ms ${int} not null, updated_at_ms ${int} not null, mac text not null)${end}`,
        `create table alert_outbox (
          id text primary key, channel_id text not null ${ofChannel}, at_ms ${int} not null,
          severity text not null, sealed_alert text not null)${end}`,
        'create index alert_outbox_by_channel on alert_outbox (channel_id, at_ms)',
        `create table alert_incidents (
          id text primary key, kind text not null, cause text not null, account_id text, since_ms ${int} not null,
          told_at_ms ${int} not null, channel_ids_json text not null)${end}`,
        `create table alert_deliveries (
          channel_id text primary key ${ofChannel}, tried_at_ms ${int}, trying_json text not null,
          delivered_at_ms ${int}, failed_at_ms ${int},
          failure_code text not null, failure_text text not null, failures ${int} not null, checked_at_ms ${int},
          delivered_count ${int} not null, failed_count ${int} not null, left_out ${int} not null)${end}`,
      ]
    },
  },
  {
    name: 'by which way a login came, and the paths to which brokers post',
    statements: (engine) => {
      const { int, end } = words(engine)
      return [
        `alter table logins add column came_by text not null default ''`,
        `alter table sessions add column unconfirmed text not null default ''`,
        `create table hooks (
          id text primary key, app_id text not null references apps (id), path_hash text not null unique,
          created_at_ms ${int} not null, ends_at_ms ${int}, mac text not null)${end}`,
        'create index hooks_by_app on hooks (app_id)',
      ]
    },
  },
  {
    name: 'browsers that stay signed in, and the passphrase of the page',
    statements: (engine) => {
      const { int, end } = words(engine)
      return [
        `create table browsers (
          id text primary key, name text not null, cookie_hash text not null, public_key text not null,
          host text not null, told_by text not null, started_at_ms ${int} not null,
          last_used_at_ms ${int} not null, mac text not null)${end}`,
        `create table passphrases (
          id text primary key check (id = 'desk'), sealed_hash text not null, changed_at_ms ${int} not null,
          mac text not null)${end}`,
      ]
    },
  },
  {
    name: 'the seal',
    statements: () => ['alter table house add column seal_json text'],
  },
  {
    name: 'mirrors',
    statements: (engine) => {
      const { int, end } = words(engine)
      return [
        `create table mirrors (
          id text primary key, account_id text not null references accounts (id) on delete cascade,
          path text not null unique, format text not null, template text not null,
          in_place ${int} not null check (in_place in (0, 1)), generation ${int} not null,
          known_json text not null, written_at_ms ${int}, fault_json text, created_at_ms ${int} not null,
          mac text not null)${end}`,
        'create index mirrors_by_account on mirrors (account_id)',
      ]
    },
  },
  {
    name: 'keys that end with a run',
    statements: () => ['alter table client_keys add column held_by text'],
  },
  {
    name: 'due work by its kind',
    statements: () => [
      'drop index work_by_owner',
      'create index work_by_kind on work (owner, kind, due_at_ms)',
    ],
  },
]

/** The steps that a store shall see: all of them where nothing else is asked for. */
export function stepsOf({
  steps = migrations,
  upTo = steps.length,
}: {
  readonly steps?: readonly Migration[] | undefined
  readonly upTo?: number | undefined
}): readonly Migration[] {
  return upTo === steps.length ? steps : steps.slice(0, upTo)
}

/** The version of a store that has seen every step. */
export const stepCount = migrations.length
