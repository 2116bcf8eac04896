import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startCuttingProxy } from '../../test/support/cutting-proxy.ts'
import { startPostgres } from '../../test/support/postgres.ts'
import { ManualClock } from '../core/clock.ts'
import { isBhorError } from '../core/errors.ts'
import { seededRandom } from '../core/random.ts'
import { openStore } from './open.ts'

const isLong = process.env.LONG_TESTS !== undefined
const cuts = isLong ? 300 : 30
const stops = isLong ? 30 : 2
/** Told within a second, healed within five: asserted with three times the room. */
const toldWithinMs = 3_000
const healedWithinMs = 15_000
const writer = fileURLToPath(new URL('../../test/suites/stores/postgres-writer.ts', import.meta.url))

const server = await startPostgres()
after(() => server[Symbol.asyncDispose]())

/** A process that writes all the time, and what it said. */
async function startWriter(url: string) {
  const child = spawn(process.execPath, [writer, url], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const ended = once(child, 'close')
  const lines = () => output.split('\n').slice(0, -1)
  const acknowledged = () =>
    lines().flatMap((line) => (line.startsWith('ok ') ? [Number(line.slice(3))] : []))
  /** How long it takes until something more is acknowledged. */
  const heals = async () => {
    const startedMs = performance.now()
    const before = acknowledged().length
    while (acknowledged().length === before) {
      assert.equal(child.exitCode, null, 'the process has ended')
      assert.ok(performance.now() - startedMs < healedWithinMs, `not healed; last: ${lines().slice(-4)}`)
      await wait(10)
    }
  }
  return {
    child,
    acknowledged,
    heals,
    failures: () => lines().flatMap((line) => (line.startsWith('failed ') ? [line.split(' ')] : [])),
    async end() {
      assert.equal(child.exitCode, null, 'the process has ended')
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function provenWhole(url: string, acknowledged: readonly number[]): Promise<void> {
  await using store = await openStore({ url, clock: new ManualClock() })
  const { seq } = await store.audit.head()
  const records = await store.audit.from(1, seq + 1)
  assert.deepEqual(
    records.map((record) => record.seq),
    Array.from({ length: seq }, (_, index) => index + 1),
  )
  assert.equal(new Set(acknowledged).size, acknowledged.length, 'a number was acknowledged twice')
  assert.ok(Math.max(...acknowledged) <= seq, 'what was acknowledged is lost')
}

test(`postgres: ${cuts} connections cut at any byte end no process and lose nothing`, async () => {
  const url = await server.freshDatabase()
  await using proxy = await startCuttingProxy(server.port, seededRandom('cuts'))
  const through = Object.assign(new URL(url), { port: String(proxy.port) }).href
  const { child, end, acknowledged, failures, heals } = await startWriter(through)
  await heals()
  for (const most of [40, 400, 4_000]) {
    const until = proxy.cuts + cuts / 3
    proxy.cutAfter(most)
    while (proxy.cuts < until && child.exitCode === null) await wait(5)
    proxy.cutAfter(0)
    await heals()
  }
  await server.run(
    url,
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  await heals()
  await end()
  assert.ok(failures().length > 0)
  for (const failure of failures()) {
    assert.equal(failure[1], 'store_unavailable', failure.join(' '))
    assert.ok(Number(failure[2]) < toldWithinMs, failure.join(' '))
  }
  await provenWhole(url, acknowledged())
})

test(`postgres: ${stops} immediate stops under load end no process and lose nothing`, async () => {
  const url = await server.freshDatabase()
  const { end, acknowledged, failures, heals } = await startWriter(url)
  for (let round = 0; round < stops; round++) {
    await heals()
    await wait(100)
    await server.stopAtOnce()
    await wait(300)
    await server.startAgain()
    await heals()
  }
  await end()
  for (const failure of failures()) {
    assert.equal(failure[1], 'store_unavailable', failure.join(' '))
    assert.ok(Number(failure[2]) < toldWithinMs, failure.join(' '))
  }
  await provenWhole(url, acknowledged())
})

test('postgres: a database that falls silent is told of within a second, to all who wait, and heals', async () => {
  const url = await server.freshDatabase()
  await using proxy = await startCuttingProxy(server.port, seededRandom('silent'))
  const through = Object.assign(new URL(url), { port: String(proxy.port) }).href
  await using store = await openStore({ url: through, clock: new ManualClock(), poolSize: 3 })
  await Promise.all([store.check(), store.accounts.list(), store.accounts.list()])
  proxy.isSilent = true
  const startedMs = performance.now()
  const calls = await Promise.allSettled([
    ...Array.from({ length: 6 }, () => store.check()),
    ...Array.from({ length: 6 }, () => store.accounts.list()),
  ])
  const tookMs = performance.now() - startedMs
  for (const call of calls) {
    assert.ok(call.status === 'rejected')
    assert.ok(isBhorError(call.reason, 'store_unavailable'), String(call.reason))
  }
  assert.ok(tookMs < toldWithinMs, `${tookMs} ms`)
  proxy.isSilent = false
  await store.check()
})
