import assert from 'node:assert/strict'
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { adds } from '../../../test/suites/stores/samples.ts'
import { ManualClock } from '../../core/clock.ts'
import type { BhorError, ErrorCode } from '../../core/errors.ts'
import { openStore } from '../open.ts'

const clock = new ManualClock()
const nothing = { accountIds: [], keyIds: [] }
let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bhor-place-'))
  path = join(folder, 'bhor.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const open = (isExpected = false) => openStore({ url: `sqlite:${path}`, clock, isExpected })
const inFolder = (start: string) => readdirSync(folder).filter((name) => name.startsWith(start))
const remove = (start: string) => {
  for (const name of inFolder(start)) rmSync(join(folder, name))
}
const told = (code: ErrorCode, words: RegExp) => (error: BhorError) => {
  assert.equal(error.code, code)
  assert.match(error.message, words)
  assert.ok(error.hint.length > 20)
  return true
}

const takings: readonly (readonly [name: string, take: () => void, code: ErrorCode, words: RegExp])[] = [
  ['deleted with all beside it', () => remove('bhor.db'), 'store_unavailable', /bhor\.db is gone/],
  ['deleted alone', () => rmSync(path), 'store_unavailable', /bhor\.db is gone/],
  [
    'deleted with its folder',
    () => rmSync(folder, { recursive: true }),
    'store_unavailable',
    /bhor\.db is gone/,
  ],
  ['moved', () => renameSync(path, join(folder, 'elsewhere')), 'store_unavailable', /bhor\.db is gone/],
  [
    'replaced by a copy',
    () => {
      copyFileSync(path, join(folder, 'copy'))
      renameSync(join(folder, 'copy'), path)
    },
    'store_foreign',
    /bhor\.db is another file/,
  ],
]

for (const [name, take, code, words] of takings) {
  test(`a store that is ${name} acknowledges nothing more, and says why`, async () => {
    const store = await open()
    await store.appendAudit(nothing, adds(2))
    take()
    for (const write of [
      () => store.appendAudit(nothing, adds(1)),
      () => store.transaction((tx) => tx.meta.set('name', 'value')),
      () => store.check(),
      () => store.appendAudit(nothing, adds(1)),
    ])
      await assert.rejects(write(), told(code, words))
    await assert.rejects(store.accounts.list(), told(code, words))
    await store[Symbol.asyncDispose]()
    // Where the file was gone, none was made in its place.
    if (code === 'store_unavailable') assert.equal(existsSync(path), false)
  })
}

test('also who only reads notices within seconds', async () => {
  const store = await open()
  await store.accounts.list()
  remove('bhor.db')
  const startedMs = performance.now()
  for (;;) {
    try {
      await store.accounts.list()
    } catch (error) {
      assert.ok(told('store_unavailable', /is gone/)(error as BhorError))
      break
    }
    assert.ok(performance.now() - startedMs < 6_000)
    await wait(50)
  }
  await store[Symbol.asyncDispose]()
})

test('a file that comes back is the store again, and a log that was deleted loses nothing', async () => {
  await using store = await open()
  await store.appendAudit(nothing, adds(2))
  renameSync(path, join(folder, 'elsewhere'))
  await assert.rejects(
    store.appendAudit(nothing, adds(1)),
    (error: BhorError) => error.facts.outcome === 'unknown',
  )
  renameSync(join(folder, 'elsewhere'), path)
  const { seq } = await store.audit.head()
  await store.appendAudit(nothing, adds(2))
  rmSync(`${path}-wal`)
  let acknowledged = seq + 2
  const startedMs = performance.now()
  for (let isNoticed = false; !isNoticed; ) {
    assert.ok(performance.now() - startedMs < 6_000)
    await wait(50)
    await store.appendAudit(nothing, adds(1)).then(
      () => acknowledged++,
      (error: BhorError) => {
        isNoticed = told('store_unavailable', /bhor\.db-wal is gone/)(error)
      },
    )
  }
  const after = (await store.audit.head()).seq
  assert.ok(after === acknowledged || after === acknowledged + 1, `${after} after ${acknowledged}`)
  await store.appendAudit(nothing, adds(1))
  assert.equal((await store.audit.from(1, 1000)).length, after + 1)
})

/** The folder as a process leaves it that was killed. */
async function leftBehind(): Promise<void> {
  const live = folder
  await using store = await open()
  await store.appendAudit(nothing, adds(3))
  folder = mkdtempSync(join(tmpdir(), 'bhor-place-'))
  for (const name of readdirSync(live)) copyFileSync(join(live, name), join(folder, name))
  path = join(folder, 'bhor.db')
}

test('a store whose log was taken away after a kill asks first', async () => {
  await leftBehind()
  rmSync(`${path}-wal`)
  await assert.rejects(open(), told('store_damaged', /-wal is gone/))
  await assert.rejects(open(), (error: BhorError) => error.hint.includes(`rm ${path}-open`))
  rmSync(`${path}-open`)
  await (await open())[Symbol.asyncDispose]()
})

test('after a kill everything is there; after a stop nothing is asked, also of a copy of the one file', async () => {
  await leftBehind()
  {
    await using store = await open()
    assert.equal((await store.audit.head()).seq, 3)
    await store.check()
  }
  assert.deepEqual(inFolder('bhor.db'), ['bhor.db'])
  await (await open(true))[Symbol.asyncDispose]()
})

test('no new store is made where a key, a log or a mark is left of one', async () => {
  await assert.rejects(open(true), told('store_unavailable', /that belongs here is gone/))
  assert.deepEqual(inFolder('bhor.db'), [])
  for (const left of ['bhor.db-wal', 'bhor.db-open']) {
    writeFileSync(join(folder, left), '', { mode: 0o600 })
    await assert.rejects(open(), told('store_unavailable', /that belongs here is gone/))
    rmSync(join(folder, left))
  }
  await (await open())[Symbol.asyncDispose]()
  await (await open(true))[Symbol.asyncDispose]()
})

test('another program that reads the store of a running bhor changes nothing', async () => {
  await using store = await open()
  await store.appendAudit(nothing, adds(1))
  {
    using other = new DatabaseSync(path)
    assert.equal(other.prepare('select count(*) as n from audit').get()?.n, 1)
  }
  await store.appendAudit(nothing, adds(1))
})
