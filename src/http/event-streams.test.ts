import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Doors, openDoors } from '../../test/support/doors.ts'
import { eventsIn, named, openStream } from '../../test/support/event-stream.ts'
import type { WorldOptions } from '../../test/support/world.ts'
import type { FeedRecord } from '../contracts/store.ts'
import { schemas } from './schemas.ts'

const net = process.getBuiltinModule('node:net')
const dayMs = 24 * 60 * 60_000

async function withAccounts(options: WorldOptions = {}): Promise<Doors> {
  const doors = await openDoors(options)
  await doors.world.addAccount()
  await doors.world.addAccount({ account: 'papa', broker: 'upstox' })
  return doors
}
const edit = ({ world: { app } }: Doors, account: string, label = 'x') =>
  app.desk.accounts.edit(app.operator, account, { label })

test('a stream begins now, or behind any number that is kept; every event is what its schema says', async () => {
  await using doors = await withAccounts()
  const key = await doors.key(['admin'])
  using live = await openStream(doors, { key })
  await live.until(({ text }) => text.includes('id: '))
  assert.match(live.text, /^retry: \d+\nid: \d+\n\n$/)
  assert.equal(live.response.headers['content-type'], 'text/event-stream; charset=utf-8')
  await doors.world.logIn('demo')
  await doors.ask('GET', '/v1/accounts/demo/session', { key })
  await live.until(({ events }) => events.at(-1)?.event === 'key.used')
  assert.deepEqual(named(live.events), [
    'account.changed demo',
    'account.changed demo',
    'session.started demo',
    'login.finished demo',
    'gate.changed demo',
    'key.used demo',
  ])
  for (const event of live.events) assert.deepEqual(schemas.FeedEvent.parse(event), event)
  using all = await openStream(doors, { key, after: 0 })
  await all.until(({ events }) => events.at(-1)?.event === 'key.used')
  const ofAccounts = all.events.filter(({ event }) => event !== 'house.changed')
  assert.equal(ofAccounts.length, 8)
  assert.deepEqual(named(ofAccounts).slice(0, 2), ['account.changed demo', 'account.changed papa'])
  const seqs = all.events.map(({ data }) => data.seq)
  assert.deepEqual(
    seqs,
    seqs.toSorted((a, b) => a - b),
  )
  assert.equal(new Set(seqs).size, seqs.length)
  // The header goes before the address, which a browser repeats as it was.
  for (const [at, seq] of seqs.entries()) {
    using again = await openStream(doors, { key, after: 0, lastEventId: seq })
    await again.until(({ events }) => events.length === seqs.length - at - 1)
    assert.deepEqual(again.events, all.events.slice(at + 1))
  }
})

test('a number that is none is refused', async () => {
  await using doors = await openDoors()
  const key = await doors.key(['status'])
  for (const wrong of ['-1', 'x', '1.5', '9007199254740993', ' 1', '1e3'])
    assert.equal(
      (await doors.ask('GET', `/v1/events?after=${encodeURIComponent(wrong)}`, { key })).code,
      'bad_field',
    )
  const headers = { 'last-event-id': 'abc' }
  assert.equal((await doors.ask('GET', '/v1/events', { key, headers })).code, 'bad_field')
  assert.equal((await doors.ask('GET', '/v1/events?since=1', { key })).code, 'unknown_field')
  assert.equal(
    (await doors.ask('GET', '/v1/events', { key: await doors.key(['login']) })).code,
    'scope_missing',
  )
})

test('a key that is limited to accounts learns nothing of others: no event, no number, no byte', async () => {
  await using doors = await withAccounts()
  const { world } = doors
  const key = await doors.key(['status', 'read-token', 'admin'], ['papa'])
  using papa = await openStream(doors, { key })
  using house = await openStream(doors, { key: await doors.key(['status']) })
  await papa.until(({ text }) => text.includes('id: '))
  const start = papa.lastId
  const before = papa.text
  await world.logIn('demo')
  await edit(doors, 'demo')
  await doors.key(['status'])
  await doors.ask('GET', '/v1/accounts/demo/session', { key: await doors.key(['read-token']) })
  await house.until(({ events }) => events.some(({ event }) => event === 'login.finished'))
  await edit(doors, 'demo', 'y')
  await house.until(({ events }) => events.at(-1)?.event === 'account.changed')
  assert.ok(!house.events.some(({ event }) => event === 'house.changed'), 'not for the right `status`')
  assert.equal(papa.text, before)
  {
    using again = await openStream(doors, { key })
    await again.until(({ text }) => text.includes('id: '))
    assert.equal(again.lastId, start, 'not even by asking again')
    using after = await openStream(doors, { key, after: house.lastId })
    await after.until(({ events }) => events.length === 1)
    assert.equal(after.events[0]?.event, 'reset', 'a number of others was never told here')
    assert.equal(after.lastId, start)
  }
  await edit(doors, 'papa')
  await papa.until(({ events }) => events.length === 1)
  await world.logIn('papa')
  // Its own use too is told to who manages all keys alone.
  await doors.ask('GET', '/v1/accounts/papa/session', { key })
  await edit(doors, 'papa', 'z')
  await papa.until(({ events }) => events.length === 7)
  assert.deepEqual(named(papa.events), [
    'account.changed papa',
    'account.changed papa',
    'account.changed papa',
    'session.started papa',
    'login.finished papa',
    'gate.changed papa',
    'account.changed papa',
  ])
  await world.app.desk.gates.setHouse(world.app.operator, { state: 'closed' })
  await papa.until(({ events }) => events.length === 8)
  assert.equal(named(papa.events).at(-1), 'gate.changed null', 'what closes every gate closes its own')
  assert.doesNotMatch(papa.text, /demo/)
  assert.equal(
    house.events.some(({ event }) => event === 'key.used'),
    false,
  )
})

test('a key without accounts sees an empty feed', async () => {
  await using doors = await withAccounts()
  const key = await doors.key(['status'], [])
  using stream = await openStream(doors, { key, after: 0 })
  using house = await openStream(doors, { overSocket: true })
  await edit(doors, 'papa')
  await house.until(({ events }) => events.length === 1)
  assert.equal(stream.text, 'retry: 1000\nid: 1\n\n')
})

test('what was forgotten after a week, or never told, is a reset with the present state', async () => {
  await using doors = await withAccounts()
  const { world } = doors
  const key = await doors.key(['status'])
  const limited = await doors.key(['status'], ['papa'])
  using first = await openStream(doors, { key, after: 0 })
  await first.until(({ events }) => events.length === 2)
  const old = first.lastId
  await world.logIn('papa')
  world.clock.set('2026-12-01T03:00:00Z')
  await edit(doors, 'papa')
  const { newest } = await world.app.store.feed.range()
  for (const [by, after, reason] of [
    [key, old, 'too_old'],
    [limited, old, 'too_old'],
    [key, newest + 1_000, 'unknown_number'],
    [limited, newest + 1_000, 'unknown_number'],
  ] as const) {
    using stream = await openStream(doors, { key: by, after })
    await stream.until(({ events }) => events.length === 1)
    const [reset] = stream.events
    assert.deepEqual(schemas.FeedEvent.parse(reset), reset)
    assert.ok(reset?.event === 'reset')
    assert.equal(reset.data.reason, reason)
    const papa = { account: 'papa', broker: 'upstox', kind: 'sandbox', generation: 1 }
    const demo = { account: 'demo', broker: 'kite', kind: 'sandbox', generation: 0 }
    const states = [
      ...(by === key ? [{ ...demo, status: 'none', expiresAt: null }] : []),
      { ...papa, status: 'expired', expiresAt: null },
    ]
    assert.deepEqual(reset.data.accounts, states)
    // It goes on from there without another one.
    await edit(doors, 'papa', `after ${reset.data.seq}`)
    await stream.until(({ events }) => events.length === 2)
    using on = await openStream(doors, { key: by, lastEventId: reset.data.seq })
    await on.until(({ events }) => events.length >= 1)
    assert.equal(on.events[0]?.event, 'account.changed')
  }
  using kept = await openStream(doors, { key, after: 0 })
  await kept.until(({ events }) => events.length > 0)
  assert.notEqual(kept.events[0]?.event, 'reset', '0 is the oldest that is kept')
  assert.ok(kept.events.every(({ data }) => data.seq > old))
})

test('an event that cannot be read is no silent hole', async () => {
  await using doors = await withAccounts()
  const key = await doors.key(['status'])
  using first = await openStream(doors, { key, after: 0 })
  await first.until(({ events }) => events.length === 2)
  const { store } = doors.world.app
  const { after } = store.feed
  const broken = first.events[0]!.data.seq
  Object.assign(store.feed, {
    async after(...asked: Parameters<typeof after>) {
      const { records } = await after(...asked)
      const error = new Error('damaged')
      const damaged = records
        .filter(({ seq }) => seq === broken)
        .map(() => ({ table: 'feed', id: String(broken), name: '', error }))
      return { records: records.filter(({ seq }) => seq !== broken), damaged }
    },
  })
  using stream = await openStream(doors, { key, after: broken - 1 })
  await stream.until(({ events }) => events.length === 2)
  assert.deepEqual(named(stream.events), ['account.changed papa', 'reset'])
  assert.equal(stream.events[1]?.event === 'reset' && stream.events[1].data.reason, 'damaged')
  Object.assign(store.feed, { after })
})

test('every 15 seconds a sign of life, and nothing else where nothing happens', async () => {
  await using doors = await openDoors()
  using stream = await openStream(doors, { key: await doors.key(['status']), after: 0 })
  await stream.until(({ text }) => text.includes('id: '))
  const before = stream.text
  await doors.world.advance(14_999)
  assert.equal(stream.text, before)
  for (let times = 1; times <= 4; times++) {
    await doors.world.advance(times === 1 ? 1 : 15_000)
    await stream.until(({ text }) => text === before + ': still here\n\n'.repeat(times))
  }
})

test('a key that is revoked or expires ends its streams at once, and nothing that happens afterwards is told', async () => {
  await using doors = await withAccounts()
  const { app } = doors.world
  const { key, view } = await app.desk.keys.add(app.operator, { name: 'x', scopes: ['status'] })
  const other = await doors.key(['status'])
  const limited = await app.desk.keys.add(app.operator, {
    name: 'z',
    scopes: ['status'],
    accounts: ['papa'],
  })
  using quiet = await openStream(doors, { key: limited.key.reveal() })
  await quiet.until(({ text }) => text.includes('id: '))
  await app.desk.keys.revoke(app.operator, limited.view.id)
  assert.match(await quiet.ended, /\n: closed, key_invalid: .*\n\n$/)
  using stream = await openStream(doors, { key: key.reveal() })
  using staying = await openStream(doors, { key: other })
  await stream.until(({ text }) => text.includes('id: '))
  await app.desk.keys.revoke(app.operator, view.id)
  await edit(doors, 'demo')
  assert.match(await stream.ended, /\n: closed, key_invalid: .*\n\n$/)
  assert.equal(stream.events.length, 0)
  await staying.until(({ events }) => events.length === 1)
  await assert.rejects(openStream(doors, { key: key.reveal() }), /401/)

  const short = await app.desk.keys.add(app.operator, { name: 'y', scopes: ['status'], expiresInDays: 1 })
  using expiring = await openStream(doors, { key: short.key.reveal() })
  doors.world.clock.set(Temporal.Instant.from('2026-11-23T03:00:00Z').add({ milliseconds: dayMs - 20_000 }))
  await doors.world.advance(19_999)
  await expiring.until(({ text }) => text.includes('still here'))
  await doors.world.advance(1)
  assert.match(await expiring.ended, /\n: closed, key_invalid: .*\n\n$/)
})

test('the page and the operator’s command line follow too; signing out ends the page’s stream', async () => {
  await using doors = await withAccounts({ env: { BHOR_SIGN_IN_IDLE_MINUTES: '30' } })
  const headers = await doors.signIn()
  using page = await openStream(doors, { headers })
  using forgotten = await openStream(doors, { headers: await doors.signIn() })
  using socket = await openStream(doors, { overSocket: true })
  await edit(doors, 'papa')
  for (const stream of [page, socket]) await stream.until(({ events }) => events.length === 1)
  await doors.ask('POST', '/v1/desk/sign-out', { body: {}, headers })
  assert.match(await page.ended, /\n: closed, sign_in_needed: .*\n\n$/)
  // A page that only watches is signed out after half an hour as any other.
  await doors.world.advance(30 * 60_000)
  assert.match(await forgotten.ended, /\n: closed, sign_in_needed: .*\n\n$/)
  await edit(doors, 'papa', 'y')
  await socket.until(({ events }) => events.length === 2)
})

test('streams are counted: for each caller, and in all', async () => {
  await using doors = await openDoors()
  const key = await doors.key(['status'])
  using streams = new DisposableStack()
  for (let i = 0; i < 16; i++) streams.use(await openStream(doors, { key }))
  const refused = await doors.ask('GET', '/v1/events', { key })
  assert.deepEqual(
    [refused.status, refused.code, refused.headers['retry-after']],
    [429, 'rate_limited', '15'],
  )
  const keys = await Promise.all(Array.from({ length: 15 }, () => doors.key(['status'])))
  for (const each of keys) for (let i = 0; i < 16; i++) streams.use(await openStream(doors, { key: each }))
  assert.equal(
    (await doors.ask('GET', '/v1/events', { key: await doors.key(['status']) })).code,
    'rate_limited',
  )
  const gone = new Promise((resolve) => doors.world.app.clock.after(15_000, () => resolve(undefined)))
  streams.dispose()
  await doors.world.advance(15_000)
  await gone
  using _again = await untilOpen(doors, key)
})

/** A connection that was closed is noticed a moment later. */
async function untilOpen(doors: Doors, key: string) {
  for (;;) {
    const stream = await openStream(doors, { key }).catch(() => undefined)
    if (stream) return stream
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('a reader that takes nothing is dropped with the reason, holds no memory, and catches up by its number', async () => {
  await using doors = await withAccounts()
  const { store } = doors.world.app
  const { id } = (await store.accounts.list()).records.find(({ alias }) => alias === 'papa')!
  const account = { id, alias: 'papa', broker: 'upstox', kind: 'sandbox', generation: 0 } as const
  const key = await doors.key(['status'])
  const { newest } = await store.feed.range()
  const count = 40_000
  const row = (at: number): FeedRecord => ({
    seq: newest + 1 + at,
    atMs: doors.world.clock.nowMs(),
    action: 'account.edit',
    result: 'ok',
    code: '',
    detail: {},
    account,
  })
  for (let at = 0; at < count; at += 2_000)
    await store.transaction((tx) => tx.feed.insert(Array.from({ length: 2_000 }, (_, i) => row(at + i))))
  const request = `GET /v1/events?after=${newest} HTTP/1.1\r\nHost: ${doors.host}\r\nAuthorization: Bearer ${key}\r\n\r\n`
  const slow = await stalled(doors.port, request)
  const dead = await stalled(doors.port, request)
  const before = heldBytes()
  // What the system takes for a reader is all that is read for it.
  for (let i = 0; i < 200; i++) await new Promise((resolve) => setImmediate(resolve))
  assert.ok(heldBytes() - before < 8 * 1024 * 1024, `${heldBytes() - before} bytes more`)
  await doors.world.advance(30_000)
  const text = await slow.read()
  assert.match(text, /: closed, too_slow: .* Go on with Last-Event-ID\./)
  const events = eventsIn(unchunked(text))
  assert.ok(events.length < count, `${events.length} events went through`)
  // Who does not even take the last word is left.
  await doors.world.advance(5_000)
  assert.doesNotMatch(await dead.read(), /too_slow/)
  const last = events.at(-1)!.data.seq
  using again = await openStream(doors, { key, lastEventId: last })
  await again.until(({ lastId }) => lastId === newest + count)
  const seqs = [...events, ...again.events].map(({ data }) => data.seq)
  assert.deepEqual(
    seqs,
    Array.from({ length: count }, (_, at) => newest + 1 + at),
  )
})

/** A reader that has taken the first bytes of its answer, and takes the others when it is told to. */
async function stalled(port: number, request: string): Promise<{ read(): Promise<string> }> {
  const socket = net.connect(port, '127.0.0.1', () => socket.write(request))
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  socket.on('error', () => {})
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await new Promise((resolve) => socket.once('data', resolve))
  socket.pause()
  return {
    async read() {
      socket.resume()
      await closed
      return text
    },
  }
}

function heldBytes(): number {
  const { external, arrayBuffers } = process.memoryUsage()
  return external + arrayBuffers
}

/** The body of an answer in chunks, as far as it came. */
function unchunked(answer: string): string {
  let rest = answer.slice(answer.indexOf('\r\n\r\n') + 4)
  let body = ''
  for (;;) {
    const end = rest.indexOf('\r\n')
    const size = Number.parseInt(rest.slice(0, end), 16)
    if (end < 0 || !(size > 0)) return body
    body += rest.slice(end + 2, end + 2 + size)
    rest = rest.slice(end + 2 + size + 2)
  }
}

test('a server that stops tells its readers and does not wait for them', async () => {
  const doors = await openDoors()
  const key = await doors.key(['status'])
  using stream = await openStream(doors, { key })
  await stream.until(({ text }) => text.includes('id: '))
  await doors[Symbol.asyncDispose]()
  assert.match(await stream.ended, /\n: closed, stopping: .*\n\n$/)
})
