import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import {
  account,
  adds,
  app,
  browser,
  calendarRow,
  channelRow,
  clientKey,
  deliveryRow,
  feedRow,
  gate,
  hook,
  house,
  incidentRow,
  intent,
  keyUse,
  login,
  mirror,
  outboxRow,
  passphrase,
  prompt,
  session,
} from '../../test/suites/stores/samples.ts'
import type { DamagedRow, Rows, Store, StoreTransaction } from '../contracts/store.ts'
import type { WorkRecord } from '../contracts/work.ts'
import { ManualClock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { openStore } from './open.ts'
import { nouns } from './schema.ts'
import { deliveries, incidents } from './tables/alerts.ts'
import { work } from './tables/work.ts'

/** How one table is filled with rows of which the first will be damaged, and read again. */
interface Sample {
  readonly fill: (tx: StoreTransaction) => Promise<void>
  /** All that the store tells of the table; a read that throws tells of one damaged row. */
  readonly read: (store: Store) => Promise<Rows<unknown>>
  /** Columns of a closed set of words. */
  readonly words?: readonly string[]
  /** Those of them that may be empty. */
  readonly orEmpty?: readonly string[]
  /** Columns that decide whether the row is listed at all. */
  readonly filters?: readonly string[]
  readonly remove?: (tx: StoreTransaction, id: string) => Promise<void>
}

const single = async (read: Promise<unknown>): Promise<Rows<unknown>> => {
  try {
    const found = await read
    return { records: Array.isArray(found) ? found : found === undefined ? [] : [found], damaged: [] }
  } catch (error) {
    assert.ok(error instanceof BhorError)
    assert.equal(error.code, 'store_damaged')
    const { table, row, seq } = error.facts
    return { records: [], damaged: [{ table: String(table), id: String(row ?? seq), name: '', error }] }
  }
}
const withAccounts = async (tx: StoreTransaction) => {
  await tx.apps.insert(app)
  for (const id of ['acc_1', 'acc_2', 'acc_3']) await tx.accounts.insert(account(id))
}

const withChannels = async (tx: StoreTransaction) => {
  for (const id of ['chan_1', 'chan_2', 'chan_3']) await tx.channels.insert(channelRow(id))
}

const samples: Readonly<Record<string, Sample>> = {
  apps: {
    fill: withAccounts,
    read: (store) => single(store.apps.byId(app.id)),
    words: ['kind'],
    filters: ['id'],
  },
  accounts: {
    fill: withAccounts,
    read: (store) => store.accounts.list(),
    words: ['kind'],
    remove: (tx, id) => tx.accounts.delete(id),
  },
  sessions: {
    async fill(tx) {
      await withAccounts(tx)
      for (const id of ['acc_1', 'acc_2', 'acc_3']) await tx.sessions.insert(session(id, 1))
    },
    read: (store) => store.sessions.latestOfAll(),
    words: ['status', 'end_reason', 'started_by', 'unconfirmed'],
    orEmpty: ['unconfirmed'],
    filters: ['account_id', 'generation'],
  },
  logins: {
    async fill(tx) {
      await withAccounts(tx)
      for (const id of ['l1', 'l2', 'l3']) await tx.logins.insert(login(id, 'acc_1'))
    },
    read: (store) => store.logins.open(0),
    words: ['status', 'came_by'],
    orEmpty: ['came_by'],
    filters: ['status', 'expires_at_ms'],
  },
  prompts: {
    async fill(tx) {
      await withAccounts(tx)
      for (const id of ['p1', 'p2', 'p3']) await tx.prompts.insert(prompt(id, 'acc_1'))
    },
    read: (store) => store.prompts.open(0),
    words: ['status'],
    filters: ['status', 'expires_at_ms'],
  },
  hooks: {
    async fill(tx) {
      await withAccounts(tx)
      for (const id of ['h1', 'h2', 'h3']) await tx.hooks.insert(hook(id))
    },
    read: (store) => store.hooks.ofApp(app.id),
    filters: ['app_id'],
    remove: (tx, id) => tx.hooks.delete(id),
  },
  intents: {
    async fill(tx) {
      await withAccounts(tx)
      for (const id of ['i1', 'i2', 'i3']) await tx.intents.insert(intent(id, 'acc_1'))
    },
    read: (store) => store.intents.open(),
    words: ['kind', 'state'],
    filters: ['state'],
  },
  work: {
    async fill(tx) {
      await withAccounts(tx)
      for (const id of ['acc_1', 'acc_2', 'acc_3']) await tx.work.plan(id, 1, new Map([['expiry', 5]]))
    },
    // Nobody lists them, and whatever cannot be read is planned anew: it only has to be left out.
    async read(store) {
      const rows = await Promise.all(['acc_1', 'acc_2', 'acc_3'].map((id) => store.work.of(id)))
      return { records: rows.flat(), damaged: [] }
    },
    words: ['kind'],
    filters: Object.keys(work.write({} as WorkRecord)),
  },
  client_keys: {
    async fill(tx) {
      for (const id of ['k1', 'k2', 'k3']) await tx.keys.insert(clientKey(id))
    },
    read: (store) => store.keys.list(),
    remove: (tx, id) => tx.keys.delete(id),
  },
  calendar: {
    async fill(tx) {
      for (const id of ['c1', 'c2', 'c3']) await tx.calendar.set(calendarRow(id))
    },
    read: (store) => store.calendar.list(),
    words: ['segment'],
    remove: (tx, id) => tx.calendar.delete(id),
  },
  house: {
    fill: (tx) => tx.house.set(house()),
    read: (store) => single(store.house.get()),
  },
  browsers: {
    async fill(tx) {
      for (const id of ['b1', 'b2', 'b3']) await tx.browsers.insert(browser(id))
    },
    read: (store) => store.browsers.list(),
    remove: (tx, id) => tx.browsers.delete(id),
  },
  mirrors: {
    async fill(tx) {
      await withAccounts(tx)
      for (const id of ['m1', 'm2', 'm3']) await tx.mirrors.insert(mirror(id, 'acc_1'))
    },
    read: (store) => store.mirrors.list(),
    words: ['format'],
    remove: (tx, id) => tx.mirrors.delete(id),
  },
  passphrases: {
    fill: (tx) => tx.passphrases.set(passphrase()),
    async read(store) {
      const { records, damaged } = await single(store.passphrases.get())
      return { records: records.filter((record) => record !== undefined), damaged }
    },
    filters: ['id'],
  },
  gates: {
    async fill(tx) {
      await withAccounts(tx)
      await tx.gates.set(gate('acc_1'))
    },
    read: (store) => single(store.gates.of('acc_1')),
    // It decides nothing: one that cannot be read is none.
    filters: ['account_id', 'is_open', 'reason', 'since_ms', 'changes_at_ms'],
  },
  keyring: {
    fill: (tx) =>
      tx.keyring.insert({ id: 'dk_1', purpose: 'data', wrapped: 'w', createdAtMs: 1, retiredAtMs: 2 }),
    read: (store) => single(store.keyring.list()),
    words: ['purpose'],
  },
  meta: {
    fill: (tx) => tx.meta.set('name', 'value'),
    read: (store) => single(store.meta.get('name')),
    filters: ['name'],
  },
  audit: {
    fill: (tx) => tx.audit.append(adds(3)),
    async read(store) {
      const { damaged } = await single(store.audit.from(1, 10))
      return { records: await store.audit.latest(10), damaged }
    },
    filters: ['seq'],
  },
  audit_head: {
    fill: (tx) => tx.audit.append(adds(3)),
    read: (store) => single(store.audit.head()),
  },
  feed: {
    fill: (tx) => tx.feed.insert([feedRow(1), feedRow(2), feedRow(3)]),
    read: (store) => store.feed.after(0, 10),
    words: ['action', 'result'],
    filters: ['seq'],
  },
  key_uses: {
    fill: (tx) => tx.keyUses.add(['k1', 'k2', 'k3'].map((keyId, minute) => keyUse(keyId, { minute }))),
    read: async (store) => ({ records: await store.keyUses.sums(0), damaged: [] }),
    filters: ['minute', 'key_id', 'account_id', 'count', 'last_at_ms'],
  },
  alert_channels: {
    fill: withChannels,
    read: (store) => store.channels.list(),
    words: ['kind', 'least_severity'],
    remove: (tx, id) => tx.channels.delete(id),
  },
  alert_outbox: {
    async fill(tx) {
      await withChannels(tx)
      for (const id of ['o1', 'o2', 'o3']) await tx.outbox.insert(outboxRow(id))
    },
    read: (store) => store.outbox.of('chan_1', 10),
    words: ['severity'],
    filters: ['channel_id'],
  },
  alert_incidents: {
    async fill(tx) {
      for (const id of ['i1', 'i2', 'i3']) await tx.incidents.set(incidentRow(id))
    },
    // It decides only what is told again: one that cannot be read is none.
    read: (store) => single(store.incidents.list()),
    words: ['kind'],
    filters: Object.keys(incidents.write(incidentRow('i1'))),
  },
  alert_deliveries: {
    async fill(tx) {
      await withChannels(tx)
      for (const channelId of ['chan_1', 'chan_2', 'chan_3'])
        await tx.deliveries.set({ ...deliveryRow, channelId })
    },
    read: (store) => single(store.deliveries.list()),
    filters: Object.keys(deliveries.write(deliveryRow)),
  },
}

/** SQL for values that bhor cannot have written into a column of this name. */
function wrongFor(column: string, isNullable: boolean, words: readonly string[]): string[] {
  const always = ["x'00ff'", ...(isNullable ? [] : ['null'])]
  if (/_json$/.test(column)) return [...always, '5', `'{'`, `'5'`, `'"x"'`, `'[5]'`, `''`]
  if (/_ms$|_count$|^(seq|generation|attempt|epoch|minute|count|failures|left_out)$/.test(column))
    return [
      ...always,
      `'x'`,
      '-1',
      '1.5',
      String(2n ** 60n),
      ...(/_ms$/.test(column) ? ['8640000000000001'] : []),
    ]
  return [...always, '5', ...(words.includes(column) ? [`'other'`, `''`] : [])]
}

test('the table of samples has every table of the store', () => {
  const names = Object.values(nouns).flatMap(({ tables }) => tables.map(({ name }) => name))
  assert.deepEqual(Object.keys(samples).sort(), names.sort())
})

for (const [table, { fill, read, words = [], orEmpty = [], filters = [], remove }] of Object.entries(
  samples,
)) {
  test(`sqlite: a damaged row of ${table} fails for itself alone, whatever its column holds`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bhor-damage-'))
    try {
      await using store = await openStore({ url: `sqlite:${folder}/bhor.db`, clock: new ManualClock() })
      await store.transaction(fill)
      using raw = new DatabaseSync(join(folder, 'bhor.db'), { enableForeignKeyConstraints: false })
      const columns = raw.prepare(`select name, "notnull" from pragma_table_info('${table}')`).all()
      loosen(
        raw,
        table,
        columns.map(({ name }) => String(name)),
      )
      const sound = await read(store)
      assert.equal(sound.damaged.length, 0)
      for (const { name, notnull } of columns) {
        const column = String(name)
        if (table === 'audit_head' && column === 'id') continue
        for (const value of wrongFor(column, notnull === 0, words)) {
          if (value === `''` && orEmpty.includes(column)) continue
          raw.exec(`update ${table} set ${column} = ${value} where rowid = 1`)
          const what = `${table}.${column} = ${value}`
          const { records, damaged } = await read(store)
          const others = sound.records.slice(0, -1).length
          assert.equal(records.length, others, what)
          if (damaged.length !== 1) assert.ok(filters.includes(column) && damaged.length === 0, what)
          for (const one of damaged) provenNamed(one, table, value, what)
          if (remove && column !== 'id') {
            const id = damaged[0]?.id ?? ''
            await store.transaction((tx) => remove(tx, id))
            const left = await read(store)
            assert.deepEqual([left.records.length, left.damaged.length], [others, 0], what)
          }
          raw.exec(`delete from ${table}; insert into ${table} select * from kept`)
        }
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
}

/** Takes types and constraints away, as a broken disk or another program would; keeps a copy of the rows. */
function loosen(raw: DatabaseSync, table: string, columns: readonly string[]): void {
  raw.exec(`create table loose (${columns.join(', ')});
    insert into loose select * from ${table};
    drop table ${table};
    alter table loose rename to ${table};
    create unique index loose_key on ${table} (${columns[0]});
    create table kept as select * from ${table}`)
}

function provenNamed({ table, error }: DamagedRow, expected: string, value: string, what: string): void {
  assert.equal(error.code, 'store_damaged', what)
  assert.equal(table, expected, what)
  assert.ok(error.message.includes(expected), what)
  const told = `${error.message} ${error.hint} ${JSON.stringify(error.facts)}`
  if (value.length > 6) assert.equal(told.includes(value.replaceAll("'", '')), false, what)
}

test('sqlite: an account whose row cannot be read is found by its name, and its id leads to its end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-damage-'))
  try {
    await using store = await openStore({ url: `sqlite:${folder}/bhor.db`, clock: new ManualClock() })
    await store.transaction(withAccounts)
    using raw = new DatabaseSync(join(folder, 'bhor.db'))
    raw.exec(`update accounts set fields_json = 'hunter2{' where id = 'acc_2'`)
    const { records, damaged } = await store.accounts.list()
    assert.deepEqual(
      records.map(({ id }) => id),
      ['acc_1', 'acc_3'],
    )
    assert.deepEqual(
      damaged.map(({ table, id, name, error }) => [table, id, name, error.facts]),
      [['accounts', 'acc_2', 'acc_2', { table: 'accounts', row: 'acc_2' }]],
    )
    for (const reading of [store.accounts.byId('acc_2'), store.accounts.byAlias('acc_2')]) {
      await assert.rejects(reading, (error: BhorError) => {
        assert.equal(error.code, 'store_damaged')
        return !JSON.stringify([error.message, error.facts]).includes('hunter2')
      })
    }
    const id = await store.accounts.idOf('acc_2')
    assert.equal(id, 'acc_2')
    await store.transaction((tx) => tx.accounts.delete(id))
    assert.deepEqual((await store.accounts.list()).damaged, [])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
