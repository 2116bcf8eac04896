import assert from 'node:assert/strict'
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { startPostgres } from '../../../test/support/postgres.ts'
import { openWorld, type World } from '../../../test/support/world.ts'
import type { HandOut } from '../../contracts/api.ts'
import type { CopiedRow, Store } from '../../contracts/store.ts'
import type { Clock } from '../../core/clock.ts'
import { isBhorError } from '../../core/errors.ts'
import { systemRandom } from '../../core/random.ts'
import { Secret } from '../../core/secret.ts'
import { openStore } from '../../stores/open.ts'
import { checkBackup, restoreBackup } from './restore.ts'

const postgres = await startPostgres()
after(() => postgres[Symbol.asyncDispose]())
// Of its own, since other tests try backups out, too; where PostgreSQL, as another user, need not look into it.
process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'bhor-backups-'))
process.once('exit', () => rmSync(tmpdir(), { recursive: true, force: true }))

const passphrase = 'six random words for the backup'
const right = new Secret(passphrase)

function newFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'bhor-backup-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** A household with something in every table. */
async function livedIn(world: World): Promise<void> {
  const { desk, operator } = world.app
  await world.addAccount()
  await world.addAccount({ account: 'papa', broker: 'upstox' })
  await world.logIn('demo')
  await world.logIn('papa')
  await world.logIn('demo')
  const { key } = await desk.keys.add(operator, { name: 'bot', scopes: ['read-token'] })
  const holder = await desk.keys.authenticate(key.reveal())
  for (const account of ['demo', 'papa']) await desk.sessions.handOut(holder, account, {})
  await desk.calendar.change(operator, { days: [{ date: '2026-12-01', kind: 'holiday', note: 'Größe ₹' }] })
  await desk.gates.set(operator, 'papa', { state: 'closed', reason: 'budget day' })
}

async function rowsOf(store: Store): Promise<CopiedRow[]> {
  return store.copy(async (copy) => {
    const rows: CopiedRow[] = []
    for await (const one of copy.rows()) rows.push(one)
    return rows
  })
}

/** What a restore must not change: all but what belongs to the master key and to the folder. */
function comparable(rows: readonly CopiedRow[]): string[] {
  const ofItsOwn = (name: unknown) => /^(vault|store|backup)\./.test(String(name))
  return rows
    .filter(({ table, row }) => table !== 'audit_head' && !(table === 'meta' && ofItsOwn(row.name)))
    .filter(({ table, row }) => !(table === 'inventory' && row.table_name === 'folders'))
    .map(({ table, row }) => {
      const { wrapped: _, ...columns } = row
      return JSON.stringify([table, Object.entries(columns).sort()])
    })
    .sort()
}

async function handOut({ app }: World): Promise<HandOut> {
  return JSON.parse((await app.desk.sessions.handOut(app.operator, 'demo', {})).reveal()) as HandOut
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    return isBhorError(error) ? error.code : String(error)
  }
}

const meansAt = (clock: Clock) => ({ clock, random: systemRandom })
const into = (home: string, databaseUrl?: string) => ({
  home,
  env: { BHOR_HOME: home, ...(databaseUrl === undefined ? {} : { BHOR_DATABASE_URL: databaseUrl }) },
})

for (const from of ['sqlite', 'postgres'] as const) {
  for (const to of ['sqlite', 'postgres'] as const) {
    test(`${from} to ${to}: every row comes back, the audit is whole, and a token is handed out`, async () => {
      using folder = newFolder()
      const file = join(folder.path, 'one.backup')
      const urlOf = async (engine: string) =>
        engine === 'postgres' ? await postgres.freshDatabase() : undefined
      const fromUrl = await urlOf(from)
      const toUrl = await urlOf(to)
      await using old = await openWorld(fromUrl === undefined ? {} : { databaseUrl: fromUrl })
      await livedIn(old)
      const given = await handOut(old)
      const before = await rowsOf(old.app.store)
      const made = await old.app.backups.make(old.app.operator, { path: file, passphrase })
      assert.equal(made.last?.path, file)
      assert.equal(statSync(file).mode & 0o777, 0o600)
      assert.deepEqual(readdirSync(folder.path), ['one.backup'], 'nothing else is left')
      // What happens after the backup is not in it.
      await old.logIn('demo')

      const home = join(folder.path, 'new')
      const restored = await restoreBackup(file, right, meansAt(old.clock), into(home, toUrl))
      assert.deepEqual([restored.isIntact, restored.config], [true, 'none'])
      assert.equal(restored.rows, made.last.rows)
      assert.ok(restored.newKeyFile?.endsWith('master.key'))
      assert.notDeepEqual(readFileSync(join(home, 'master.key')), readFileSync(join(old.home, 'master.key')))
      {
        const url = toUrl ?? `sqlite:${join(home, 'bhor.db')}`
        await using store = await openStore({ url, clock: old.clock })
        assert.deepEqual(comparable(await rowsOf(store)), comparable(before))
      }
      const tables = new Set(before.map(({ table }) => table))
      for (const table of [
        'apps',
        'accounts',
        'sessions',
        'logins',
        'intents',
        'client_keys',
        'calendar',
        'house',
        'gates',
        'keyring',
        'meta',
        'audit',
        'audit_head',
        'feed',
        'work',
        'key_uses',
        'inventory',
      ])
        assert.ok(tables.has(table), `there is something in ${table}`)

      const { clock, simulator } = old
      await using again = await openWorld({
        home,
        clock,
        simulator,
        ...(toUrl === undefined ? {} : { databaseUrl: toUrl }),
      })
      const { app } = again
      assert.equal((await app.desk.audit.verify(app.operator)).intact, true)
      assert.equal(app.store.rollback(), undefined)
      const latest = (await app.desk.audit.list(app.operator, { limit: 12 })).map(({ action }) => action)
      assert.ok(latest.includes('store.restore'), latest.join())
      assert.equal(
        latest.filter((action) => action === 'session.doubt').length,
        2,
        'sessions are asked about',
      )
      assert.deepEqual(await handOut(again), given, 'the same token as before')
      assert.equal((await app.desk.accounts.get(app.operator, 'papa')).gate.reason, 'paused')
      await again.logIn('demo')
      assert.equal((await handOut(again)).generation, given.generation + 1)
      assert.equal((await app.desk.accounts.get(app.operator, 'papa')).status, 'active')
      await app.desk.gates.set(app.operator, 'papa', { state: 'open' })
      const papa = JSON.parse((await app.desk.sessions.handOut(app.operator, 'papa', {})).reveal()) as HandOut
      const papaBefore = JSON.parse(
        (await old.app.desk.sessions.handOut(old.app.operator, 'papa', {})).reveal(),
      ) as HandOut
      assert.equal(papa.accessToken, papaBefore.accessToken)
      await again.restart()
      assert.equal(again.app.store.rollback(), undefined, 'the counter began anew')
      assert.equal((await again.app.desk.audit.verify(again.app.operator)).intact, true)
    })
  }
}

test('a restore where something is, of what is no backup, or with the wrong passphrase changes nothing', async () => {
  using folder = newFolder()
  const file = join(folder.path, 'one.backup')
  await using world = await openWorld()
  await livedIn(world)
  await world.app.backups.make(world.app.operator, { path: file, passphrase })
  assert.equal(
    await codeOf(world.app.backups.make(world.app.operator, { path: file, passphrase })),
    'output_exists',
  )
  const state = await world.app.backups.state(world.app.operator)
  assert.equal(state.failed?.code, 'output_exists')
  assert.equal(
    await codeOf(world.app.backups.make(world.app.operator, { path: file, passphrase, replace: true })),
    'done',
  )
  assert.equal((await world.app.backups.state(world.app.operator)).failed, null)
  for (const [path, words, code] of [
    ['relative.backup', passphrase, 'bad_field'],
    [join(folder.path, 'two.backup'), 'too short', 'key_unusable'],
  ] as const)
    assert.equal(await codeOf(world.app.backups.make(world.app.operator, { path, passphrase: words })), code)
  const means = meansAt(world.clock)
  assert.equal(await codeOf(restoreBackup(file, right, means, into(world.home))), 'store_locked', 'in use')
  const database = await postgres.freshDatabase()
  {
    await using other = await openWorld({
      databaseUrl: database,
      clock: world.clock,
      simulator: world.simulator,
    })
    const home = join(folder.path, 'beside')
    assert.equal(await codeOf(restoreBackup(file, right, means, into(home, database))), 'restore_not_empty')
    assert.deepEqual(readdirSync(home), [], 'no key was made')
    assert.equal((await other.app.desk.audit.verify(other.app.operator)).intact, true)
  }
  {
    await using other = await openWorld({ clock: world.clock, simulator: world.simulator })
    const { home } = other
    await other.app[Symbol.asyncDispose]()
    const before = readFileSync(join(home, 'bhor.db'))
    assert.equal(await codeOf(restoreBackup(file, right, means, into(home))), 'restore_not_empty')
    assert.deepEqual(readFileSync(join(home, 'bhor.db')), before)
    await other.restart()
  }
  const home = join(folder.path, 'new')
  const restore = (path: string, words = right) => codeOf(restoreBackup(path, words, means, into(home)))
  assert.equal(await restore(file, new Secret('another passphrase altogether')), 'backup_passphrase_wrong')
  assert.equal(await restore(join(folder.path, 'nothing')), 'backup_foreign')
  assert.equal(await restore(folder.path), 'backup_foreign')
  assert.equal(await restore(join(world.home, 'master.key')), 'backup_foreign')
  const cut = join(folder.path, 'cut.backup')
  writeFileSync(cut, readFileSync(file))
  truncateSync(cut, statSync(file).size - 5)
  assert.equal(await restore(cut), 'backup_truncated')
  assert.equal(await codeOf(checkBackup(cut, right, means)), 'backup_truncated')
  const checked = await checkBackup(file, right, means)
  assert.deepEqual([checked.isIntact, checked.newKeyFile], [true, undefined])
  assert.equal(
    readdirSync(tmpdir()).some((name) => name.startsWith('bhor-check-')),
    false,
    'the drill leaves nothing',
  )
  assert.equal(await restore(file), 'done', 'what had failed before is in nobody’s way')
})

for (const engine of ['sqlite', 'postgres'] as const) {
  test(`${engine}: a backup under load is of one moment, and restores whole`, async (t) => {
    using folder = newFolder()
    const databaseUrl = engine === 'postgres' ? await postgres.freshDatabase() : undefined
    await using world = await openWorld(databaseUrl === undefined ? {} : { databaseUrl })
    await livedIn(world)
    const { desk, operator, backups } = world.app
    let changes = 0
    let isOver = false
    const busy = async () => {
      for (; !isOver; changes++) {
        await desk.accounts.edit(operator, 'papa', { label: `Papa ${changes}` })
        await desk.sessions.handOut(operator, 'demo', {})
        if (changes % 5 === 0) await desk.vault.rotate(operator)
        if (changes % 5 === 2) await desk.vault.goOn()
      }
    }
    const load = busy()
    const cycles = process.env.LONG_TESTS === '1' ? 50 : 3
    for (let cycle = 0; cycle < cycles; cycle++) {
      const before = changes
      const file = join(folder.path, `${cycle}.backup`)
      await backups.make(operator, { path: file, passphrase })
      assert.ok(changes > before, 'it went on meanwhile')
      const checked = await checkBackup(file, right, meansAt(world.clock))
      assert.equal(checked.isIntact, true)
      const guess = new Secret('some other words than those')
      assert.equal(await codeOf(checkBackup(file, guess, meansAt(world.clock))), 'backup_passphrase_wrong')
    }
    isOver = true
    await load
    t.diagnostic(
      `test 63: ${engine}: ${cycles} backups under ${changes} changes restored elsewhere, 0 lost, none without its passphrase`,
    )
  })
}
