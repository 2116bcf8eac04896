import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ManualClock } from '../../core/clock.ts'
import { openStore } from '../open.ts'

const writer = fileURLToPath(new URL('../../../test/suites/stores/crash-writer.ts', import.meta.url))
const clock = new ManualClock('2026-11-23T03:00:00Z')
let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bhor-lock-'))
  path = join(folder, 'bhor.db')
})
afterEach(() => rmSync(folder, { recursive: true }))
const open = () => openStore({ url: `sqlite:${path}`, clock })

/** Starts a writer on the folder and gives what it said until it was killed. */
async function startWriter(): Promise<{
  child: ChildProcess
  said: () => string[]
  hears: (lines: number) => Promise<void>
}> {
  const child = spawn(process.execPath, [writer, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  const wake = new EventTarget()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    wake.dispatchEvent(new Event('data'))
  })
  const said = () => output.split('\n').slice(0, -1)
  const hears = async (lines: number) => {
    while (said().length < lines) await once(wake, 'data')
  }
  await hears(1)
  return { child, said, hears }
}
async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'close')
  child.kill('SIGKILL')
  await gone
}

test('a second store on the same folder is refused, in this process and from another', async () => {
  {
    await using _first = await open()
    const owner = { pid: process.pid, host: hostname(), since: '2026-11-23T03:00:00Z' }
    for (let attempt = 0; attempt < 3; attempt++) {
      await assert.rejects(open(), { code: 'store_locked', facts: owner })
    }
  }
  const { child } = await startWriter()
  await assert.rejects(open(), (error: { code: string; message: string; facts: { pid: number } }) => {
    assert.equal(error.code, 'store_locked')
    assert.equal(error.facts.pid, child.pid)
    assert.match(error.message, new RegExp(`pid ${child.pid} on ${hostname()}, since 20`))
    return true
  })
  await kill(child)
})

test('the lock of a killed process is taken over, and given back when closed', async () => {
  const { child } = await startWriter()
  await kill(child)
  assert.ok(existsSync(join(folder, 'bhor.lock.owner')))
  {
    await using store = await open()
    await store.check()
  }
  assert.equal(existsSync(join(folder, 'bhor.lock.owner')), false)
  await using _again = await open()
})

test('twenty kills at any moment lose nothing that was acknowledged', async () => {
  let acknowledged = 0
  for (let round = 0; round < 20; round++) {
    const { child, said, hears } = await startWriter()
    await hears(2 + ((round * 7) % 23))
    await kill(child)
    const last = Number(said().at(-1))
    assert.ok(last > acknowledged)
    acknowledged = last
    await using store = await open()
    const head = await store.audit.head()
    assert.ok(head.seq >= acknowledged, `${head.seq} < ${acknowledged}`)
    const records = await store.audit.from(1, 1_000_000)
    assert.deepEqual(
      records.map((record) => record.seq),
      Array.from({ length: head.seq }, (_, index) => index + 1),
    )
    assert.equal(head.mac, records.at(-1)?.mac)
  }
})
