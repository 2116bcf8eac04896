import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { families } from '../../../test/contract-families/family.ts'
import { newHome } from '../../../test/support/domain.ts'
import { ownApp, withOwnApp } from '../../../test/support/own-app.ts'
import { openWorld, type World } from '../../../test/support/world.ts'
import type { Net, NetRequest } from '../../contracts/net.ts'
import { ManualClock } from '../../core/clock.ts'
import { systemNet } from '../../net/system.ts'
import { startSimulator } from '../../simulator/index.ts'

const hour = 60 * 60_000
const quarter = hour / 4

/** A bhor whose host clock is that far ahead of the broker's. */
async function worldAhead(aheadMs: number, brokerTime = '2026-11-23T03:00:00Z') {
  await using opening = new AsyncDisposableStack()
  const theirs = new ManualClock(brokerTime)
  const simulator = opening.use(await startSimulator({ port: 0, clock: theirs, rateLimits: false }))
  const clock = new ManualClock(theirs.now().add({ milliseconds: aheadMs }))
  const world = opening.use(await openWorld({ clock, simulator }))
  const parts = opening.move()
  return {
    world,
    theirs,
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= quarter) {
        await theirs.advance(Math.min(left, quarter))
        await clock.advance(Math.min(left, quarter))
        await world.app.desk.keeper.look()
      }
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}
const tokenOf = ({ app }: World) => app.desk.sessions.handOut(app.operator, 'demo')
const statusOf = async ({ app }: World) => (await app.desk.accounts.get(app.operator, 'demo')).status

for (const [what, aheadMs] of [
  ['5:30 h behind', -5.5 * hour],
  ['5:30 h ahead', 5.5 * hour],
  ['a day ahead', 24 * hour],
] as const) {
  test(`a host’s clock that is ${what}: the session lives for as long as the broker’s day`, async () => {
    await using place = await worldAhead(aheadMs)
    const { world, pass } = place
    await world.addAccount()
    const account = await world.logIn('demo')
    // 08:30 IST at the broker: its day ends at 06:00 of the next one.
    assert.equal(account.session?.expiresAt, '2026-11-24T00:30:00Z')
    await pass(21 * hour)
    assert.equal(await statusOf(world), 'expiring')
    await tokenOf(world)
    await pass(hour)
    await assert.rejects(tokenOf(world), { code: 'session_expired' })
  })
}

test('a login is not spent while the clock would change the end of its session, and doctor says so', async () => {
  await using place = await worldAhead(-5.5 * hour)
  const { world, theirs } = place
  await world.addAccount()
  await world.logIn('demo')
  const { doctor } = await import('../../app/doctor.ts')
  const clockOf = async () =>
    (await doctor(world.app, world.app.operator)).find(({ check }) => check === 'clock')
  assert.match((await clockOf())?.text ?? '', /5 h 30 min behind the simulated Zerodha Kite Connect/)
  await assert.rejects(world.logIn('demo'), {
    code: 'clock_doubtful',
    message: /would end Tue 24 Nov 06:00 IST, .* Nothing was spent\.$/,
  })
  // Whoever sets the clock right goes on.
  world.clock.set(theirs.now())
  await world.logIn('demo')
  assert.equal((await clockOf())?.ok, true)
})

test('a clock that was ahead and is right again after a restart keeps nobody from logging in', async () => {
  await using place = await worldAhead(48 * hour)
  const { world, theirs } = place
  await world.addAccount()
  // What was written in between bears a time that is still to come, and no session lives that would be asked about.
  await world.restart(() => world.clock.set(theirs.now()))
  await world.logIn('demo')
})

test('one wrongly dated answer keeps nobody from logging in', async () => {
  await using world = await openWorld()
  await world.addAccount()
  await world.logIn('demo')
  const { desk, operator } = world.app
  world.simulator.clock.misdate(48 * hour)
  await desk.sessions.test(operator, 'demo')
  await assert.rejects(world.logIn('demo'), { code: 'clock_doubtful', message: /2 days behind/ })
  world.simulator.clock.misdate(0)
  await world.logIn('demo')
})

test('a broker whose time is asked gets a bare question, at its API or its only host, and none where nothing is in doubt', async () => {
  for (const [broker, role] of [
    ['kite', 'api'],
    ['kotak', 'login'],
  ] as const) {
    const asked: NetRequest[] = []
    const net: Net = {
      send(request) {
        asked.push(request)
        return systemNet.send(request)
      },
    }
    await using world = await openWorld({ net, families: [families.kotak] })
    await world.addAccount({ broker })
    const start = () => world.app.desk.logins.start(world.app.operator, 'demo', { via: 'api' })
    await start()
    const origin = world.simulator.hosts(broker)[role]
    const questions = () => asked.filter(({ url }) => url === `${origin}/`)
    assert.deepEqual(questions(), [])
    asked.length = 0
    world.clock.set('1970-01-01T00:00:10Z')
    await assert.rejects(start(), { code: 'clock_wrong', message: /Nothing was spent\.$/ })
    assert.deepEqual(asked, questions())
    assert.deepEqual(
      asked.map(({ method, headers }) => [method, Object.keys(headers).sort()]),
      [['GET', ['accept', 'user-agent']]],
    )
  }
})

test('a skew that changes no end is told, and the login goes on', async () => {
  await using place = await worldAhead(60_000)
  await place.world.addAccount()
  await place.world.logIn('demo')
  const again = await place.world.logIn('demo')
  assert.equal(again.generation, 2)
})

test('a clock that is a day ahead for half a minute ends no session', async () => {
  await using place = await worldAhead(0)
  const { world, pass } = place
  await world.addAccount()
  await world.logIn('demo')
  world.clock.set(world.clock.now().add({ hours: 24 }))
  await pass(30_000)
  assert.equal(await statusOf(world), 'active')
  world.clock.set(world.clock.now().subtract({ hours: 24 }))
  await pass(30_000)
  assert.equal(await statusOf(world), 'active')
  await tokenOf(world)
})

test('after a jump a program that asks gets the broker’s word, not the clock’s', async () => {
  await using place = await worldAhead(0)
  const { world } = place
  await world.addAccount()
  await world.logIn('demo')
  world.clock.set(world.clock.now().add({ hours: 24 }))
  // The broker says that it is yesterday still, and that the session lives.
  await tokenOf(world)
  assert.equal(await statusOf(world), 'active')
})

test('in 1970 nothing leaves that the broker has not confirmed', async () => {
  await using place = await worldAhead(0)
  const { world } = place
  await world.addAccount()
  await world.logIn('demo')
  world.clock.set('1970-01-01T00:00:10Z')
  await tokenOf(world)
  world.simulator.faults.add({ kind: 'reset_before', times: 99 })
  world.clock.set('1970-01-02T00:00:10Z')
  await assert.rejects(tokenOf(world), { code: 'clock_doubtful' })
})

test('a laptop that slept through dawn: one question to the broker, and the session has ended', async () => {
  await using world = await openWorld()
  await world.addAccount()
  await world.logIn('demo')
  world.simulator.clearCalls()
  world.clock.set(world.clock.now().add({ hours: 24 }))
  await assert.rejects(tokenOf(world), { code: 'session_expired' })
  assert.equal(world.simulator.calls({ path: '/user/profile' }).length, 1)
  const { session, status } = await world.app.desk.accounts.get(world.app.operator, 'demo')
  assert.deepEqual([status, session?.endReason], ['expired', 'expired'])
})

/** Beside the sandbox's account `demo` a live one, `mine`, whose broker does not go by this computer's clock. */
async function worldWithLive() {
  await using opening = new AsyncDisposableStack()
  const theirs = new ManualClock('2026-11-23T03:00:00Z')
  const broker = opening.use(await startSimulator({ port: 0, clock: theirs, rateLimits: false }))
  broker.registerApp(ownApp('kite'))
  const { home } = opening.use(newHome())
  const hosts = `[hosts.kite]\nlogin = "${broker.url}"\napi = "${broker.url}"\n`
  writeFileSync(join(home, 'config.toml'), hosts, { mode: 0o600 })
  const world = opening.use(await openWorld({ home }))
  await world.addAccount()
  await world.logIn('demo')
  await world.addAccount({ account: 'mine', kind: 'live', ...withOwnApp('kite') })
  const { url } = await world.app.desk.logins.start(world.app.operator, 'mine', { via: 'api' })
  await world.arrive(broker.logIn('kite', url!))
  const parts = opening.move()
  return { world, broker, [Symbol.asyncDispose]: () => parts.disposeAsync() }
}

test('the simulator’s word that the clock is right ends its own sessions and no live one', async () => {
  await using place = await worldWithLive()
  const { world, broker } = place
  const { desk, operator } = world.app
  // A day ahead: the simulator goes by the same clock, the broker does not.
  world.clock.set(world.clock.now().add({ hours: 24 }))
  await assert.rejects(tokenOf(world), { code: 'session_expired' })
  broker.faults.add({ kind: 'reset_before', times: 99 })
  await assert.rejects(desk.sessions.handOut(operator, 'mine'), { code: 'clock_doubtful' })
  await desk.keeper.look()
  assert.equal((await desk.accounts.get(operator, 'mine')).session?.endReason, null)
  broker.faults.clear()
  await desk.sessions.handOut(operator, 'mine')
  assert.equal((await desk.accounts.get(operator, 'mine')).status, 'active')
})

test('a clock that was set back: the simulator’s word opens the gates of its own accounts and no live one’s', async () => {
  await using place = await worldWithLive()
  const { world } = place
  const { desk, operator } = world.app
  const gates = async () => {
    const views = await Promise.all(['demo', 'mine'].map((account) => desk.gates.get(operator, account)))
    return views.map(({ reason }) => reason)
  }
  world.clock.set(world.clock.now().subtract({ hours: 2 }))
  assert.deepEqual(await gates(), ['clock_doubtful', 'clock_doubtful'])
  await tokenOf(world)
  assert.deepEqual(await gates(), [null, 'clock_doubtful'])
})
