import assert from 'node:assert/strict'
import type { SessionRecord, Store } from '../../../src/contracts/store.ts'
import type { Table } from '../../../src/stores/table.ts'
import { accounts } from '../../../src/stores/tables/accounts.ts'
import { apps } from '../../../src/stores/tables/apps.ts'
import { intents } from '../../../src/stores/tables/intents.ts'
import { logins } from '../../../src/stores/tables/logins.ts'
import { sessions } from '../../../src/stores/tables/sessions.ts'
import { account, app, feedRow, intent, login as loginNow, session as sessionNow } from './samples.ts'
import { rejectsWith } from './store-case.ts'

/** As they are after the steps: of what came later nothing was known. */
const session = (accountId: string, generation: number, changes: Partial<SessionRecord> = {}) =>
  sessionNow(accountId, generation, { unconfirmed: '', ...changes })
const login = (id: string, accountId: string) => loginNow(id, accountId, { cameBy: '' })

const personal = account('acc_1', {
  alias: 'personal',
  settings: {},
  lastDoubt: null,
  lastEgress: null,
  pause: null,
})
const papa = account('acc_2', {
  alias: 'papa',
  kind: 'sandbox',
  settings: {},
  lastProbe: null,
  lastDoubt: null,
  lastEgress: null,
  pause: null,
})
const ended = session('acc_1', 1, { status: 'ended', endReason: 'replaced', endedAtMs: 5 })

const written = (id: string, accountId: string) => intent(id, accountId, { mac: '' })

/** One row as a statement, without the columns that came later than version 1. */
function insertOf<Record>(table: Table<Record>, record: Record, later: readonly string[] = []): string {
  const row = Object.fromEntries(
    Object.entries(table.write(record)).filter(([column]) => !later.includes(column)),
  ) as { [column: string]: unknown }
  const values = Object.values(row).map((value) =>
    typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value),
  )
  return `insert into ${table.name} (${Object.keys(row).join(', ')}) values (${values.join(', ')})`
}

const laterColumns = [
  'settings_json',
  'last_doubt_json',
  'last_egress_json',
  'pause_json',
  'unconfirmed',
  'came_by',
]

/** Statements that fill the tables of version 1, on either engine. */
export const rowsOfVersion1: readonly string[] = [
  insertOf(apps, app),
  insertOf(accounts, personal, laterColumns),
  insertOf(accounts, papa, laterColumns),
  insertOf(sessions, ended, laterColumns),
  insertOf(sessions, session('acc_1', 2), laterColumns),
  insertOf(sessions, session('acc_2', 1), laterColumns),
  insertOf(logins, login('l1', 'acc_1'), laterColumns),
  insertOf(intents, written('i1', 'acc_1'), ['mac']),
  insertOf(intents, written('i2', 'acc_2'), ['mac']),
]

/** What must be so of a store of version 1 with those rows after the steps to the newest. */
export async function provenMigrated(store: Store): Promise<void> {
  const sound = <Record>(records: readonly Record[]) => ({ records, damaged: [] })
  assert.deepEqual(await store.apps.byId(app.id), app)
  assert.deepEqual(await store.accounts.list(), sound([papa, personal]))
  assert.deepEqual(await store.sessions.latestOfAll(), sound([session('acc_1', 2), session('acc_2', 1)]))
  assert.deepEqual(await store.logins.byId('l1'), login('l1', 'acc_1'))
  assert.deepEqual(await store.intents.open(), sound([written('i1', 'acc_1'), written('i2', 'acc_2')]))
  await store.transaction(async (tx) => {
    await tx.apps.insert({ ...app, id: 'app_2', kind: 'broker-sandbox' })
    await tx.accounts.insert(account('acc_3', { kind: 'broker-sandbox', appId: 'app_2' }))
    await tx.feed.insert([feedRow(1)])
  })
  const nowhere = account('acc_4', { appId: 'app_9' })
  await rejectsWith(
    'not_found',
    store.transaction((tx) => tx.accounts.insert(nowhere)),
  )
  await rejectsWith(
    'already_exists',
    store.transaction((tx) => tx.accounts.insert(account('acc_4', { alias: 'papa' }))),
  )
  await rejectsWith(
    'already_exists',
    store.transaction((tx) => tx.apps.insert({ ...app, id: 'app_3' })),
  )
  for (const odd of [{ kind: 'other' as 'live' }, { generation: -1 }]) {
    await rejectsWith(
      'internal',
      store.transaction((tx) => tx.accounts.insert(account('acc_4', odd))),
    )
  }
  await rejectsWith(
    'internal',
    store.transaction((tx) => tx.apps.insert({ ...app, id: 'app_3', apiKey: 'k', kind: 'other' as 'live' })),
  )
  await rejectsWith(
    'not_found',
    store.transaction((tx) => tx.sessions.insert(session('acc_9', 1))),
  )
  await store.transaction((tx) => tx.accounts.delete('acc_1'))
  assert.equal(await store.sessions.latest('acc_1'), undefined)
  assert.equal(await store.logins.byId('l1'), undefined)
  assert.deepEqual(await store.intents.open(), sound([written('i2', 'acc_2')]))
}
