import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ManualClock } from '../../src/core/clock.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { ownApp, withOwnApp } from '../support/own-app.ts'
import { startPostgres } from '../support/postgres.ts'
import { openWorld, type World } from '../support/world.ts'

const entry = fileURLToPath(new URL('../support/keeper-process.ts', import.meta.url))
const isLong = process.env.LONG_TESTS === '1'
const postgres = await startPostgres()
after(() => postgres[Symbol.asyncDispose]())

/** A keeper in a process of its own. */
interface Child extends AsyncDisposable {
  readonly process: ChildProcess
  /** Lets it look once; resolves with what it says. */
  look(): Promise<string>
}

async function startKeeper(world: World, databaseUrl: string, simulator: Simulator): Promise<Child> {
  const home = mkdtempSync(join(tmpdir(), 'bhor-keeper-'))
  copyFileSync(join(world.home, 'master.key'), join(home, 'master.key'))
  const hosts = JSON.stringify({ kite: simulator.hosts('kite') })
  const args = ['--disable-warning=ExperimentalWarning', entry, home, databaseUrl, hosts]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  const next = async () => String((await lines.next()).value)
  assert.equal(await next(), 'open')
  return {
    process: child,
    look() {
      child.stdin!.write('look\n')
      return next()
    },
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await ended
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** A database with the account `demo`, logged in and able to renew, and so many keepers. */
async function openKeepers(count: number) {
  await using opening = new AsyncDisposableStack()
  const databaseUrl = await postgres.freshDatabase()
  // Stands still for faults that wait; the time itself is the machine's.
  const clock = new ManualClock(Temporal.Now.instant())
  const simulator = opening.use(await startSimulator({ port: 0, clock, rateLimits: false }))
  const world = opening.use(await openWorld({ databaseUrl, simulator, clock }))
  await world.addAccount(withOwnApp('kite'))
  simulator.registerApp({ ...ownApp('kite'), approvedForRefresh: true })
  await world.logIn('demo')
  const keepers = await Promise.all(
    Array.from({ length: count }, () => startKeeper(world, databaseUrl, simulator)),
  )
  for (const keeper of keepers) opening.use(keeper)
  const parts = opening.move()
  return {
    world,
    simulator,
    clock,
    keepers,
    sql: (statement: string) => postgres.run(databaseUrl, statement),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}
const due = (kind: string) => `
  insert into work
    select id, '${kind}', generation, 0, 0, 0, 0, '', 0, 0 from accounts
    on conflict (account_id, kind) do update set due_at_ms = 0, planned_at_ms = 0, not_before_ms = 0`

test('eight processes and one renewal that is due: exactly one exchange, each time', async (t) => {
  await using place = await openKeepers(isLong ? 8 : 3)
  const { keepers, simulator, world, sql } = place
  const rounds = isLong ? 100 : 5
  for (let round = 1; round <= rounds; round++) {
    simulator.clearCalls()
    await sql(due('renewal'))
    assert.deepEqual(
      await Promise.all(keepers.map((keeper) => keeper.look())),
      keepers.map(() => 'looked'),
    )
    assert.equal(simulator.calls({ path: '/session/refresh_token' }).length, 1)
    const { generation, status } = await world.app.desk.accounts.get(world.app.operator, 'demo')
    assert.deepEqual([generation, status], [1 + round, 'active'])
  }
  t.diagnostic(`${keepers.length} processes, ${rounds} renewals, ${rounds} exchanges`)
})

test('a keeper that was stopped past its lease changes nothing any more', async () => {
  await using place = await openKeepers(2)
  const { keepers, simulator, clock, world, sql } = place
  const [slow, other] = keepers as [Child, Child]
  const { apiKey } = await world.app.desk.accounts.get(world.app.operator, 'demo')
  simulator.clearCalls()
  simulator.faults.add({ kind: 'slow', delayMs: 30_000, match: { path: '/user/profile' } })
  await sql(due('probe'))
  const late = slow.look()
  while (simulator.calls({ path: '/user/profile' }).length === 0) await delay(10)
  slow.process.kill('SIGSTOP')
  await sql(`update work set leased_until_ms = 0 where kind = 'probe'`)
  assert.equal(await other.look(), 'looked')
  assert.equal(simulator.calls({ path: '/user/profile' }).length, 2)
  // What the broker says to the first one is true only of a moment that nobody may write about any more.
  simulator.killSession('kite', apiKey)
  await clock.advance(30_000)
  slow.process.kill('SIGCONT')
  assert.equal(await late, 'looked')
  const { status, lastProbe } = await world.app.desk.accounts.get(world.app.operator, 'demo')
  assert.deepEqual([status, lastProbe?.verdict], ['active', 'valid'])
  // The next question finds it out.
  await sql(due('probe'))
  await other.look()
  assert.equal((await world.app.desk.accounts.get(world.app.operator, 'demo')).status, 'revoked')
})

test('what a keeper that was killed was at is taken over', async () => {
  await using place = await openKeepers(2)
  const { keepers, simulator, world, sql } = place
  const [dying, other] = keepers as [Child, Child]
  simulator.clearCalls()
  simulator.faults.add({ kind: 'slow', delayMs: 30_000, match: { path: '/user/profile' } })
  await sql(due('probe'))
  void dying.look()
  while (simulator.calls({ path: '/user/profile' }).length === 0) await delay(10)
  dying.process.kill('SIGKILL')
  await sql(`update work set leased_until_ms = 0 where kind = 'probe'`)
  assert.equal(await other.look(), 'looked')
  assert.equal((await world.app.desk.accounts.get(world.app.operator, 'demo')).lastProbe?.verdict, 'valid')
  const [row] = await sql(`select owner from work where kind = 'probe'`)
  assert.equal(row?.owner ?? '', '')
})
