import assert from 'node:assert/strict'
import { execSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openWorld } from '../../test/support/world.ts'
import { openRegistry } from '../brokers/registry.ts'
import type { DoctorFinding } from '../contracts/api.ts'
import { BhorError } from '../core/errors.ts'
import { coreFinding, doctor } from './doctor.ts'
import { checkHosts } from './hosts.ts'

const of = (findings: readonly DoctorFinding[], check: string) =>
  findings.find((finding) => finding.check === check)!

test('a healthy installation: every check is fine and tells something', async () => {
  await using world = await openWorld()
  await world.addAccount()
  await world.logIn('demo')
  const findings = await doctor(world.app, world.app.operator)
  assert.deepEqual(
    findings.map(({ check, ok }) => [check, ok]),
    [
      ...[
        'store',
        'audit',
        'backup',
        'runtime',
        'clock',
        'accounts',
        'egress',
        'calendar',
        'hygiene',
        'roll-call',
        'data folder',
        'private files',
      ].map((check) => [check, true]),
      // Of the surroundings of this test; npm test takes care of it.
      ['core dumps', coreFinding().ok],
    ],
  )
  assert.equal(of(findings, 'accounts').text, '1 account, 1 with a live session.')
  assert.match(of(findings, 'clock').text, /Mon 23 Nov 08:30 IST/)
  const { backup, others } = Object.groupBy(
    findings.filter(({ check }) => check !== 'core dumps'),
    ({ check }) => (check === 'backup' ? 'backup' : 'others'),
  )
  assert.ok(others?.every(({ gravity, hint, command }) => gravity === 'fine' && !hint && !command))
  assert.equal(backup?.[0]?.gravity, 'note', 'nobody has to make backups')
})

test('names that are called in the morning and are no account’s are named, also after an account was renamed', async () => {
  await using world = await openWorld({ env: { BHOR_ROLL_CALL_ACCOUNTS: 'demo, papaa' } })
  const { app } = world
  await world.addAccount()
  const finding = async () => of(await doctor(app, app.operator), 'roll-call')
  const { gravity, text, hint } = await finding()
  assert.deepEqual([gravity, text], ['warning', 'roll_call_accounts has papaa, and no account is named so.'])
  assert.match(hint ?? '', /Correct roll_call_accounts/)
  await world.addAccount({ account: 'papaa' })
  assert.equal((await finding()).text, '2 accounts are called in the morning, by 08:55 IST.')
  await app.desk.accounts.edit(app.operator, 'demo', { account: 'mine' })
  assert.match((await finding()).text, /has demo, and no account/)
})

test('what is wrong is a finding with its next step, also where a check itself fails', async () => {
  await using world = await openWorld()
  chmodSync(world.home, 0o755)
  const { store } = world.app
  store.check = async () => {
    throw new BhorError('store_full', 'The disk is full.')
  }
  world.app.desk.audit.verify = async () => {
    throw new TypeError('secret of a stranger')
  }
  const findings = await doctor(world.app, world.app.operator)
  assert.deepEqual(of(findings, 'store'), {
    check: 'store',
    ok: false,
    gravity: 'grave',
    text: 'The disk is full.',
    hint: 'Free some disk space.',
    command: null,
  })
  assert.deepEqual(
    [of(findings, 'audit').ok, of(findings, 'audit').text],
    [false, 'Something inside bhor went wrong.'],
  )
  assert.deepEqual(of(findings, 'data folder'), {
    check: 'data folder',
    ok: false,
    gravity: 'grave',
    text: 'Others can look into the data folder.',
    hint: `chmod 700 ${world.home}`,
    command: `chmod 700 ${world.home}`,
  })
  assert.ok(!JSON.stringify(findings).includes('stranger'))
})

test('a key or a store that others can read is grave, and the command mends it', async () => {
  await using world = await openWorld()
  const [key, store] = ['master.key', 'bhor.db'].map((name) => join(world.home, name)) as [string, string]
  chmodSync(key, 0o644)
  chmodSync(store, 0o640)
  const files = async () => of(await doctor(world.app, world.app.operator), 'private files')
  const found = await files()
  assert.deepEqual([found.ok, found.gravity], [false, 'grave'])
  assert.equal(found.text, 'Others can read the master key and the store.')
  assert.equal(found.command, `chmod 600 ${key} ${store}`)
  execSync(found.command ?? '')
  assert.equal((await files()).gravity, 'fine')
})

test('a store that went back names the command that takes it as it is', async () => {
  await using world = await openWorld()
  world.app.store.inspect = async () => {
    throw new BhorError('store_rolled_back')
  }
  const found = of(await doctor(world.app, world.app.operator), 'store')
  assert.deepEqual([found.gravity, found.command], ['grave', 'bhor doctor --accept-rollback'])
})

test('a clock before 2026: found, and logins are paused until it is set', async () => {
  await using world = await openWorld()
  await world.addAccount()
  world.clock.set('1970-01-01T00:00:10Z')
  const finding = of(await doctor(world.app, world.app.operator), 'clock')
  assert.deepEqual([finding.ok, finding.text], [false, 'The clock says 1970; logins are paused.'])
  const { desk, operator } = world.app
  await assert.rejects(desk.logins.start(operator, 'demo', { via: 'api' }), { code: 'clock_wrong' })
  world.clock.set('2026-11-23T03:00:00Z')
  await desk.logins.start(operator, 'demo', { via: 'api' })
})

test('configured hosts of no broker or of no role are refused at the start, with the nearest name', async () => {
  const registry = openRegistry()
  await checkHosts({}, registry)
  await checkHosts({ kite: { api: 'https://x' }, upstox: { api: 'https://x' } }, registry)
  const refused = async (hosts: Parameters<typeof checkHosts>[0], message: RegExp, hint: RegExp) =>
    assert.rejects(checkHosts(hosts, registry), (error: BhorError) => {
      assert.equal(error.code, 'config_invalid')
      assert.match(error.message, message)
      assert.match(error.hint, hint)
      return true
    })
  await refused({ kit: { api: 'https://x' } }, /hosts\.kit names no broker/, /Did you mean "kite"/)
  await refused({ somebody: {} }, /names no broker/, /Known brokers: kite, upstox/)
  await refused({ kite: { apo: 'https://x' } }, /hosts\.kite\.apo is not a role/, /Its roles: login, api/)
})

test('core dumps: found where the limit lets one be written, by whatever the system calls it', () => {
  const of = (soft: number | string) => coreFinding({ core_file_size_blocks: { soft } })
  assert.equal(of(0).ok, true)
  for (const soft of ['unlimited', 1024]) {
    assert.equal(of(soft).ok, false)
    assert.match(of(soft).hint ?? '', /ulimit -c 0.*LimitCORE=0/)
  }
  // As Node tells it of this process.
  assert.equal(typeof coreFinding().ok, 'boolean')
})

test('an intent that somebody has changed is named, and holds up nobody', async () => {
  await using world = await openWorld()
  await world.addAccount()
  await world.logIn('demo')
  using database = new DatabaseSync(join(world.home, 'bhor.db'), { timeout: 5000 })
  database.exec(`update intents set state = 'open', finished_at_ms = null`)
  const store = of(await doctor(world.app, world.app.operator), 'store')
  assert.equal(store.ok, false)
  assert.match(store.text, /intents/)
})
