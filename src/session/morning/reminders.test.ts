import assert from 'node:assert/strict'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { type Doors, openDoors } from '../../../test/support/doors.ts'
import type { WorldOptions } from '../../../test/support/world.ts'

const http = process.getBuiltinModule('node:http')
const minute = 60_000

/** A message as ntfy gets it, or an event as a webhook does. */
interface Received {
  readonly topic?: string
  readonly title?: string
  readonly message?: string
  readonly priority?: number
  readonly actions?: readonly { readonly label: string; readonly url: string }[]
  readonly type?: string
  readonly data?: {
    readonly account: string | null
    readonly alert?: string
    readonly title?: string
    readonly links?: readonly { readonly url: string }[]
    /** Of several events at once. */
    readonly alerts?: readonly Received[]
  }
}

/** Whatever is posted to it on loopback, in order. */
async function openReceiver(): Promise<AsyncDisposable & { origin: string; received: Received[] }> {
  const received: Received[] = []
  const server: Server = http.createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    request.on('end', () => {
      if (request.method === 'POST') received.push(JSON.parse(text) as Received)
      response.end('{"healthy":true}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A Wednesday, 07:00 in India; sandbox accounts are called. */
async function openHousehold(called = 'all', more: WorldOptions = {}): Promise<Doors> {
  const env = { BHOR_ROLL_CALL_ACCOUNTS: called, BHOR_ALERTS_PRIVATE_TARGETS: '127.0.0.1', ...more.env }
  const doors = await openDoors({ start: '2026-11-25T01:30:00Z', ...more, env })
  await doors.world.addAccount()
  await doors.world.addAccount({ account: 'papa', broker: 'upstox' })
  return doors
}

async function addChannels({ world: { app } }: Doors, origin: string): Promise<void> {
  const add = app.desk.alerts.add.bind(app.desk.alerts)
  const ntfy = { kind: 'ntfy', fields: { server: origin } } as const
  await add(app.operator, { name: 'home', ...ntfy, secrets: { topic: 'home' } })
  await add(app.operator, { name: 'papa', ...ntfy, secrets: { topic: 'papa' }, accounts: ['papa'] })
  await add(app.operator, { name: 'program', kind: 'webhook', secrets: { url: `${origin}/hook` } })
}

/** Minute by minute, so that whatever is sent has left before the next. */
async function pass({ world }: Doors, minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes; passed++) {
    await world.advance(minute)
    await world.app.desk.courier.look()
  }
}

const ofTopic = (received: readonly Received[], topic: string) =>
  received.filter((one) => one.topic === topic).map(({ title }) => title)
const calls = (received: readonly Received[], topic: string) =>
  received.filter((one) => one.topic === topic && /not ready/.test(one.title ?? ''))

test('a morning: one message names who is missing, each link logs in, and “all ready” comes once', async () => {
  await using doors = await openHousehold()
  await using receiver = await openReceiver()
  await addChannels(doors, receiver.origin)
  const { received } = receiver
  await pass(doors, 29)
  assert.deepEqual(
    received.filter(({ topic }) => topic !== undefined),
    [],
  )
  await pass(doors, 2)
  const [home, ...more] = calls(received, 'home')
  assert.deepEqual([home?.title, more], ['bhor: 2 accounts are not ready; deadline 08:55 IST', []])
  assert.match(home?.message ?? '', /^demo \(kite\): There is no session yet\.\npapa \(upstox\): /m)
  assert.deepEqual(
    home?.actions?.map(({ label }) => label),
    ['Log in demo', 'Log in papa'],
  )
  const [papa] = calls(received, 'papa')
  assert.equal(papa?.title, 'bhor: 1 account is not ready; deadline 08:55 IST')
  assert.doesNotMatch(papa?.message ?? '', /demo/)
  assert.deepEqual(
    papa?.actions?.map(({ url }) => url),
    [home?.actions?.[1]?.url],
  )

  for (const [at, broker] of ['kite', 'upstox'].entries()) {
    const text = await (await fetch(home!.actions![at]!.url, { method: 'POST' })).text()
    const page = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(text)?.[1] ?? ''
    const to = page.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    await doors.world.arrive(doors.world.simulator.logIn(broker, to))
  }
  await pass(doors, 3)
  const ready = 'bhor: All 2 accounts are ready'
  assert.deepEqual(ofTopic(received, 'home'), [home?.title, ready])
  assert.deepEqual(ofTopic(received, 'papa'), [papa?.title, ready])
  // 07:34 to 09:34: nobody is called again.
  await pass(doors, 120)
  assert.deepEqual(ofTopic(received, 'home'), [home?.title, ready])
})

test('who is missing again after “all ready” is called again at the next hour, with a new link, and “all ready” follows', async () => {
  await using doors = await openHousehold()
  await using receiver = await openReceiver()
  await addChannels(doors, receiver.origin)
  const { world } = doors
  const { received } = receiver
  await world.logIn('demo')
  await pass(doors, 31)
  await world.logIn('papa')
  await pass(doors, 3)
  await world.app.desk.sessions.logout(world.app.operator, 'papa')
  const before = ofTopic(received, 'home').length
  // 07:34 to 08:14
  await pass(doors, 40)
  assert.deepEqual(calls(received, 'home').length, 1, 'not before the next hour')
  await pass(doors, 2)
  const [first, second, ...more] = calls(received, 'home')
  assert.deepEqual([second?.title, more], ['bhor: 1 account is not ready; deadline 08:55 IST', []])
  assert.deepEqual(
    second?.actions?.map(({ label }) => label),
    ['Log in papa'],
  )
  assert.notEqual(second?.actions?.[0]?.url, first?.actions?.[0]?.url)
  assert.equal((await fetch(second!.actions![0]!.url)).status, 200)
  await pass(doors, 20)
  assert.equal(calls(received, 'home').length, 3, 'at every hour')
  await world.logIn('papa')
  await pass(doors, 120)
  assert.deepEqual(
    ofTopic(received, 'home')
      .slice(before)
      .filter((title) => /ready$/.test(title ?? '')),
    ['bhor: All 2 accounts are ready'],
  )
  const told = (await world.app.desk.audit.list(world.app.operator, { limit: 1000 })).filter(
    ({ action }) => action === 'roll_call.ready',
  )
  assert.deepEqual(
    told.map(({ detail }) => detail.channels),
    // The latest first: 08:55 and 08:50, at which nobody was told.
    [0, 0, 3, 3],
  )
})

test('who stays away is called at every hour, more urgently at the end, and once more when it is late', async () => {
  await using doors = await openHousehold()
  await using receiver = await openReceiver()
  await addChannels(doors, receiver.origin)
  await pass(doors, 150)
  const home = calls(receiver.received, 'home')
  assert.deepEqual(
    home.map(({ priority }) => priority),
    [4, 4, 4, 5, 5],
  )
  assert.equal(home.at(-1)?.title, 'bhor: The deadline is over: 2 accounts are not ready')
  // One prompt for an account, however often it is called.
  assert.equal(new Set(home.flatMap(({ actions }) => actions ?? []).map(({ url }) => url)).size, 2)
  const events = receiver.received.flatMap((one) => one.data?.alerts ?? [one])
  const called = events.filter(({ type, data }) => type === 'login.needed' && data?.links)
  assert.deepEqual(
    called.map(({ data }) => data?.account),
    Array.from({ length: 5 }, () => ['demo', 'papa']).flat(),
  )
})

test('a server that starts late calls at once, and one that restarts does not call twice', async () => {
  await using doors = await openHousehold()
  await using receiver = await openReceiver()
  const { received } = receiver
  await pass(doors, 80)
  await addChannels(doors, receiver.origin)
  await pass(doors, 2)
  assert.equal(calls(received, 'home').length, 1, 'a channel that comes late is told at once')
  await pass(doors, 20)
  assert.equal(calls(received, 'home').length, 2)
  await doors.world.restart()
  await pass(doors, 2)
  assert.equal(calls(received, 'home').length, 2)
})

test('without anybody to tell, no account is looked at', async (t) => {
  await using doors = await openHousehold()
  await using receiver = await openReceiver()
  const { reminders, context } = doors.world.app.desk
  await pass(doors, 35)
  const listed = t.mock.method(context.store.accounts, 'list')
  await reminders.look()
  assert.equal(listed.mock.callCount(), 0)
  await addChannels(doors, receiver.origin)
  await pass(doors, 1)
  assert.ok(listed.mock.callCount() > 0)
  assert.equal(calls(receiver.received, 'home').length, 1)
})

test('who was told by a channel that is gone by now has a link, which goes once the account is ready', async () => {
  await using doors = await openHousehold()
  await using receiver = await openReceiver()
  await addChannels(doors, receiver.origin)
  await pass(doors, 31)
  const { alerts } = doors.world.app.desk
  const urls = calls(receiver.received, 'home')[0]!.actions!.map(({ url }) => url)
  for (const name of ['home', 'papa', 'program']) await alerts.remove(doors.world.app.operator, name)
  await doors.world.logIn('demo')
  await doors.world.logIn('papa')
  await pass(doors, 2)
  for (const url of urls) assert.equal((await fetch(url)).status, 410)
})

test('who drops out after an hour at which nobody was missing is called at the next one; until then no account is looked at', async (t) => {
  await using doors = await openHousehold()
  await using receiver = await openReceiver()
  await addChannels(doors, receiver.origin)
  const { world } = doors
  const { received } = receiver
  const { reminders, context, sessions } = world.app.desk
  await world.logIn('demo')
  await pass(doors, 31)
  await world.logIn('papa')
  // 08:20, with “all ready” behind us
  await pass(doors, 49)
  const listed = t.mock.method(context.store.accounts, 'list')
  await reminders.look()
  assert.equal(listed.mock.callCount(), 0)
  listed.mock.restore()
  await sessions.logout(world.app.operator, 'papa')
  await pass(doors, 14)
  assert.equal(calls(received, 'home').length, 1, 'not before the next hour')
  await pass(doors, 2)
  assert.equal(calls(received, 'home').length, 2)
  await world.logIn('papa')
  await pass(doors, 40)
  assert.equal(ofTopic(received, 'home').filter((title) => /ready$/.test(title ?? '')).length, 2)
})

test('a look at many accounts reads their sessions at once', async (t) => {
  await using doors = await openHousehold()
  await using receiver = await openReceiver()
  await addChannels(doors, receiver.origin)
  const { reminders, context, sessions } = doors.world.app.desk
  for (const account of ['demo', 'papa']) await doors.world.logIn(account)
  await sessions.logout(doors.world.app.operator, 'papa')
  await pass(doors, 31)
  assert.equal(calls(receiver.received, 'home').length, 1)
  const each = t.mock.method(context.store.sessions, 'latest')
  const all = t.mock.method(context.store.sessions, 'latestOfAll')
  await reminders.look()
  assert.deepEqual([each.mock.callCount(), all.mock.callCount()], [0, 1])
})

test('what an earlier version noted of a morning: “all ready” is not told a second time, but after another call', async () => {
  await using doors = await openHousehold()
  await using receiver = await openReceiver()
  await addChannels(doors, receiver.origin)
  const { world } = doors
  const { received } = receiver
  for (const account of ['demo', 'papa']) await world.logIn(account)
  // 07:35 in India.
  await pass(doors, 35)
  const channels = (await world.app.store.channels.list()).records.map(({ id }) => id)
  const noted = JSON.stringify({ date: '2026-11-25', calls: 1, channels, isOver: true })
  await world.app.store.transaction((tx) => tx.meta.set('roll_call.told', noted))
  await pass(doors, 3)
  assert.deepEqual(ofTopic(received, 'home'), [])
  await world.app.desk.sessions.logout(world.app.operator, 'papa')
  await pass(doors, 40)
  assert.equal(calls(received, 'home').length, 1)
  await world.logIn('papa')
  await pass(doors, 2)
  assert.equal(ofTopic(received, 'home').at(-1), 'bhor: All 2 accounts are ready')
})

test('a quiet morning: who is ready before the first call is told nothing', async () => {
  await using doors = await openHousehold()
  await using receiver = await openReceiver()
  await addChannels(doors, receiver.origin)
  await doors.world.logIn('demo')
  await doors.world.logIn('papa')
  await pass(doors, 150)
  assert.deepEqual(ofTopic(receiver.received, 'home'), [])
})

test('a name that is no account’s is called like one, to whoever hears of all accounts, and no morning is all ready', async () => {
  await using doors = await openHousehold('demo,papaa')
  await using receiver = await openReceiver()
  await addChannels(doors, receiver.origin)
  await doors.world.logIn('demo')
  await pass(doors, 150)
  const { received } = receiver
  const home = ofTopic(received, 'home')
  assert.deepEqual(
    home,
    calls(received, 'home').map(({ title }) => title),
  )
  assert.deepEqual([home.length, home[0]], [5, 'bhor: 1 account is not ready; deadline 08:55 IST'])
  const says = 'roll_call_accounts has papaa, and no account is named so.'
  for (const { message } of calls(received, 'home')) assert.ok(message!.includes(says), message!)
  assert.deepEqual(ofTopic(received, 'papa'), [])
  const events = received.flatMap((one) => one.data?.alerts ?? [one])
  const ofName = events.filter(({ data }) => data?.alert === 'reminder')
  assert.deepEqual(
    ofName.map(({ type, data }) => [type, data?.account, data?.title]),
    Array.from({ length: 5 }, () => ['alert', null, says]),
  )
})

test('a house in which nobody is called hears and records nothing of its mornings', async () => {
  await using doors = await openHousehold('live')
  await using receiver = await openReceiver()
  await addChannels(doors, receiver.origin)
  await pass(doors, 150)
  assert.deepEqual(ofTopic(receiver.received, 'home'), [])
  const { desk, operator } = doors.world.app
  const records = await desk.audit.list(operator, { limit: 1000 })
  assert.deepEqual(
    records.filter(({ action }) => action.startsWith('roll_call')),
    [],
  )
})

test('a morning that begins early: each channel is looked at before it is called over', async () => {
  const early = { start: '2026-11-25T00:45:00Z', env: { BHOR_ROLL_CALL_AT: '06:30' } }
  await using doors = await openHousehold('all', early)
  await using receiver = await openReceiver()
  await addChannels(doors, receiver.origin)
  const { store } = doors.world.app
  // 06:24 in India.
  await pass(doors, 9)
  const looks = async () => (await store.deliveries.list()).filter(({ checkedAtMs }) => checkedAtMs !== null)
  assert.deepEqual([await looks(), ofTopic(receiver.received, 'home')], [[], []])
  await pass(doors, 2)
  assert.deepEqual([(await looks()).length, ofTopic(receiver.received, 'home')], [3, []])
  await pass(doors, 6)
  assert.equal(calls(receiver.received, 'home').length, 1)
})
