import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openAlertWorld } from '../../../test/support/alerts/house.ts'
import { ManualClock } from '../../core/clock.ts'
import { startSimulator } from '../../simulator/index.ts'
import { Watch } from './watch.ts'

/** Monday, in market hours in India. */
const inMarket = '2026-11-23T05:00:00Z'

test('a clock that differs from the brokers’ closes every gate, and is told', async () => {
  const theirs = new ManualClock(inMarket)
  await using simulator = await startSimulator({ port: 0, clock: theirs, rateLimits: false })
  const clock = new ManualClock(theirs.now())
  await using bed = await openAlertWorld({ clock, simulator })
  const { world } = bed
  await bed.addPhone()
  await world.addAccount({ account: 'papa' })
  await world.logIn('papa')
  await bed.pass(2)
  await theirs.advance(120_000)
  clock.set(clock.now().add({ hours: 1 }))
  const { operator, desk } = world.app
  await desk.sessions.test(operator, 'papa')
  await desk.watch.look()
  await bed.send()
  assert.equal((await desk.gates.get(operator, 'papa')).reason, 'clock_doubtful')
  assert.deepEqual(bed.said(), [
    '‼ The clock of this computer is wrong\nThis computer’s clock is 60 min ahead of the simulated Zerodha Kite Connect.\nSet it: sessions end by it, and logins wait until it is right.',
  ])
})

test('what was told before a restart is over when somebody has looked again, and not before', async () => {
  const theirs = new ManualClock(inMarket)
  await using simulator = await startSimulator({ port: 0, clock: theirs, rateLimits: false })
  const clock = new ManualClock(theirs.now().add({ hours: 1 }))
  await using bed = await openAlertWorld({ clock, simulator })
  const { world } = bed
  await bed.addPhone()
  await world.addAccount({ account: 'papa' })
  await world.logIn('papa')
  const entries = (from: string, to: string) => {
    using database = new DatabaseSync(join(world.home, 'bhor.db'))
    database.exec(
      `update audit set entry_json = replace(entry_json, '${from}', '${to}') where seq = (select min(seq) from audit where entry_json like '%${from}%')`,
    )
  }
  await world.restart(() => entries('papa', 'mama'))
  await world.app.desk.sessions.test(world.app.operator, 'papa')
  await bed.pass(2)
  const all = () => bed.said().join('\n')
  assert.match(all(), /The audit log was changed/)
  assert.match(all(), /The clock of this computer is wrong/)
  // In the night, when nobody has asked a broker for the time, or looked at the log.
  await world.restart(() => clock.set('2026-11-23T20:30:00Z'))
  await bed.pass(2)
  assert.doesNotMatch(all(), /Recovered/)
  await world.restart(() => entries('mama', 'papa'))
  await bed.pass(2)
  assert.match(all(), /✓ Recovered\nThe audit log was changed or cannot be written, since/)
  assert.doesNotMatch(all(), /The clock of this computer is wrong, since/)
})

test('what lasts is told again: a closed gate at each opening, a full disk after a day; and to a channel that comes later', async () => {
  await using bed = await openAlertWorld({ start: inMarket, env: { BHOR_ROLL_CALL_ACCOUNTS: 'all' } })
  const { world } = bed
  await world.addAccount({ account: 'papa' })
  await world.logIn('papa')
  await bed.addPhone({ accounts: ['papa'] })
  const fillDisk = () =>
    Object.assign(world.app.desk.context.alerting!, { freeSpace: async () => ({ freeBytes: 1_000 }) })
  fillDisk()
  await world.app.desk.gates.set(world.app.operator, 'papa', { state: 'closed' })
  await bed.pass(3)
  const count = (text: string) => bed.said().join('\n').split(text).length - 1
  const told = () => [count('The gate is closed in market hours'), count('The disk is nearly full')]
  assert.deepEqual(told(), [1, 0])
  const notices = async () => {
    const { desk, operator } = world.app
    const { entries } = await desk.activity.page(operator, { limit: 100, kind: 'alert' })
    return entries.filter(({ text }) => text.includes('noticed something')).length
  }
  // Nobody is told of the disk, so nothing is noted of it.
  assert.equal(await notices(), 0)
  await bed.addPhone({ name: 'house' })
  await bed.pass(3)
  assert.deepEqual(told(), [2, 1])
  assert.equal(await notices(), 2)
  // Tuesday is a holiday. On Wednesday the pause lasts, and the disk is full for two days.
  await world.restart(() => world.clock.set('2026-11-25T03:30:00Z'))
  fillDisk()
  await world.logIn('papa')
  await bed.pass(40)
  assert.deepEqual(told(), [4, 2])
  assert.equal(count('Recovered'), 0)
})

test('of several servers of a store each tells its own full disk, and its end', async () => {
  await using bed = await openAlertWorld({ start: inMarket })
  const { world } = bed
  await bed.addPhone()
  const { context } = world.app.desk
  const free = { attic: 1_000, cellar: 2 ** 40 }
  const watchAt = (server: keyof typeof free) => {
    const freeSpace = async () => ({ freeBytes: free[server] })
    return new Watch({ ...context, alerting: { ...context.alerting!, server, freeSpace } })
  }
  const [attic, cellar] = [watchAt('attic'), watchAt('cellar')]
  const pass = async () => {
    for (let minute = 0; minute < 4; minute++) {
      await attic.look()
      await cellar.look()
      await bed.send()
      await world.advance(60_000)
    }
  }
  await pass()
  const full = (server: string) =>
    `‼ The disk is nearly full\n0 MiB are left. Server: ${server}.\nFree some space: without it nothing can be recorded, and then nothing leaves.`
  assert.deepEqual(bed.said(), [full('attic')])
  free.cellar = 1_000
  await pass()
  assert.deepEqual(bed.said().slice(1), [full('cellar')])
  free.attic = 2 ** 40
  await pass()
  assert.match(bed.said()[2] ?? '', /^✓ Recovered\nThe disk is nearly full, since/)
  assert.equal(bed.said().length, 3)
  assert.deepEqual(
    (await world.app.store.incidents.list()).map(({ cause }) => cause),
    ['disk_full cellar'],
  )
})

test('a channel that takes the place of another is told once of what has lasted for days', async () => {
  await using bed = await openAlertWorld({ start: inMarket })
  const { world } = bed
  const { desk, operator } = world.app
  Object.assign(desk.context.alerting!, { freeSpace: async () => ({ freeBytes: 1_000 }) })
  await bed.addPhone({ name: 'first' })
  await bed.pass(2)
  await desk.alerts.remove(operator, 'first')
  world.clock.set(world.clock.now().add({ hours: 25 }))
  await bed.addPhone({ name: 'second' })
  await bed.pass(5)
  assert.equal(bed.said().filter((text) => text.includes('The disk is nearly full')).length, 2)
})

test('what a server has told that is there no more is over after two days', async () => {
  await using bed = await openAlertWorld({ start: inMarket })
  const { world } = bed
  await bed.addPhone()
  const { context } = world.app.desk
  const watchAt = (server: string, freeBytes: number) =>
    new Watch({
      ...context,
      alerting: { ...context.alerting!, server, freeSpace: async () => ({ freeBytes }) },
    })
  await watchAt('gone', 1_000).look()
  await bed.send()
  const after = watchAt('new', 2 ** 40)
  world.clock.set(world.clock.now().add({ hours: 47 }))
  await after.look()
  assert.equal((await world.app.store.incidents.list()).length, 1)
  world.clock.set(world.clock.now().add({ hours: 2 }))
  await after.look()
  await bed.send()
  assert.deepEqual(await world.app.store.incidents.list(), [])
})

test('a sandbox session of yesterday is told at the opening only where the roll-call names it', async () => {
  for (const called of ['live', 'all']) {
    await using bed = await openAlertWorld({ start: inMarket, env: { BHOR_ROLL_CALL_ACCOUNTS: called } })
    const { world } = bed
    await bed.addPhone({ leastSeverity: 'critical' })
    await world.addAccount({ account: 'demo' })
    await world.logIn('demo')
    await world.restart(() => world.clock.set('2026-11-25T03:44:00Z'))
    await bed.pass(5)
    const closed = bed.said().filter((text) => text.includes('The gate is closed in market hours'))
    assert.equal(closed.length, called === 'all' ? 1 : 0, called)
  }
})

test('a closed gate of a sandbox that an event has told is not over before it opens', async () => {
  await using bed = await openAlertWorld({ start: inMarket })
  const { world } = bed
  await bed.addPhone()
  await world.addAccount({ account: 'demo' })
  await world.logIn('demo')
  const { operator, desk } = world.app
  await desk.gates.set(operator, 'demo', { state: 'closed' })
  await bed.pass(4)
  assert.equal(bed.said().length, 1)
  await desk.gates.set(operator, 'demo', { state: 'open' })
  await bed.pass(2)
  assert.match(bed.said()[1] ?? '', /^✓ demo \(sandbox\): Recovered/)
})
