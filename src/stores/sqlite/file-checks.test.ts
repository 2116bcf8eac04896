import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, test } from 'node:test'
import { ManualClock } from '../../core/clock.ts'
import { openStore } from '../open.ts'
import { migrations } from '../schema.ts'
import { refuseNetworkFilesystem } from './file-checks.ts'
import { openSqlite } from './open.ts'

const clock = new ManualClock()
let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bhor-files-'))
  path = join(folder, 'bhor.db')
})
afterEach(() => rmSync(folder, { recursive: true }))
const open = () => openStore({ url: `sqlite:${path}`, clock })
const make = async () => (await open())[Symbol.asyncDispose]()

test('folder 0700 and every file 0600 under any umask', async () => {
  const before = process.umask()
  try {
    for (const mask of [0o000, 0o002, 0o022, 0o077]) {
      process.umask(mask)
      const home = join(folder, `home-${mask}`)
      await using store = await openStore({ url: `sqlite:${home}/bhor.db`, clock })
      await store.check()
      assert.equal(statSync(home).mode & 0o777, 0o700)
      assert.deepEqual(readdirSync(home).sort(), [
        'bhor.db',
        'bhor.db-open',
        'bhor.db-shm',
        'bhor.db-wal',
        'bhor.lock',
        'bhor.lock.owner',
      ])
      for (const file of readdirSync(home)) assert.equal(statSync(join(home, file)).mode & 0o777, 0o600, file)
    }
  } finally {
    process.umask(before)
  }
})

test('a link, pipe, folder or second name planted at any of our paths is refused and its target untouched', async () => {
  const target = join(folder, 'target')
  const kinds: readonly ((place: string) => void)[] = [
    (place) => symlinkSync(target, place),
    (place) => symlinkSync('/nowhere', place),
    (place) => linkSync(target, place),
    (place) => mkdirSync(place),
    (place) => execFileSync('mkfifo', ['-m', '600', place]),
  ]
  for (const name of [
    'bhor.db',
    'bhor.db-wal',
    'bhor.db-shm',
    'bhor.db-open',
    'bhor.db.new',
    'bhor.lock',
    'bhor.lock.owner',
  ]) {
    for (const plant of kinds) {
      writeFileSync(target, 'untouched', { mode: 0o600 })
      const place = join(folder, name)
      plant(place)
      await assert.rejects(open(), { code: 'store_foreign' }, `${name} ${plant}`)
      assert.equal(readFileSync(target, 'utf8'), 'untouched')
      rmSync(folder, { recursive: true })
      mkdirSync(folder, { mode: 0o700 })
    }
  }
})

test('a file or folder open to others is refused with the line that closes it', async () => {
  await make()
  for (const mode of [0o640, 0o604, 0o660, 0o666]) {
    chmodSync(path, mode)
    await assert.rejects(open(), { code: 'permissions_too_wide', hint: `chmod 600 ${path}` })
  }
  chmodSync(path, 0o600)
  for (const mode of [0o770, 0o702, 0o777]) {
    chmodSync(folder, mode)
    await assert.rejects(open(), { code: 'permissions_too_wide', hint: `chmod 700 ${folder}` })
  }
  chmodSync(folder, 0o755)
  await make()
})

test('a store of another user is refused', async () => {
  await make()
  const self = process.getuid
  if (self?.() === 0) chownSync(path, 12_345, 12_345)
  else process.getuid = () => 12_345
  try {
    await assert.rejects(open(), { code: 'permissions_too_wide', message: /another user/ })
  } finally {
    Object.assign(process, { getuid: self })
  }
})

test('what is no store of ours is refused and left as it is', async () => {
  const foreign = join(folder, 'other.db')
  {
    using database = new DatabaseSync(foreign)
    database.exec('create table t (a)')
  }
  for (const content of ['', 'hello', 'x'.repeat(5000), 'SQLite format 3\0', readFileSync(foreign)]) {
    writeFileSync(path, content, { mode: 0o600 })
    await assert.rejects(open(), { code: 'store_foreign', message: /is not a bhor store/ })
    assert.ok(readFileSync(path).equals(Buffer.from(content)))
  }
})

test('a creation that was interrupted is begun again', async () => {
  for (const leftover of ['bhor.db.new', 'bhor.db.new-wal', 'bhor.db.new-journal']) {
    writeFileSync(join(folder, leftover), 'half', { mode: 0o600 })
  }
  await make()
  assert.deepEqual(readdirSync(folder).sort(), ['bhor.db', 'bhor.lock'])
})

test('a damaged store is named as such', async () => {
  await make()
  const sound = readFileSync(path)
  const damages: readonly (() => void)[] = [
    () => truncateSync(path, 8192),
    () => writeFileSync(path, Buffer.from(sound).fill(0xa5, 100, 4096)),
    () => writeFileSync(path, Buffer.from(sound).fill(0xa5, 4096)),
    () => writeFileSync(path, Buffer.from(sound).fill(0xa5, 20, 60)),
  ]
  for (const damage of damages) {
    writeFileSync(path, sound)
    damage()
    await assert.rejects(
      async () => {
        await using store = await open()
        await store.accounts.list()
        await store.keyring.list()
        await store.audit.head()
        await store.check()
      },
      { code: 'store_damaged' },
      damage.toString(),
    )
  }
})

test('a newer store is refused', async () => {
  const steps = [...migrations, { name: 'more', statements: () => ['create table more (a text)'] }]
  await (await openSqlite({ path, clock, steps }))[Symbol.asyncDispose]()
  await assert.rejects(open(), {
    code: 'store_newer',
    message: `Store is version ${steps.length}; this bhor knows up to ${migrations.length}.`,
  })
})

test('a step that fails leaves the schema before it', async () => {
  await make()
  const failing = [
    ...migrations,
    { name: 'half', statements: () => ['create table half (a text)', 'create table half (a text)'] },
  ]
  await assert.rejects(openSqlite({ path, clock, steps: failing }))
  await make()
  using database = new DatabaseSync(path)
  assert.equal(database.prepare(`select count(*) as n from sqlite_master where name = 'half'`).get()?.n, 0)
})

test('network filesystems are refused by name', () => {
  const types = [
    [0x6969, 'NFS'],
    [0x517b, 'SMB'],
    [0xff534d42, 'SMB'],
    [-11317950, 'SMB'],
    [0xfe534d42, 'SMB'],
    [0x01021997, '9p'],
    [0x65735546, 'FUSE'],
  ] as const
  for (const [type, name] of types) {
    assert.throws(() => refuseNetworkFilesystem(folder, () => type), {
      code: 'store_foreign',
      message: `SQLite's WAL does not work on ${name}. Use a local disk or Postgres.`,
    })
  }
  refuseNetworkFilesystem(folder, () => 0xef53)
  refuseNetworkFilesystem(folder)
})

test('an address of neither engine is refused without being repeated', async () => {
  for (const url of ['', 'sqlite:', 'mysql://root:hunter22@host/db', 'hunter22', 'postgres:hunter22']) {
    await assert.rejects(openStore({ url, clock }), (error: { code: string; message: string }) => {
      assert.equal(error.code, 'config_invalid')
      return !error.message.includes('hunter22')
    })
  }
})
