import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { adds } from '../../../test/suites/stores/samples.ts'
import { ManualClock } from '../../core/clock.ts'
import type { BhorError } from '../../core/errors.ts'
import { openStore } from '../open.ts'

const clock = new ManualClock()
const nothing = { accountIds: [], keyIds: [] }
let root: string
/** On Linux with the right to mount, a disk of its own of 4 MiB. */
let disk: string
let isOwnDisk = false
before(() => {
  root = mkdtempSync(join(tmpdir(), 'bhor-room-'))
  disk = join(root, 'disk')
  mkdirSync(disk, { mode: 0o700 })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=700', 'tmpfs', disk], { stdio: 'ignore' })
    isOwnDisk = true
  } catch {}
})
after(() => {
  if (isOwnDisk) execFileSync('umount', [disk])
  rmSync(root, { recursive: true })
})
const open = () => openStore({ url: `sqlite:${disk}/bhor.db`, clock })
const reserve = () => join(disk, 'bhor.db-reserve')
/** Leaves as many bytes free. */
function fillUpTo(free: number): void {
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(join(disk, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - free), 1))
}

test('fifty who want room at once all get it, and it is made once', async () => {
  await using store = await open()
  await Promise.all(Array.from({ length: 50 }, () => store.reserve()))
  assert.equal(statSync(reserve()).size, 1 << 20)
  await store.release()
})

test('the reserve is 1 MiB that is really there, is made once, and again when somebody cut it', async () => {
  await using store = await open()
  await store.reserve()
  const { ino, size, blocks, mode } = statSync(reserve())
  assert.equal(size, 1 << 20)
  assert.ok(blocks * 512 >= size)
  assert.equal(mode & 0o777, 0o600)
  await store.reserve()
  assert.equal(statSync(reserve()).ino, ino)
  truncateSync(reserve(), 0)
  truncateSync(reserve(), 1 << 20)
  await store.reserve()
  assert.ok(statSync(reserve()).blocks * 512 >= 1 << 20)
  await store.release()
  assert.equal(statSync(reserve(), { throwIfNoEntry: false }), undefined)
  await store.release()
})

/** Where nobody may mount, a full disk cannot be had without filling the real one. */
function needsOwnDisk(t: TestContext): boolean {
  if (!isOwnDisk && process.env.CI === undefined) t.skip('needs the right to mount: run it once with sudo')
  else assert.ok(isOwnDisk, 'this machine may not mount a small disk; run the tests as root')
  return isOwnDisk
}

test('a full disk: no reserve is told before, and a reserve given back lets a commit through', async (t) => {
  if (!needsOwnDisk(t)) return
  await using store = await open()
  await store.appendAudit(nothing, adds(1))
  fillUpTo(500_000)
  await assert.rejects(store.reserve(), { code: 'store_full' })
  assert.equal(statSync(reserve(), { throwIfNoEntry: false }), undefined)
  rmSync(join(disk, 'filler'))
  await store.reserve()
  fillUpTo(0)
  const longText = (head: Parameters<ReturnType<typeof adds>>[0]) => adds(2000)(head)
  await assert.rejects(store.appendAudit(nothing, longText), (error: BhorError) => {
    assert.equal(error.code, 'store_full')
    return error.facts.outcome === 'unknown'
  })
  await store.release()
  const { seq } = await store.audit.head()
  assert.equal(seq, 1)
  await store.appendAudit(nothing, longText)
  assert.equal((await store.audit.head()).seq, 2001)
  rmSync(join(disk, 'filler'))
})

test('a disk that takes no writes is told as such at the start', async (t) => {
  if (!needsOwnDisk(t)) return
  await (await open())[Symbol.asyncDispose]()
  execFileSync('mount', ['-o', 'remount,ro', disk])
  try {
    await assert.rejects(open(), (error: BhorError) => {
      assert.equal(error.code, 'store_readonly')
      return true
    })
  } finally {
    execFileSync('mount', ['-o', 'remount,rw', disk])
  }
})

test('what cannot be removed at the end does not make the end a failure', async () => {
  const store = await open()
  await store.check()
  for (const name of ['bhor.lock.owner', 'bhor.db-open']) {
    rmSync(join(disk, name))
    mkdirSync(join(disk, name))
  }
  await store[Symbol.asyncDispose]()
  for (const name of ['bhor.lock.owner', 'bhor.db-open']) rmSync(join(disk, name), { recursive: true })
})
