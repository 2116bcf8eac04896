import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ManualClock } from '../src/core/clock.ts'
import { fraction, seededRandom } from '../src/core/random.ts'
import { accept, engines, handOut, openHouse, provenFound, refused } from './support/house.ts'
import { copyOfFixture } from './support/old-folder.ts'
import { startPostgres } from './support/postgres.ts'
import { openWorld, type World } from './support/world.ts'

after(async () => (await startPostgres())[Symbol.asyncDispose]())

const fileOf = ({ home }: Pick<World, 'home'>) => join(home, 'bhor.counter')
const contentOf = (world: World) => readFileSync(fileOf(world), 'utf8')
/** The record that the file names. */
const seqIn = (world: World) =>
  (JSON.parse(contentOf(world)) as { counters: { seq: number }[] }).counters[0]?.seq ?? -1
const seqOf = async ({ app }: World) => (await app.store.audit.head()).seq

function note({ app }: World): Promise<void> {
  const { context } = app.desk
  return context.audit.record({
    atMs: context.clock.nowMs(),
    actor: { kind: 'library', id: '' },
    action: 'server.start',
    result: 'ok',
  })
}

/** Resolves when the file names this record; whoever waits for ever has found a fault. */
async function names(world: World, seq: number): Promise<void> {
  while (seqIn(world) !== seq) await new Promise((resolve) => setImmediate(resolve))
}

test('the file is written each second, each thousand records and at a stop, never before it is durable', async () => {
  await using house = await openHouse('sqlite')
  const { world } = house
  assert.equal(statSync(fileOf(world)).mode & 0o777, 0o600)
  await world.advance(1_000)
  await names(world, await seqOf(world))
  const before = contentOf(world)
  await note(world)
  await world.advance(900)
  assert.equal(contentOf(world), before)
  await world.advance(100)
  await names(world, await seqOf(world))
  const seq = seqIn(world)
  await Promise.all(Array.from({ length: 999 }, () => note(world)))
  assert.equal(seqIn(world), seq)
  await note(world)
  await names(world, await seqOf(world))
  await note(world)
  const last = await seqOf(world)
  await world.restart()
  assert.equal(seqIn(world), last)
  assert.ok(!existsSync(`${fileOf(world)}.new`))
})

test('an older file is a lower bound and no alarm; one that others can write is refused', async () => {
  await using house = await openHouse('sqlite')
  const { world } = house
  await world.restart()
  const older = contentOf(world)
  await handOut(world)
  await world.restart(() => writeFileSync(fileOf(world), older))
  assert.equal(world.app.store.rollback(), undefined)
  await handOut(world)
  const wide = world.restart(() => chmodSync(fileOf(world), 0o644))
  await refused(wide, 'permissions_too_wide')
  await world.restart(() => chmodSync(fileOf(world), 0o600)).catch(() => undefined)
})

for (const engine of engines) {
  const damages: Readonly<Record<string, (world: World) => void>> = {
    'is gone': (world) => rmSync(fileOf(world)),
    'is empty': (world) => writeFileSync(fileOf(world), ''),
    'is no JSON': (world) => writeFileSync(fileOf(world), '{'),
    'names another record': (world) =>
      writeFileSync(fileOf(world), contentOf(world).replace(/"seq":\d+/, '"seq":1')),
    'names no store': (world) => writeFileSync(fileOf(world), '{"version":1,"counters":[]}'),
    'belongs to another store': (world) =>
      writeFileSync(fileOf(world), contentOf(world).replace(/"key":"[^"]+"/, '"key":"dk_another"')),
  }
  test(`${engine}: a file that ${Object.keys(damages).join(', ')}, is told once and accepted once`, async () => {
    await using house = await openHouse(engine)
    const { world } = house
    for (const [name, damage] of Object.entries(damages)) {
      await world.restart(() => damage(world))
      assert.match(world.app.store.rollback()?.message ?? name, /bhor\.counter/)
      await provenFound(world)
      await accept(world)
      await world.restart()
      assert.equal(world.app.store.rollback(), undefined, name)
      await handOut(world)
    }
  })

  test(`${engine}: a whole older store beside a newer file is found; what is accepted stays accepted`, async () => {
    await using house = await openHouse(engine)
    const { world, intruder } = house
    const older = await intruder.copy()
    await world.logIn('demo')
    await handOut(world)
    await world.restart(() => intruder.putBack(older))
    assert.match(world.app.store.rollback()?.message ?? '', /ends at record \d+ .* but record \d+ was seen/)
    await provenFound(world)
    const file = contentOf(world)
    await accept(world)
    // Killed between the acceptance and its mark in the file.
    await world.restart(() => writeFileSync(fileOf(world), file))
    assert.equal(world.app.store.rollback(), undefined)
    // But the same store once more, behind what was seen since, is not accepted with it.
    const accepted = await intruder.copy()
    await note(world)
    await world.restart(() => intruder.putBack(accepted))
    await provenFound(world)
    await accept(world)
    // Gone on with elsewhere, it is longer than what was seen, and another one.
    await note(world)
    const fork = await intruder.copy()
    await note(world)
    const seen = await world.restart().then(() => contentOf(world))
    await world.restart(async () => {
      await intruder.putBack(fork)
      rmSync(fileOf(world))
    })
    await accept(world)
    for (let records = 0; records < 5; records++) await note(world)
    await world.restart(() => writeFileSync(fileOf(world), seen))
    assert.match(world.app.store.rollback()?.message ?? '', /is not the one that was seen/)
    await provenFound(world)
  })
}

test('a store of version 0.1 gets its file without a word; put back beside it, it is found', async () => {
  using copy = copyOfFixture()
  const clock = new ManualClock('2026-11-23T03:05:00Z')
  await using world = await openWorld({ home: copy.home, clock })
  assert.equal(world.app.store.rollback(), undefined)
  assert.ok(existsSync(fileOf(world)))
  await note(world)
  await world.restart(() => copy.putBack())
  assert.match(world.app.store.rollback()?.message ?? '', /is an earlier one/)
  await refused(world.app.desk.sessions.handOut(world.app.operator, 'personal'))
  await accept(world)
  assert.equal((await world.app.desk.audit.verify(world.app.operator)).intact, true)
})

test('postgres: each server has a file of its own, and a new one joins without a word', async () => {
  await using house = await openHouse('postgres')
  const { world: a, databaseUrl } = house
  const home = mkdtempSync(join(tmpdir(), 'bhor-second-'))
  try {
    copyFileSync(join(a.home, 'master.key'), join(home, 'master.key'))
    const { simulator, clock } = a
    await using b = await openWorld({ home, simulator, clock, ...(databaseUrl ? { databaseUrl } : {}) })
    assert.equal(b.app.store.rollback(), undefined)
    await handOut(b)
    await handOut(a)
    await b.restart(() => rmSync(fileOf(b)))
    assert.match(b.app.store.rollback()?.message ?? '', /bhor\.counter/)
    await handOut(a)
    await accept(b)
    await handOut(b)
    await handOut(a)
  } finally {
    rmSync(home, { recursive: true })
  }
})

test('killed at any moment, a server leaves no file that is ahead of its store: there is never a false alarm', async () => {
  const kills = process.env.LONG_TESTS === undefined ? 6 : 300
  const child = fileURLToPath(new URL('./support/counting-child.ts', import.meta.url))
  const home = mkdtempSync(join(tmpdir(), 'bhor-killed-'))
  const random = seededRandom('kills')
  try {
    let records = 0
    for (let kill = 0; kill < kills; kill++) {
      const server = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', child, home])
      const ended = once(server, 'close')
      await once(server.stdout, 'data')
      await delay(fraction(random) * 150)
      server.kill('SIGKILL')
      assert.deepEqual(await ended, [null, 'SIGKILL'], 'it was alive until then')
      await using world = await openWorld({ home, clock: new ManualClock(Temporal.Now.instant()) })
      assert.equal(world.app.store.rollback(), undefined, `kill ${kill}`)
      assert.ok(seqIn(world) <= (await seqOf(world)))
      assert.ok((await seqOf(world)) >= records)
      records = await seqOf(world)
    }
    assert.ok(records > 600, `${records} records`)
  } finally {
    rmSync(home, { recursive: true })
  }
})
