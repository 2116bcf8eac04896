import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import {
  account,
  adds,
  app,
  clientKey,
  feedRow,
  intent,
  login,
  session,
} from '../../test/suites/stores/samples.ts'
import { startPostgres } from '../../test/support/postgres.ts'
import type { Store } from '../contracts/store.ts'
import { ManualClock } from '../core/clock.ts'
import { openStore } from './open.ts'

after(async () => (await startPostgres())[Symbol.asyncDispose]())
const clock = new ManualClock()

/** What somebody makes in a database of bhor's, how it is named, and how it goes again. */
const sqliteStrangers: readonly (readonly [make: string, named: string, drop: string])[] = [
  [
    'create trigger keep before update on client_keys begin select raise(ignore); end',
    'trigger keep on client_keys',
    'drop trigger keep',
  ],
  ['create view live as select * from sessions', 'view live', 'drop view live'],
  ['create table notes (text text)', 'table notes', 'drop table notes'],
  ['create index by_name on client_keys (name)', 'index by_name on client_keys', 'drop index by_name'],
  [
    `alter table client_keys add column shown text generated always as (name || '!') virtual`,
    'table client_keys',
    'alter table client_keys drop column shown',
  ],
]

const postgresStrangers: typeof sqliteStrangers = [
  [
    `create function undo() returns trigger language plpgsql as 'begin return null; end';
      create trigger keep before update on client_keys for each row execute function undo()`,
    'trigger keep on client_keys',
    'drop trigger keep on client_keys; drop function undo',
  ],
  ['create view live as select * from sessions', 'view live', 'drop view live'],
  ['create materialized view kept as select 1 as n', 'view kept', 'drop materialized view kept'],
  ['create table notes (text text)', 'table notes', 'drop table notes'],
  ['create index by_name on client_keys (name)', 'index by_name on client_keys', 'drop index by_name'],
  [
    'create rule nothing as on update to client_keys do instead nothing',
    'rule nothing on client_keys',
    'drop rule nothing on client_keys',
  ],
  [
    'alter table client_keys enable row level security',
    'policy row security on client_keys',
    'alter table client_keys disable row level security',
  ],
  [
    'create schema other; create table other.more () inherits (client_keys)',
    'inheritance more on client_keys',
    'drop schema other cascade',
  ],
  [
    `alter table client_keys add column shown text generated always as (name || '!') stored`,
    'generated column shown on client_keys',
    'alter table client_keys drop column shown',
  ],
  [
    'alter table client_keys add column colour text',
    'column colour on client_keys',
    'alter table client_keys drop column colour',
  ],
  [
    'create schema postgres; create table postgres.client_keys (id text)',
    'table client_keys',
    'drop schema postgres cascade',
  ],
]

async function provenNamed(
  open: () => Promise<AsyncDisposable>,
  run: (sql: string) => unknown,
  strangers: typeof sqliteStrangers,
): Promise<void> {
  await (await open())[Symbol.asyncDispose]()
  for (const [make, named, drop] of strangers) {
    await run(make)
    const message = `The store holds what bhor did not make: ${named}.`
    await assert.rejects(open(), { code: 'store_damaged', message }, make)
    await run(drop)
    await (await open())[Symbol.asyncDispose]()
  }
}

test('sqlite: triggers, views, tables, indexes and columns of others are named at the start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-strangers-'))
  try {
    const run = (sql: string) => {
      using database = new DatabaseSync(join(folder, 'bhor.db'))
      database.exec(sql)
    }
    const open = () => openStore({ url: `sqlite:${join(folder, 'bhor.db')}`, clock })
    await provenNamed(open, run, sqliteStrangers)
    // What SQLite makes for itself is no stranger.
    run('analyze')
    await (await open())[Symbol.asyncDispose]()
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('postgres: whatever others made in the schema or on a table of it is named; other schemas are theirs', async () => {
  const server = await startPostgres()
  const url = await server.freshDatabase()
  const open = () => openStore({ url, clock })
  await provenNamed(open, (sql) => server.run(url, sql), postgresStrangers)
  await server.run(
    url,
    'create schema theirs; create table theirs.client_keys (id text); create view theirs.v as select 1 as n',
  )
  await (await open())[Symbol.asyncDispose]()
})

const nothing = { accountIds: [], keyIds: [] }
/** A write of each kind to each table, in a store that holds the samples. */
const writes: readonly (readonly [
  event: string,
  table: string,
  write: (store: Store) => Promise<unknown>,
])[] = [
  [
    'insert',
    'apps',
    (store) => store.transaction((tx) => tx.apps.insert({ ...app, id: 'a9', apiKey: 'k9' })),
  ],
  ['update', 'apps', (store) => store.transaction((tx) => tx.apps.update(app))],
  ['insert', 'accounts', (store) => store.transaction((tx) => tx.accounts.insert(account('acc_9')))],
  ['update', 'accounts', (store) => store.transaction((tx) => tx.accounts.update(account('acc_1'), 0))],
  ['delete', 'accounts', (store) => store.transaction((tx) => tx.accounts.delete('acc_1'))],
  ['insert', 'sessions', (store) => store.transaction((tx) => tx.sessions.insert(session('acc_1', 9)))],
  ['update', 'sessions', (store) => store.transaction((tx) => tx.sessions.update(session('acc_1', 1)))],
  ['insert', 'logins', (store) => store.transaction((tx) => tx.logins.insert(login('l9', 'acc_1')))],
  ['update', 'logins', (store) => store.transaction((tx) => tx.logins.update(login('l1', 'acc_1'), 'open'))],
  ['insert', 'intents', (store) => store.transaction((tx) => tx.intents.insert(intent('i9', 'acc_1')))],
  ['update', 'intents', (store) => store.transaction((tx) => tx.intents.update(intent('i1', 'acc_1')))],
  ['insert', 'client_keys', (store) => store.transaction((tx) => tx.keys.insert(clientKey('k9')))],
  ['update', 'client_keys', (store) => store.transaction((tx) => tx.keys.update(clientKey('k1')))],
  ['delete', 'client_keys', (store) => store.transaction((tx) => tx.keys.delete('k1'))],
  ['insert', 'meta', (store) => store.transaction((tx) => tx.meta.set('name', 'value'))],
  ['insert', 'feed', (store) => store.transaction((tx) => tx.feed.insert([feedRow(9)]))],
  ['insert', 'audit', (store) => store.appendAudit(nothing, adds(1))],
  ['insert', 'audit', (store) => store.appendAudit(nothing, adds(40))],
  ['update', 'audit_head', (store) => store.appendAudit(nothing, adds(1))],
  ['insert', 'audit', (store) => store.transaction((tx) => tx.audit.append(adds(2)))],
  ['update', 'audit_head', (store) => store.transaction((tx) => tx.audit.append(adds(2)))],
]

async function provenNoticed(
  store: Store,
  undo: (event: string, table: string) => unknown,
  redo: () => unknown,
) {
  await store.transaction(async (tx) => {
    await tx.apps.insert(app)
    await tx.accounts.insert(account('acc_1'))
    await tx.sessions.insert(session('acc_1', 1))
    await tx.logins.insert(login('l1', 'acc_1'))
    await tx.intents.insert(intent('i1', 'acc_1'))
    await tx.keys.insert(clientKey('k1'))
  })
  for (const [event, table, write] of writes) {
    await undo(event, table)
    const message = new RegExp(`did not take what was written into table ${table}, row `)
    await assert.rejects(write(store), { code: 'store_damaged', message }, `${event} ${table}`)
    await redo()
  }
  for (const [event, table, write] of writes)
    if (event !== 'delete')
      assert.ok([undefined, true].includes((await write(store)) as undefined | true), table)
}

test('sqlite: a write that changes no row is a fault, in every table', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-strangers-'))
  try {
    await using store = await openStore({ url: `sqlite:${join(folder, 'bhor.db')}`, clock })
    using database = new DatabaseSync(join(folder, 'bhor.db'), { timeout: 5000 })
    const undo = (event: string, table: string) =>
      database.exec(`create trigger t before ${event} on ${table} begin select raise(ignore); end`)
    await provenNoticed(store, undo, () => database.exec('drop trigger t'))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('postgres: a write that changes no row is a fault, in every table', async () => {
  const server = await startPostgres()
  const url = await server.freshDatabase()
  await using store = await openStore({ url, clock })
  await server.run(url, `create function undo() returns trigger language plpgsql as 'begin return null; end'`)
  let on = ''
  const undo = (event: string, table: string) => {
    on = table
    return server.run(
      url,
      `create trigger t before ${event} on ${table} for each row execute function undo()`,
    )
  }
  await provenNoticed(store, undo, () => server.run(url, `drop trigger t on ${on}`))
})
