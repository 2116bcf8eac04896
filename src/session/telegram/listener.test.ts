import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startPostgres } from '../../../test/support/postgres.ts'
import { openPhone, type Phone } from '../../../test/support/telegram/phone.ts'
import { openWorld } from '../../../test/support/world.ts'
import { Dialler } from '../../alerts/dialler.ts'
import { TelegramApi } from '../../alerts/telegram/api.ts'
import { botWorkKinds } from '../../contracts/work.ts'
import { ipNetwork } from '../../core/ip-network.ts'
import { Secret } from '../../core/secret.ts'

const minute = 60_000
const polls = ({ house: { phone } }: Phone) => phone.calls.filter(({ method }) => method === 'getUpdates')

async function openOne(): Promise<Phone> {
  const phone = await openPhone()
  await phone.house.world.addAccount()
  await phone.addChannel('phone')
  return phone
}

test('a restart in the middle handles no update twice and leaves none out', async () => {
  await using phone = await openOne()
  const { world, phone: api } = phone.house
  assert.equal((await phone.say('/status')).length, 1)
  const second = api.write(42, '/pause demo')
  await api.polled()
  await world.restart(() => {
    // Nobody listens; Telegram keeps it, and brings one again that was confirmed.
    api.write(42, '/status')
    api.repeat(second)
  })
  await world.advance(minute)
  await api.polled()
  assert.deepEqual(
    phone.house.said().map((text) => text.slice(0, 12)),
    ['demo: No ses', 'demo: Paused', 'demo: No ses'],
  )
  assert.equal((await phone.records('gate.pause')).length, 1)
  assert.equal(polls(phone).at(-1)?.parameters.offset, second + 2)
})

test('an update that comes again is not obeyed again', async () => {
  await using phone = await openOne()
  const { phone: api } = phone.house
  const first = api.write(42, '/pause demo')
  await api.polled()
  assert.equal((await phone.say('/help')).length, 1)
  assert.deepEqual(await phone.heard(() => api.repeat(first)), [])
  assert.equal((await phone.records('gate.pause')).length, 1)
})

test('numbers that begin anew after a quiet week are heard', async () => {
  await using phone = await openOne()
  const { world, phone: api } = phone.house
  const { store } = world.app
  await phone.say('/status')
  const name = `chat.bot_${api.token.split(':')[0]}`
  const memory = JSON.parse((await store.meta.get(name))!) as { next: number; atMs: number }
  const aWeekAgo = world.clock.nowMs() - 7 * 24 * 60 * minute
  await world.restart(async () => {
    await using other = await openWorld({ home: world.home, clock: world.clock, simulator: world.simulator })
    await other.app.store.transaction((tx) =>
      tx.meta.set(name, JSON.stringify({ ...memory, next: memory.next + 5_000, atMs: aWeekAgo })),
    )
  })
  await world.advance(minute)
  assert.equal((await phone.say('/status')).length, 1)
})

test('two channels of one bot have one poller', async () => {
  await using phone = await openOne()
  const { phone: api } = phone.house
  api.chat({ id: 43, type: 'private' })
  await phone.addChannel('other', { fields: { chat: '43', server: api.url } })
  assert.equal((await phone.say('/status', { chat: 43 })).length, 1)
  assert.equal((await phone.say('/status')).length, 1)
  assert.deepEqual(await phone.records('chat.listen'), [])
  const { desk, operator } = phone.house.world.app
  await desk.alerts.remove(operator, 'other')
  assert.deepEqual(await phone.say('/status', { chat: 43 }), [])
  await desk.alerts.remove(operator, 'phone')
  await phone.house.world.advance(minute)
  const { length } = polls(phone)
  await phone.house.world.advance(5 * minute)
  assert.equal(polls(phone).length, length, 'nobody listens to a bot without a channel')
  assert.equal(await phone.house.world.app.store.work.next(botWorkKinds), undefined)
})

/** Long enough for whoever listens to obey what was written. */
async function turns(): Promise<void> {
  for (let at = 0; at < 200; at++) await new Promise(setImmediate)
}

test('after a sleep that outlasted its lease one poller goes on, and nobody hears anything after the end', async () => {
  await using phone = await openOne()
  const { world, phone: api } = phone.house
  const { listener } = world.app.desk
  await api.polled()
  const { length } = polls(phone)
  world.clock.set(world.clock.now().add({ minutes: 10 }))
  await listener.look()
  await turns()
  assert.equal(polls(phone).length, length)
  assert.equal((await phone.say('/status')).length, 1)
  await listener.end()
  api.write(42, '/pause demo')
  await turns()
  assert.deepEqual(await phone.records('gate.pause'), [])
})

test('where another server took over in that sleep and died, the poller of before ends first, and one goes on', async () => {
  await using phone = await openOne()
  const { world, phone: api } = phone.house
  const { listener, context } = world.app.desk
  await api.polled()
  world.clock.set(world.clock.now().add({ minutes: 10 }))
  const claim = { owner: 'other', nowMs: world.clock.nowMs(), limit: 16, kinds: botWorkKinds }
  assert.equal((await context.store.claimWork({ ...claim, leaseMs: 1 })).length, 1)
  world.clock.set(world.clock.now().add({ seconds: 1 }))
  await listener.look()
  await turns()
  assert.equal((await phone.say('/status')).length, 1)
  assert.deepEqual(await phone.records('chat.listen'), [])
  await listener.end()
  api.write(42, '/pause demo')
  await turns()
  assert.deepEqual(await phone.records('gate.pause'), [])
})

test('another program at the same bot is told once, with what to do, and when it is over', async () => {
  await using phone = await openOne()
  const { world, phone: api } = phone.house
  await api.polled()
  const dialler = new Dialler({ clock: world.clock, privateTargets: [ipNetwork('127.0.0.1')!] })
  const foreign = new TelegramApi(dialler, api.url, new Secret(api.token))
  const poll = (): Promise<unknown> =>
    foreign.call('getUpdates', { timeout: 50 }, { timeoutMs: 90_000 }).catch((error: unknown) => error)
  const first = poll()
  const { store } = world.app
  const id = `bot_${api.token.split(':')[0]}`
  const work = async () => (await store.work.of(id))[0]!
  while ((await work()).owner !== '') await new Promise(setImmediate)
  assert.ok((await work()).dueAtMs - world.clock.nowMs() >= minute, 'it backs off for a minute at least')
  let isThere = true
  const theirs = (async () => {
    while (isThere) await poll()
  })()
  await phone.house.pass(15)
  assert.ok(polls(phone).length < 80, 'nobody fights over the bot')
  isThere = false
  await phone.house.pass(25)
  await Promise.all([first, theirs])
  const told = phone.house.said().filter((text) => /Another program/.test(text))
  assert.equal(told.length, 1)
  assert.match(
    told[0]!,
    /Nobody listens to the bot of phone: Another program reads .* Stop it, remove its webhook/,
  )
  assert.equal(phone.house.said().filter((text) => /Recovered/.test(text)).length, 1)
  assert.equal((await phone.say('/status')).length, 1)
})

test('where Telegram asks to wait, an answer waits, and nothing is done twice', async () => {
  await using phone = await openOne()
  const { world, phone: api } = phone.house
  await api.polled()
  api.slowDown(7, 1)
  api.write(42, '/pause demo')
  await world.advance(1)
  while (!api.calls.some(({ method }) => method === 'sendMessage')) await new Promise(setImmediate)
  for (let at = 0; at < 20; at++) await new Promise(setImmediate)
  assert.deepEqual(api.messages, [])
  await world.advance(8_000)
  await api.polled()
  assert.equal(phone.house.said().length, 1)
  assert.equal((await phone.records('gate.pause')).length, 1)
})

test('of two servers on one PostgreSQL one listens; the other goes on where it was when it stops', async () => {
  await using postgres = await startPostgres()
  const databaseUrl = await postgres.freshDatabase()
  await using phone = await openPhone({ databaseUrl })
  const { world, phone: api } = phone.house
  await world.addAccount()
  await phone.addChannel('phone')
  await using second = await openWorld({
    databaseUrl,
    home: world.home,
    clock: world.clock,
    simulator: world.simulator,
    env: { BHOR_ALERTS_PRIVATE_TARGETS: '127.0.0.1' },
  })
  await second.app.desk.listener.look()
  assert.equal((await phone.say('/status')).length, 1)
  assert.equal((await phone.say('/pause demo')).length, 1)
  await second.app.desk.listener.look()
  assert.deepEqual(await phone.records('chat.listen'), [])
  await world.app.desk.listener.end()
  api.write(42, '/status')
  await second.app.desk.listener.look()
  // Telegram may still hold the poll of the one that ended: the other one's answer is what is waited for.
  for (let left = 500; left > 0 && phone.house.said().length < 3; left--)
    await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(phone.house.said().length, 3)
  await second.app.desk.listener.end()
})
