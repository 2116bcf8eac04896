import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { FeedEvent } from '../../src/contracts/events.ts'
import { type Doors, openDoors } from '../support/doors.ts'
import { named, openStream } from '../support/event-stream.ts'
import { startPostgres } from '../support/postgres.ts'
import { openWorld } from '../support/world.ts'

const postgres = await startPostgres()
after(() => postgres[Symbol.asyncDispose]())

function newFolder(): Disposable & { readonly home: string } {
  const home = mkdtempSync(join(tmpdir(), 'bhor-events-'))
  return { home, [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }) }
}

/** Two servers with one database and one master key. */
async function openTwo(): Promise<{ a: Doors; b: Doors } & AsyncDisposable> {
  await using opening = new AsyncDisposableStack()
  const databaseUrl = await postgres.freshDatabase()
  const a = opening.use(await openDoors({ databaseUrl }))
  const { home } = opening.use(newFolder())
  copyFileSync(join(a.world.home, 'master.key'), join(home, 'master.key'))
  const { simulator, clock } = a.world
  const b = opening.use(await openDoors({ databaseUrl, home, simulator, clock }))
  const parts = opening.move()
  return { a, b, [Symbol.asyncDispose]: () => parts.disposeAsync() }
}

const edit = ({ world: { app } }: Doors, label: string, account = 'demo') =>
  app.desk.accounts.edit(app.operator, account, { label })
const seqsOf = (events: readonly FeedEvent[]) => events.map(({ data }) => data.seq)

/** What one server has committed, the others have read. */
async function followed(...servers: Doors[]): Promise<void> {
  await Promise.all(servers.map(({ world }) => world.app.desk.context.feed.follow()))
}

for (const engine of ['sqlite', 'postgres'] as const) {
  test(`${engine}: a reader goes on behind a restart where it was cut, and is told all that it missed`, async () => {
    using folder = newFolder()
    await using world = await openWorld()
    const { simulator, clock } = world
    const databaseUrl = engine === 'postgres' ? await postgres.freshDatabase() : undefined
    const open = () =>
      openDoors({ home: folder.home, simulator, clock, ...(databaseUrl ? { databaseUrl } : {}) })
    let key: string
    let seen: readonly FeedEvent[]
    {
      await using doors = await open()
      key = await doors.key(['status'])
      await doors.world.addAccount()
      await doors.world.addAccount({ account: 'papa', broker: 'upstox' })
      using stream = await openStream(doors, { key, after: 0 })
      await doors.world.logIn('demo')
      await stream.until(({ events }) => events.length === 7)
      seen = stream.events.slice(0, 3)
    }
    {
      await using doors = await open()
      await edit(doors, 'nobody follows')
      await doors.world.logIn('papa')
    }
    await using doors = await open()
    using again = await openStream(doors, { key, lastEventId: seen.at(-1)!.data.seq })
    await edit(doors, 'now')
    await again.until(({ events }) => events.length === 11)
    assert.deepEqual(named([...seen, ...again.events]), [
      'account.changed demo',
      'account.changed papa',
      'account.changed demo',
      'account.changed demo',
      'session.started demo',
      'login.finished demo',
      'gate.changed demo',
      'account.changed demo',
      'account.changed papa',
      'account.changed papa',
      'session.started papa',
      'login.finished papa',
      'gate.changed papa',
      'account.changed demo',
    ])
    using whole = await openStream(doors, { key, after: 0 })
    await whole.until(({ events }) => events.length === 14)
    assert.deepEqual([...seen, ...again.events], whole.events)

    clock.set('2026-12-01T03:00:00Z')
    await edit(doors, 'a week later')
    using late = await openStream(doors, { key, lastEventId: seen[0]!.data.seq })
    await late.until(({ events }) => events.length === 1)
    assert.equal(late.events[0]?.event, 'reset')
  })
}

test('two servers tell the same events in the same order, whoever made them', async () => {
  await using two = await openTwo()
  const { a, b } = two
  await a.world.addAccount()
  await a.world.addAccount({ account: 'papa', broker: 'upstox' })
  const key = await a.key(['status'])
  const limited = await a.key(['status'], ['papa'])
  using atA = await openStream(a, { key, after: 0 })
  using atB = await openStream(b, { key, after: 0 })
  using ofPapa = await openStream(b, { key: limited, after: 0 })
  const rounds = Array.from({ length: 12 }, (_, round) => round)
  await Promise.all([
    ...rounds.map((round) => edit(a, `a ${round}`)),
    ...rounds.map((round) => edit(b, `b ${round}`, round % 2 === 0 ? 'papa' : 'demo')),
  ])
  await followed(a, b)
  for (const stream of [atA, atB]) await stream.until(({ events }) => events.length === 26)
  await ofPapa.until(({ events }) => events.length === 7)
  assert.deepEqual(atA.events, atB.events)
  assert.deepEqual(
    seqsOf(atA.events),
    seqsOf(atA.events).toSorted((x, y) => x - y),
  )
  assert.deepEqual(
    ofPapa.events,
    atA.events.filter(({ data }) => 'account' in data && data.account === 'papa'),
  )
  // From one server to the other, in the middle.
  const middle = atA.events[9]!.data.seq
  using moved = await openStream(b, { key, lastEventId: middle })
  await moved.until(({ events }) => events.length === 16)
  assert.deepEqual(moved.events, atA.events.slice(10))
})

test('a key that is revoked on one server is thrown out of the streams of the other', async () => {
  await using two = await openTwo()
  const { a, b } = two
  const { app } = a.world
  const { key, view } = await app.desk.keys.add(app.operator, { name: 'x', scopes: ['status'] })
  using stream = await openStream(b, { key: key.reveal() })
  await stream.until(({ text }) => text.includes('id: '))
  await app.desk.keys.revoke(app.operator, view.id)
  await a.world.addAccount()
  await a.world.advance(2_000)
  assert.match(await stream.ended, /\n: closed, key_invalid: .*\n\n$/)
  assert.equal(stream.events.length, 0)
})

test('a key that two servers serve is counted whole, and told once a minute', async () => {
  await using two = await openTwo()
  const { a, b } = two
  await a.world.addAccount()
  await a.world.logIn('demo')
  const key = await a.key(['read-token'])
  using admin = await openStream(b, { overSocket: true })
  await admin.until(({ text }) => text.includes('id: '))
  for (let minute = 0; minute < 2; minute++) {
    const asked = [a, b, a, b].map((doors) => doors.ask('GET', '/v1/accounts/demo/session', { key }))
    for (const { status } of await Promise.all(asked)) assert.equal(status, 200)
    await a.world.advance(60_000)
  }
  await edit(a, 'the end')
  await followed(b)
  await admin.until(({ events }) => events.at(-1)?.event === 'account.changed')
  assert.deepEqual(named(admin.events), ['key.used demo', 'key.used demo', 'account.changed demo'])
  const [view] = await b.world.app.desk.keys.list(b.world.app.operator)
  assert.equal(view?.uses, 8)
})
