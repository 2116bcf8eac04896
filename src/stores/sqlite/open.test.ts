import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, type TestContext, test } from 'node:test'
import { adds } from '../../../test/suites/stores/samples.ts'
import { ManualClock } from '../../core/clock.ts'
import type { BhorError } from '../../core/errors.ts'
import { openStore } from '../open.ts'
import { SqliteConnection } from './connection.ts'
import { sqliteFault } from './faults.ts'

const nothing = { accountIds: [], keyIds: [] }
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bhor-open-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const open = () => openStore({ url: `sqlite:${folder}/bhor.db`, clock: new ManualClock() })

/** Makes the next commit report an error of SQLite, after or instead of doing it. */
function failNextCommit(t: TestContext, errcode: number, isDone: boolean): void {
  const run = SqliteConnection.prototype.run
  let isFailing = true
  t.mock.method(
    SqliteConnection.prototype,
    'run',
    function (this: SqliteConnection, sql: string, values?: unknown[]) {
      if (sql !== 'commit' || !isFailing) return run.call(this, sql, values)
      isFailing = false
      if (isDone) run.call(this, sql, values)
      throw sqliteFault(Object.assign(new Error('disk I/O error'), { errcode }))
    },
  )
}

for (const isDone of [true, false]) {
  test(`a commit that fails is unknown, and reading again tells: it was ${isDone ? '' : 'not '}stored`, async (t) => {
    await using store = await open()
    for (const [errcode, way] of [
      [1034, 'append'],
      [13, 'transaction'],
    ] as const) {
      const before = (await store.audit.head()).seq
      failNextCommit(t, errcode, isDone)
      const work =
        way === 'append'
          ? store.appendAudit(nothing, adds(3))
          : store.transaction((tx) => tx.audit.append(adds(3)))
      await assert.rejects(work, (error: { facts: { outcome: string } }) => error.facts.outcome === 'unknown')
      assert.equal((await store.audit.head()).seq, before + (isDone ? 3 : 0))
      await store.appendAudit(nothing, adds(1))
      assert.equal((await store.audit.from(1, 100)).length, (await store.audit.head()).seq)
    }
  })
}

test('SQLite’s errors are told apart', () => {
  const expected = [
    [5, 'store_busy'],
    [8, 'store_readonly'],
    [264, 'store_readonly'],
    [1032, 'store_unavailable'],
    [4874, 'store_full'],
    [7, 'store_unavailable'],
    [15, 'store_busy'],
    [11, 'store_damaged'],
    [26, 'store_damaged'],
    [13, 'store_full'],
    [778, 'store_unavailable'],
    [14, 'store_unavailable'],
    [1, 'internal'],
  ] as const
  for (const [errcode, code] of expected) {
    const told = sqliteFault(Object.assign(new Error('table secrets'), { errcode })) as BhorError
    assert.equal(told.code, code)
    assert.equal(told.message.includes('secrets'), false)
  }
})

test('a program that holds the file stops nobody but writers, all of them for five seconds, and it heals', async () => {
  await using store = await open()
  {
    using other = new DatabaseSync(join(folder, 'bhor.db'))
    other.exec('begin exclusive')
    const startedMs = performance.now()
    let longestMs = 0
    let lastMs = startedMs
    const turns = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - lastMs)
      lastMs = performance.now()
    }, 1)
    const writers = [store.appendAudit(nothing, adds(1)), store.check(), store.appendAudit(nothing, adds(1))]
    const settled = Promise.allSettled(writers)
    for (let round = 0; round < 20; round++) assert.equal((await store.audit.head()).seq, 0)
    const outcomes = await settled
    clearInterval(turns)
    const tookMs = performance.now() - startedMs
    for (const outcome of outcomes) {
      assert.ok(outcome.status === 'rejected')
      assert.equal(outcome.reason.code, 'store_busy')
      assert.equal(outcome.reason.facts.outcome, undefined)
    }
    assert.ok(tookMs > 4_900 && tookMs < 9_000, `${tookMs} ms, not 5 s for each`)
    assert.ok(longestMs < 1_000, `nothing else ran for ${longestMs} ms`)
  }
  await store.appendAudit(nothing, adds(1))
  assert.equal((await store.audit.head()).seq, 1)
})

test('who holds the file for a moment only makes a writer wait, also when the store is opened', async () => {
  for (const use of [
    async () => {
      await using store = await open()
      await store.check()
    },
    async () => void (await open())[Symbol.asyncDispose](),
  ]) {
    await (await open())[Symbol.asyncDispose]()
    using other = new DatabaseSync(join(folder, 'bhor.db'))
    other.exec('pragma locking_mode = exclusive; begin exclusive; update audit_head set seq = seq')
    setTimeout(() => other.close(), 100)
    await use()
  }
})

test('the handles are set as the security model asks', async () => {
  await using _store = await open()
  const connection = new SqliteConnection(join(folder, 'bhor.db'), 'reader')
  const value = (name: string) => Object.values(connection.raw.prepare(`pragma ${name}`).get() ?? {})[0]
  assert.deepEqual(
    [
      'journal_mode',
      'synchronous',
      'secure_delete',
      'foreign_keys',
      'trusted_schema',
      'cell_size_check',
      'temp_store',
      'query_only',
    ].map(value),
    ['wal', 2, 1, 1, 0, 1, 2, 1],
  )
  assert.throws(() => connection.raw.exec('pragma writable_schema = on; update sqlite_master set sql = null'))
  connection.close()
})

test('Postgres’s client is not loaded for SQLite', async () => {
  await using store = await open()
  await store.check()
  const loaded = Object.keys(createRequire(import.meta.url).cache)
  assert.deepEqual(
    loaded.filter((file) => /node_modules.pg[\\/-]/.test(file)),
    [],
  )
})
