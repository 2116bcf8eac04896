import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openAuditLog } from '../src/audit/log.ts'
import type { HandOut } from '../src/contracts/api.ts'
import { ManualClock } from '../src/core/clock.ts'
import { systemRandom } from '../src/core/random.ts'
import { openStore } from '../src/stores/open.ts'
import { parseMasterKey } from '../src/vault/master-key.ts'
import { openVault } from '../src/vault/open.ts'
import { openWorld } from './support/world.ts'

const fixture = fileURLToPath(new URL('./fixtures/data-folder-v1', import.meta.url))
const clock = new ManualClock('2026-11-23T03:05:00Z')

/** A copy with the modes that bhor asks for; a checkout does not keep them. */
function copyOfFixture(): { readonly home: string } & Disposable {
  const home = mkdtempSync(join(tmpdir(), 'bhor-old-'))
  for (const file of ['bhor.db', 'master.key']) {
    copyFileSync(join(fixture, file), join(home, file))
    chmodSync(join(home, file), 0o600)
  }
  return { home, [Symbol.dispose]: () => rmSync(home, { recursive: true }) }
}

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
  assert.equal((await handOut()).accessToken, 'd9D1lki9HKZaW2dsXjLvtwLXm02veqgC')
  assert.equal((await desk.sessions.test(operator, 'personal')).verdict, 'valid')
  assert.equal((await desk.accounts.get(operator, 'papa')).hasPassword, true)
  assert.equal((await world.logIn('personal', { userId: 'DM0001' })).generation, 2)
  assert.equal((await handOut()).generation, 2)
  await desk.accounts.edit(operator, 'personal', { settings: { group: 'home' } })
  assert.deepEqual((await desk.accounts.get(operator, 'personal')).settings, { group: 'home' })
  assert.equal((await desk.audit.verify(operator)).intact, true)
})
