import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Bed, openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { Scope } from '../../contracts/api.ts'
import type { Principal } from '../ground/rights.ts'
import { RunKeys } from './run-keys.ts'

const hourMs = 3_600_000

async function start(bed: Bed, by: Principal = operator) {
  const { desk } = bed.domain
  const { run, key } = await desk.runs.start(by, 'demo', 'python bot.py')
  const presented = key.reveal()
  return {
    run,
    hold: () => {
      const ending = new AbortController()
      return desk.runs.hold(by, run, ending.signal).then(() => ending)
    },
    who: () => bed.domain.desk.keys.authenticate(presented),
    isLive: () =>
      bed.domain.desk.keys.authenticate(presented).then(
        () => true,
        () => false,
      ),
  }
}

let made = 0
async function keyFor(bed: Bed, scopes: Scope[], accounts = ['demo'], expiresInDays?: number) {
  const { keys } = bed.domain.desk
  const input = {
    name: `bot ${++made}`,
    scopes,
    accounts,
    ...(expiresInDays === undefined ? {} : { expiresInDays }),
  }
  const { view, key } = await keys.add(operator, input)
  return { id: view.id, who: await keys.authenticate(key.reveal()) }
}

test('a key of a run lives as long as somebody holds it, and half a minute longer; then no row is left', async () => {
  await using bed = await openBed('kite')
  const { desk } = bed.domain
  const run = await start(bed)
  const view = (await desk.keys.list(operator)).find(({ id }) => id === run.run)
  assert.partialDeepStrictEqual(view, {
    name: 'python bot.py',
    scopes: ['status', 'read-token'],
    accounts: ['demo'],
    isRun: true,
  })
  const [first, second] = [await run.hold(), await run.hold()]
  await bed.clock.advance(hourMs)
  await desk.runs.look()
  first.abort()
  await bed.clock.advance(hourMs)
  await desk.runs.look()
  assert.ok(await run.isLive(), 'the second one still holds it')
  second.abort()
  await bed.clock.advance(29_000)
  await desk.runs.look()
  assert.ok(await run.isLive())
  await bed.clock.advance(1_000)
  await desk.runs.look()
  assert.ok(!(await run.isLive()))
  assert.deepEqual(await desk.keys.list(operator), [])
  const [ended] = (await desk.audit.list(operator, { limit: 9 })).filter(
    ({ action }) => action === 'key.revoke',
  )
  assert.deepEqual(ended?.detail, { key: run.run, run: true, why: 'nobody holds it' })
})

test('one that nobody ever held ends too, and one that is over ends at once', async () => {
  await using bed = await openBed('kite')
  const { desk } = bed.domain
  const [forgotten, over] = [await start(bed), await start(bed)]
  await over.hold()
  await desk.runs.end(operator, over.run)
  assert.ok(!(await over.isLive()))
  await refused(desk.runs.end(operator, over.run), 'key_not_found')
  await bed.clock.advance(30_000)
  await desk.runs.look()
  assert.ok(!(await forgotten.isLive()))
})

test('a server that starts again ends the runs of before, but for those that come back', async () => {
  await using bed = await openBed('kite')
  const [gone, back] = [await start(bed), await start(bed)]
  await gone.hold()
  await back.hold()
  await bed.reopen()
  const { runs } = bed.domain.desk
  await runs.look()
  await runs.hold(operator, back.run, new AbortController().signal)
  await bed.clock.advance(30_000)
  await runs.look()
  assert.deepEqual([await gone.isLive(), await back.isLive()], [false, true])
})

test('of several servers the one where it is held last decides', async () => {
  await using bed = await openBed('kite')
  const { context, desk } = bed.domain
  const shared = {
    ...context,
    store: new Proxy(context.store, { get: (of, name) => (name === 'isShared' ? true : bound(of, name)) }),
  }
  const [a, b] = [new RunKeys(shared, desk.keys), new RunKeys(shared, desk.keys)]
  const { run, key } = await a.start(operator, 'demo', 'bot')
  const atA = new AbortController()
  await a.hold(operator, run, atA.signal)
  atA.abort()
  const atB = new AbortController()
  await b.hold(operator, run, atB.signal)
  await bed.clock.advance(hourMs)
  await a.look()
  await b.look()
  await desk.keys.authenticate(key.reveal())
  atB.abort()
  await bed.clock.advance(30_000)
  await a.look()
  await b.look()
  await refused(desk.keys.authenticate(key.reveal()), 'key_invalid')
})

function bound(of: object, name: string | symbol): unknown {
  const value = Reflect.get(of, name)
  return typeof value === 'function' ? value.bind(of) : value
}

test('held for days it lasts; with its server gone for good it ends within one', async () => {
  await using bed = await openBed('kite')
  const run = await start(bed)
  await run.hold()
  for (let day = 0; day < 6; day++) {
    await bed.clock.advance(11 * hourMs)
    await bed.domain.desk.runs.look()
    assert.ok(await run.isLive())
  }
  await bed.clock.advance(24 * hourMs)
  assert.ok(!(await run.isLive()))
})

test('whoever starts a run gives it no more than he may himself, and it goes with him', async () => {
  await using bed = await openBed('kite')
  await bed.domain.addAccount({ account: 'papa' })
  const { desk } = bed.domain
  const reader = await keyFor(bed, ['read-token', 'portfolio'], ['demo'], 1)
  const run = await start(bed, reader.who)
  const made = (await desk.keys.list(operator)).find(({ id }) => id === run.run)
  assert.deepEqual([made?.scopes, made?.accounts, made?.madeBy], [['read-token'], ['demo'], reader.id])
  assert.ok(Date.parse(made!.expiresAt!) <= bed.clock.nowMs() + 24 * hourMs)
  const inner = await desk.runs.start(await run.who(), 'demo', 'inner')
  await refused(desk.runs.start(reader.who, 'papa', 'x'), 'account_not_found')
  await refused(desk.runs.start((await keyFor(bed, ['status'])).who, 'demo', 'x'), 'scope_missing')
  await refused(desk.runs.start(operator, 'demo', 'two\nlines'), 'bad_field')

  const other = await keyFor(bed, ['read-token'])
  await refused(desk.runs.end(other.who, run.run), 'key_not_found')
  await refused(desk.runs.hold(other.who, run.run, new AbortController().signal), 'key_not_found')
  await refused(desk.runs.end(operator, other.id), 'key_not_found')
  await desk.runs.end(await run.who(), run.run)
  await refused(desk.keys.authenticate(inner.key.reveal()), 'key_invalid')

  const second = await start(bed, reader.who)
  await desk.keys.revoke(operator, reader.id)
  assert.ok(!(await second.isLive()))
})

test('a run’s key is not called unused', async () => {
  await using bed = await openBed('kite')
  const run = await start(bed)
  await run.hold()
  for (let day = 0; day < 62; day++) {
    await bed.clock.advance(12 * hourMs)
    await bed.domain.desk.runs.look()
  }
  assert.ok(await run.isLive())
  assert.deepEqual((await bed.domain.desk.unused(operator)).keys, [])
})
