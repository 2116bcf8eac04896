import assert from 'node:assert/strict'
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openWorld, type World } from '../../test/support/world.ts'
import { loadConfig } from '../config/load.ts'
import type { HandOut } from '../contracts/api.ts'
import { systemRandom } from '../core/random.ts'
import { fullRights } from '../session/ground/rights.ts'
import { fileSource } from '../vault/sources/file.ts'
import { openApp } from './open.ts'

const passphrase = 'six random words for the vault'

async function token({ app }: World): Promise<string> {
  return (JSON.parse((await app.desk.sessions.handOut(app.operator, 'demo', {})).reveal()) as HandOut)
    .accessToken
}

test('another master key: the one of before opens nothing any more, also after a kill in between', async () => {
  await using world = await openWorld()
  await world.addAccount()
  await world.logIn('demo')
  const given = await token(world)
  const path = join(world.home, 'master.key')
  const aside = join(world.home, 'old.key')
  copyFileSync(path, aside)
  const { app } = world
  for (const [who, code] of [
    [fullRights('key', 'key_1'), 'scope_missing'],
    [fullRights('desk', 'tab'), 'confirmation_needed'],
  ] as const)
    await assert.rejects(app.changeMaster(who, { source: 'file' }), { code })
  await assert.rejects(app.changeMaster(app.operator, { source: 'passphrase', passphrase: 'short' }), {
    code: 'key_unusable',
  })
  const ring = await app.store.keyring.list()
  assert.deepEqual(await app.changeMaster(app.operator, { source: 'file' }), { source: 'file', hint: null })
  assert.notDeepEqual(readFileSync(path), readFileSync(aside))
  const { master } = await app.desk.vault.state(app.operator)
  assert.equal(master, `master key file ${path}`, 'it is called by the name that it has got')
  assert.equal(existsSync(`${path}.next`), false)
  const after = await app.store.keyring.list()
  assert.deepEqual(
    after.map(({ id }) => id),
    ring.map(({ id }) => id),
    'the same keys',
  )
  for (const { wrapped } of ring)
    assert.ok(
      after.every((one) => one.wrapped !== wrapped),
      'each sealed anew',
    )
  assert.equal(await token(world), given)
  await app.desk.vault.rotate(app.operator)
  await app.desk.vault.goOn()
  assert.equal(await token(world), given)
  await world.restart()
  assert.equal(await token(world), given)

  // The key of before, put back: named, and nothing is touched.
  copyFileSync(path, join(world.home, 'new.key'))
  await assert.rejects(
    world.restart(() => copyFileSync(aside, path)),
    { code: 'key_wrong' },
  )
  // Killed after the commit and before the new key was in its place.
  copyFileSync(join(world.home, 'new.key'), `${path}.next`)
  {
    await using _again = await openApp({
      config: loadConfig({ env: { BHOR_HOME: world.home } }),
      clock: world.clock,
    })
    assert.deepEqual(readFileSync(path), readFileSync(join(world.home, 'new.key')))
    assert.equal(existsSync(`${path}.next`), false)
  }
  // Killed before the commit.
  await fileSource({ path: `${path}.next`, random: systemRandom }).create!()
  await using again = await openWorld({ home: world.home, clock: world.clock, simulator: world.simulator })
  assert.equal(existsSync(`${path}.next`), false)
  assert.equal(await token(again), given)
  assert.equal((await again.app.desk.audit.verify(again.app.operator)).intact, true)
  assert.equal(again.app.store.rollback(), undefined)
})

test('from the file to a passphrase and back', async () => {
  await using world = await openWorld()
  await world.addAccount()
  await world.logIn('demo')
  const given = await token(world)
  const { home, clock } = world
  const path = join(home, 'master.key')
  await world.app.changeMaster(world.app.operator, { source: 'passphrase', passphrase })
  assert.equal(existsSync(path), false, 'its file is gone')
  await world.app[Symbol.asyncDispose]()
  const config = loadConfig({ env: { BHOR_HOME: home } })
  await assert.rejects(openApp({ config, clock }), { code: 'needs_terminal' })
  await assert.rejects(
    openApp({ config, clock, askPassphrase: async () => 'some other words that are wrong' }),
    { code: 'key_wrong' },
  )
  {
    await using app = await openApp({ config, clock, askPassphrase: async () => passphrase })
    const changed = await app.changeMaster(app.operator, { source: 'file' })
    assert.deepEqual(changed, { source: 'file', hint: null })
  }
  assert.equal(existsSync(path), true)
  await assert.rejects(
    openApp({
      config: loadConfig({ env: { BHOR_HOME: home, BHOR_KEY_SOURCE: 'passphrase' } }),
      clock,
      askPassphrase: async () => passphrase,
    }),
    { code: 'key_unusable' },
  )
  await world.restart()
  assert.equal(await token(world), given)
  const words = join(home, 'words')
  writeFileSync(words, passphrase, { mode: 0o600 })
  const named = await openApp({
    config: loadConfig({ env: { BHOR_HOME: join(home, 'x'), BHOR_KEY_SOURCE: 'file' } }),
    clock,
  })
  try {
    const { hint } = await named.changeMaster(named.operator, { source: 'passphrase', passphrase })
    assert.match(hint ?? '', /Set key_source = "passphrase"/)
  } finally {
    await named[Symbol.asyncDispose]()
    rmSync(words)
  }
})
