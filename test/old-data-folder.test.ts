import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openAuditLog } from '../src/audit/log.ts'
import type { HandOut } from '../src/contracts/api.ts'
import { ManualClock } from '../src/core/clock.ts'
import { linesWithoutControls } from '../src/core/control-characters.ts'
import { systemRandom } from '../src/core/random.ts'
import { openStore } from '../src/stores/open.ts'
import { parseMasterKey } from '../src/vault/master-key.ts'
import { openVault } from '../src/vault/open.ts'
import { commandLine, newFolder } from './support/at-the-terminal.ts'
import { copyOfFixture } from './support/old-folder.ts'
import { onTerminal } from './support/pseudo-terminal.ts'
import { openWorld } from './support/world.ts'

const clock = new ManualClock('2026-11-23T03:05:00Z')

test('a data folder of version 1 opens, and all that is in it is there and genuine', async () => {
  using copy = copyOfFixture()
  await using store = await openStore({ url: `sqlite:${join(copy.home, 'bhor.db')}`, clock })
  const masterKey = parseMasterKey(readFileSync(join(copy.home, 'master.key')), 'the fixture')
  const { vault, created } = await openVault({ store, masterKey, random: systemRandom, clock })
  assert.equal(created, false)

  const accounts = await store.accounts.list()
  assert.deepEqual(accounts.damaged, [])
  const [papa, personal] = accounts.records
  assert.ok(papa && personal)
  assert.deepEqual(
    [papa, personal].map(({ alias, label, kind, generation, settings }) => [
      alias,
      label,
      kind,
      generation,
      settings,
    ]),
    [
      ['papa', 'Papa', 'sandbox', 0, {}],
      ['personal', 'My own account', 'sandbox', 1, {}],
    ],
  )
  for (const account of [papa, personal]) {
    const { id, mac, alias, broker, kind, appId, userId, redirectUrl, generation } = account
    const fields = { alias, broker, kind, appId, userId, redirectUrl, generation }
    assert.ok(vault.isMacValid({ table: 'accounts', row: id, fields }, mac))
  }
  const secrets = { table: 'accounts', row: papa.id, field: 'secrets', generation: 0 } as const
  assert.deepEqual(JSON.parse(vault.open(papa.sealedSecrets, secrets).reveal()), {
    password: 'not-a-real-password',
  })
  assert.deepEqual(await store.apps.byId(papa.appId), await store.apps.byId(personal.appId))

  const session = await store.sessions.latest(personal.id)
  assert.ok(session)
  assert.deepEqual([session.status, session.userId, session.startedBy], ['active', 'DM0001', 'login'])
  const tokens = { table: 'sessions', row: session.id, field: 'tokens', generation: 1 } as const
  assert.equal(
    JSON.parse(vault.open(session.sealedTokens, tokens).reveal()).access,
    'd9D1lki9HKZaW2dsXjLvtwLXm02veqgC',
  )
  assert.equal((await store.logins.open(clock.nowMs(), papa.id)).records.length, 1)
  assert.deepEqual(await store.intents.open(), { records: [], damaged: [] })

  const key = await store.keys.byHash(
    hash('sha256', 'bhor_5gin-ckE6MDEQcaKiAgHvxRZ69iiRkGgJzG6oEG-_Sg', 'hex'),
  )
  assert.ok(key)
  assert.deepEqual([key.name, key.scopes, key.accountIds], ['bot', ['read-token', 'status'], [personal.id]])
  const fields = {
    hash: key.hash,
    scopes: JSON.stringify(key.scopes),
    accountIds: JSON.stringify(key.accountIds),
    expiresAtMs: key.expiresAtMs,
    revokedAtMs: key.revokedAtMs,
  }
  assert.ok(vault.isMacValid({ table: 'client_keys', row: key.id, fields }, key.mac))

  const log = openAuditLog({ store, vault, clock })
  assert.deepEqual(await log.verify(), { intact: true, records: 9 })
  await log.record({
    atMs: clock.nowMs(),
    actor: { kind: 'library', id: '' },
    action: 'server.start',
    result: 'ok',
  })
  assert.deepEqual(await log.verify(), { intact: true, records: 10 })
})

test('a whole bhor goes on with it: the old key gets the old session, and a login replaces it', async () => {
  using copy = copyOfFixture()
  await using world = await openWorld({ home: copy.home, clock: new ManualClock('2026-11-23T03:05:00Z') })
  const { desk, operator } = world.app
  const bot = await desk.keys.authenticate('bhor_5gin-ckE6MDEQcaKiAgHvxRZ69iiRkGgJzG6oEG-_Sg')
  const handOut = async () => JSON.parse((await desk.sessions.handOut(bot, 'personal')).reveal()) as HandOut
  // Its kill switch is made at the first look, also when gates have changed before that.
  assert.equal((await desk.sessions.test(operator, 'personal')).verdict, 'valid')
  assert.equal((await handOut()).accessToken, 'd9D1lki9HKZaW2dsXjLvtwLXm02veqgC')
  assert.equal((await desk.gates.get(operator, 'personal')).state, 'open')
  assert.equal((await desk.accounts.get(operator, 'papa')).hasPassword, true)
  assert.equal((await world.logIn('personal', { userId: 'DM0001' })).generation, 2)
  assert.equal((await handOut()).generation, 2)
  // What the MACs of version 1 knew nothing of is authenticated now.
  const label = (alias: string, text: string) => {
    using database = new DatabaseSync(join(copy.home, 'bhor.db'))
    database.prepare('update accounts set label = ? where alias = ?').run(text, alias)
  }
  for (const [alias, text] of [
    ['papa', 'Papa'],
    ['personal', 'My own account'],
  ] as const) {
    label(alias, 'Somebody else')
    await assert.rejects(desk.accounts.get(operator, alias), { code: 'store_damaged' })
    label(alias, text)
    assert.equal((await desk.accounts.get(operator, alias)).label, text)
  }
  await desk.accounts.edit(operator, 'personal', { settings: { group: 'home' } })
  assert.deepEqual((await desk.accounts.get(operator, 'personal')).settings, { group: 'home' })
  assert.equal((await desk.audit.verify(operator)).intact, true)
})

test('what older versions let stand in a label, no terminal obeys', async () => {
  using copy = copyOfFixture()
  using folder = newFolder()
  const colours = new RegExp(`${String.fromCharCode(0x1b)}\\[\\d{1,2}m`, 'g')
  const env = { ...folder.env, BHOR_HOME: copy.home, TERM: 'xterm', NO_COLOR: undefined }
  {
    using database = new DatabaseSync(join(copy.home, 'bhor.db'))
    database
      .prepare('update accounts set label = ?')
      .run('\u001b]0;title\u0007\u001b[2J\u009b31m\u202eksed\rx\ny')
  }
  for (const args of ['accounts list', 'accounts show papa', 'status papa', 'accounts show papa --json']) {
    const { stdout } = await onTerminal(`${commandLine} ${args}`, env)
    const plain = stdout.replaceAll(colours, '').replaceAll('\r\n', '\n')
    if (args.includes('show')) assert.ok(plain.includes(']0;title [2J 31m ksed x y'), plain)
    assert.equal(linesWithoutControls(plain), plain, args)
  }
})
