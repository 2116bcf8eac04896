import assert from 'node:assert/strict'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { openBed } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { startMoved } from '../../../test/support/moved-server.ts'
import { copyOfFixture } from '../../../test/support/old-folder.ts'
import { startPostgres } from '../../../test/support/postgres.ts'
import { openWorld } from '../../../test/support/world.ts'
import { loadConfig } from '../../config/load.ts'
import { ManualClock } from '../../core/clock.ts'
import { isBhorError } from '../../core/errors.ts'
import { systemRandom } from '../../core/random.ts'
import { Secret } from '../../core/secret.ts'
import { backupDueMs, isBackupTooOld } from '../../session/ground/backup-state.ts'
import { openApp } from '../open.ts'
import { Backups } from './backups.ts'
import { restoreBackup } from './restore.ts'

const postgres = await startPostgres()
after(() => postgres[Symbol.asyncDispose]())

const passphrase = 'six random words for the backup'
const hourMs = 3_600_000

/** A folder for backups beside the passphrase that they are made with. */
function newPlace(): { env: Record<string, string>; dir: string; root: string } & Disposable {
  const root = mkdtempSync(join(tmpdir(), 'bhor-daily-'))
  const file = join(root, 'passphrase')
  writeFileSync(file, `${passphrase}\n`, { mode: 0o600 })
  const dir = join(root, 'backups')
  return {
    root,
    dir,
    env: { BHOR_BACKUP_DIR: dir, BHOR_BACKUP_PASSPHRASE_FILE: file, BHOR_BACKUP_KEEP: '3' },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}

test('one a day in the evening, the last three are kept, and what fails is told and tried again', async () => {
  using place = newPlace()
  await using bed = await openBed('kite')
  const { context, desk } = bed.domain
  const config = loadConfig({ env: { BHOR_HOME: bed.home, ...place.env } })
  const backups = new Backups(context, config, () => [])
  assert.equal(await backups.lastAtMs(), undefined, 'the first one may come yet')
  const daily = async (laterMs = 0) => {
    await bed.clock.advance(laterMs)
    await backups.daily()
  }
  await daily()
  assert.deepEqual(readdirSync(place.dir), ['bhor-20261123-083000.backup'], 'at once where there was none')
  await daily()
  await daily(11 * hourMs)
  assert.equal(readdirSync(place.dir).length, 1, 'not before 20:00')
  writeFileSync(join(place.dir, 'holiday.jpg'), '')
  for (let day = 0; day < 4; day++) await daily(24 * hourMs)
  assert.deepEqual(readdirSync(place.dir), [
    'bhor-20261125-193000.backup',
    'bhor-20261126-193000.backup',
    'bhor-20261127-193000.backup',
    'holiday.jpg',
  ])
  const state = () => backups.state(operator)
  assert.equal(await backups.lastAtMs(), (await state()).last && Date.parse((await state()).last!.at))
  assert.deepEqual([(await state()).tooOld, (await state()).failed], [false, null])

  rmSync(place.dir, { recursive: true })
  writeFileSync(place.dir, 'somebody put a file there')
  await daily(24 * hourMs)
  const { failed } = await state()
  assert.equal(failed?.code, 'backup_failed')
  assert.match(failed?.text ?? '', /its folder is no folder/)
  const tries = async () =>
    (await desk.audit.list(operator, { limit: 1000 })).filter(
      ({ action, result }) => action === 'store.backup' && result === 'failed',
    ).length
  await daily()
  assert.equal(await tries(), 1, 'not at once')
  await daily(hourMs)
  assert.equal(await tries(), 2)
  await bed.clock.advance(30 * hourMs)
  assert.equal((await state()).tooOld, true)
  rmSync(place.dir)
  await daily()
  assert.deepEqual([(await state()).tooOld, (await state()).failed], [false, null])
})

/** A store with a server in this process, and the folder of another one beside it. */
async function openShared(place: ReturnType<typeof newPlace>) {
  const databaseUrl = await postgres.freshDatabase()
  const world = await openWorld({ databaseUrl, env: place.env })
  const home = mkdtempSync(join(tmpdir(), 'bhor-second-'))
  copyFileSync(join(world.home, 'master.key'), join(home, 'master.key'))
  return {
    world,
    home,
    databaseUrl,
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
const namesIn = (dir: string) => (existsSync(dir) ? readdirSync(dir).toSorted() : [])

test('of two servers of one store one makes the backup of a day, and each its own where it is its turn', async () => {
  using place = newPlace()
  using other = newPlace()
  await using shared = await openShared(place)
  const { world, home, databaseUrl } = shared
  const { clock, simulator } = world
  await using second = await openWorld({ databaseUrl, home, simulator, clock, env: other.env })
  const servers = [world.app.backups, second.app.backups]
  for (let day = 1; day <= 2; day++) {
    await Promise.all(servers.map((backups) => backups.daily()))
    await Promise.all(servers.toReversed().map((backups) => backups.daily()))
    assert.equal(namesIn(place.dir).length + namesIn(other.dir).length, day)
    clock.set(clock.now().add({ hours: 24 }))
  }
  // One that cannot write there leaves it to the other.
  rmSync(other.env.BHOR_BACKUP_PASSPHRASE_FILE!)
  await servers[1]!.daily()
  assert.equal((await servers[0]!.state(world.app.operator)).failed?.code, 'key_unusable')
  clock.set(clock.now().add({ hours: 1 }))
  await servers[0]!.daily()
  assert.equal(namesIn(place.dir).length + namesIn(other.dir).length, 3)
  const { records } = await second.app.desk.context.store.feed.after(0, 200)
  assert.equal(records.filter(({ action, result }) => action === 'store.backup' && result === 'ok').length, 3)
})

test('a server that died at a backup is taken over, and one that was away for a while leaves none of its own', async () => {
  using place = newPlace()
  using other = newPlace()
  await using shared = await openShared(place)
  const { world, home, databaseUrl } = shared
  const { clock } = world
  /** Another server begins, and is taken away in the middle. */
  const struck = async (signal: NodeJS.Signals) => {
    const env = { ...other.env, BHOR_DATABASE_URL: databaseUrl }
    const server = await startMoved(home, clock.nowMs(), env)
    await server.pass(10 * 60_000)
    while (namesIn(other.dir).every((name) => !name.endsWith('.part'))) await delay(1)
    server.child.kill(signal)
    return server
  }
  /** One that was stopped within a transaction holds the store until the database ends it. */
  const daily = async (): Promise<void> => {
    for (let tries = 1; ; tries++)
      try {
        return await world.app.backups.daily()
      } catch (error) {
        if (tries === 10 || !isBhorError(error, 'store_busy')) throw error
      }
  }
  const takesOver = async () => {
    const before = namesIn(place.dir).length
    await daily()
    assert.equal(namesIn(place.dir).length, before, 'the other one may be alive')
    clock.set(clock.now().add({ minutes: 12 }))
    await daily()
    assert.equal(namesIn(place.dir).length, before + 1)
  }
  {
    await using server = await struck('SIGSTOP')
    await takesOver()
    server.child.kill('SIGCONT')
    while (namesIn(other.dir).length > 0) await delay(5)
  }
  clock.set(clock.now().add({ hours: 24 }))
  await using _dead = await struck('SIGKILL')
  await takesOver()
  assert.deepEqual(
    namesIn(other.dir).filter((name) => name.endsWith('.backup')),
    [],
  )
})

test('without a place none is made, and what is half said is refused by name', async () => {
  await using world = await openWorld()
  await world.app.backups.daily()
  const { last, folder, next, tooOld } = await world.app.backups.state(world.app.operator)
  assert.deepEqual([last, folder, next, tooOld], [null, null, null, false])
  assert.equal(await world.app.backups.lastAtMs(), undefined)
  assert.equal(await world.app.desk.context.alerting?.lastBackupAtMs?.(), undefined, 'what alerts ask')
  using place = newPlace()
  const env = { BHOR_HOME: world.home, BHOR_BACKUP_DIR: place.dir }
  assert.throws(() => loadConfig({ env }), {
    code: 'config_invalid',
    message: /backup_passphrase_file is not/,
  })
})

test('a store of an earlier version is copied before its schema changes, and the copy restores', async () => {
  using place = newPlace()
  using copy = copyOfFixture()
  const clock = new ManualClock('2026-11-23T03:05:00Z')
  const open = () => openApp({ config: loadConfig({ env: { BHOR_HOME: copy.home, ...place.env } }), clock })
  // Without its passphrase nothing is changed.
  chmodSync(place.env.BHOR_BACKUP_PASSPHRASE_FILE!, 0o644)
  await assert.rejects(open(), { code: 'permissions_too_wide' })
  assert.equal(existsSync(place.dir), false)
  chmodSync(place.env.BHOR_BACKUP_PASSPHRASE_FILE!, 0o600)
  {
    await using app = await open()
    assert.equal((await app.desk.accounts.list(app.operator)).length, 2)
    assert.equal((await app.desk.audit.verify(app.operator)).intact, true)
    const { last } = await app.backups.state(app.operator)
    assert.match(last?.path ?? '', /-before-\d+\.backup$/)
  }
  const [name] = readdirSync(place.dir)
  assert.match(name ?? '', /^bhor-20261123-083500-before-2\.backup$/)
  const home = join(place.root, 'new')
  mkdirSync(home, { mode: 0o700 })
  const restored = await restoreBackup(
    join(place.dir, name!),
    new Secret(passphrase),
    { clock, random: systemRandom },
    { home, env: { BHOR_HOME: home } },
  )
  assert.equal(restored.isIntact, true)
  await using app = await openApp({ config: loadConfig({ env: { BHOR_HOME: home } }), clock })
  assert.deepEqual(
    (await app.desk.accounts.list(app.operator)).map(({ account }) => account),
    ['papa', 'personal'],
  )
  assert.equal((await app.desk.audit.verify(app.operator)).intact, true)
})

test('when the next one is due, and when the last one is too old', () => {
  const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds
  const made = (text: string) => ({ atMs: at(text), path: '', rows: 1, bytes: 1 })
  const last = made('2026-11-23T03:00:00Z')
  assert.equal(backupDueMs({ last: null, failed: null }), 0)
  assert.equal(backupDueMs({ last, failed: null }), at('2026-11-23T14:30:00Z'))
  assert.equal(backupDueMs({ last: made('2026-11-23T14:30:00Z'), failed: null }), at('2026-11-24T14:30:00Z'))
  const failed = { atMs: at('2026-11-23T14:30:00Z'), code: 'backup_failed', text: '' } as const
  assert.equal(backupDueMs({ last, failed }), at('2026-11-23T15:30:00Z'))
  assert.equal(isBackupTooOld({ last, failed }, 0, last.atMs + 49 * hourMs), false)
  assert.equal(isBackupTooOld({ last, failed }, 0, last.atMs + 51 * hourMs), true)
  assert.equal(isBackupTooOld({ last: null, failed: null }, last.atMs, last.atMs + 49 * hourMs), false)
})
