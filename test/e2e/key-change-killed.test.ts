import assert from 'node:assert/strict'
import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { openApp } from '../../src/app/open.ts'
import { exchange, readReply } from '../../src/cli/wire.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { HandOut, VaultView } from '../../src/contracts/api.ts'
import { fraction, seededRandom } from '../../src/core/random.ts'
import { places } from '../../src/session/ground/records.ts'
import { bhor, logIn, newFolder, type Running, startServer } from '../support/at-the-terminal.ts'

const isLong = process.env.LONG_TESTS === '1'
const accounts = isLong ? 150 : 40

/** A real `bhor serve` that is killed and started again on its folder, with a live session of `demo`. */
async function openHouse() {
  const folder = newFolder()
  const env = { ...folder.env, BHOR_ALERTS_PRIVATE_TARGETS: '127.0.0.1' }
  const place = { path: join(folder.home, 'bhor.sock') }
  const ask = async <T>(method: string, path: string, body?: object) =>
    readReply(await exchange(place, method, path, { body })) as T
  const token = async () => (await ask<HandOut>('GET', '/v1/accounts/demo/session')).accessToken
  let server: Running = await startServer(env)
  await ask('POST', '/v1/accounts', { account: 'demo', broker: 'kite', kind: 'sandbox' })
  assert.equal((await logIn(env, 'demo')).code, 0)
  for (let number = 1; number < accounts; number++)
    await ask('POST', '/v1/accounts', { account: `other-${number}`, broker: 'kite', kind: 'sandbox' })
  // Nobody is there: what it would be told waits sealed.
  const secrets = { url: 'http://127.0.0.1:9/hook' }
  await ask('POST', '/v1/alerts', { name: 'nobody', kind: 'webhook', secrets })
  const given = await token()
  const house = {
    ...folder,
    env,
    given,
    ask,
    /** Lets `does` begin, and kills the server so many milliseconds later. @returns how often a token was got meanwhile */
    async killIn(ms: number, does: () => Promise<unknown>): Promise<number> {
      let isDead = false
      let reads = 0
      const reading = (async () => {
        for (;;) {
          const read = await token().catch((error: unknown) => {
            if (!isDead) throw error
          })
          if (read === undefined) return
          assert.equal(read, given)
          reads++
        }
      })()
      const doing = does().catch(() => {})
      await delay(ms)
      isDead = true
      await server.stop('SIGKILL')
      await Promise.all([reading, doing])
      return reads
    },
    async start() {
      server = await startServer(env)
      assert.equal(await token(), given)
    },
    stop: () => server.stop('SIGTERM'),
    async [Symbol.asyncDispose]() {
      await server.stop('SIGKILL')
      folder[Symbol.dispose]()
    },
  }
  return house
}

/** What an account's app is sealed as, whoever may read it. */
function sealedApp(home: string): { readonly id: string; readonly sealed: string } {
  using raw = new DatabaseSync(join(home, 'bhor.db'), { readOnly: true })
  const row = raw
    .prepare(
      `select apps.id, apps.sealed_secrets as sealed from apps join accounts on app_id = apps.id where alias = 'demo'`,
    )
    .get()
  return row as { id: string; sealed: string }
}

/** How many data keys are in the ring, and whether one of them is retired. */
function ringOf(home: string): { readonly keys: number; readonly isUnderWay: boolean } {
  using raw = new DatabaseSync(join(home, 'bhor.db'), { readOnly: true })
  const rows = raw.prepare(`select retired_at_ms as retired from keyring where purpose = 'data'`).all()
  return { keys: rows.length, isUnderWay: rows.some(({ retired }) => retired !== null) }
}

/** @returns how long it took, in milliseconds */
async function rotated(ask: <T>(method: string, path: string) => Promise<T>): Promise<number> {
  const begunMs = performance.now()
  await ask('POST', '/v1/vault/rotate')
  while ((await ask<VaultView>('GET', '/v1/vault')).rotation !== null) await delay(5)
  return performance.now() - begunMs
}

test('a change of the data key that is killed at any moment goes on, and leaves nothing that cannot be read', async (t) => {
  const kills = isLong ? 200 : 4
  const random = seededRandom('the data key')
  await using house = await openHouse()
  const { home, ask, env } = house
  const first = sealedApp(home)
  const wholeMs = await rotated(ask)
  let [reads, halves] = [0, 0]
  for (let kill = 0; kill < kills; kill++) {
    // Also while it goes on after the kill before.
    const ms = fraction(random) * wholeMs
    reads += await house.killIn(ms, () => ask('POST', '/v1/vault/rotate'))
    if (ringOf(home).isUnderWay) halves++
    await house.start()
  }
  assert.ok(halves > 0, 'none struck it')
  const done = await bhor(env, ['vault', 'rotate'])
  assert.match(done.stderr, /Everything is sealed by it\.\n$/)
  // Whoever replaces a key opens everything that it has sealed.
  await rotated(ask)
  const { rotation } = await ask<VaultView>('GET', '/v1/vault')
  assert.equal(rotation, null)
  const stopped = await house.stop()
  assert.doesNotMatch(stopped.stderr, /damaged|failed/i)
  assert.equal(ringOf(home).keys, 1)
  assert.notEqual(sealedApp(home).sealed, first.sealed)
  await using app = await openApp({ config: loadConfig({ env: { BHOR_HOME: home } }) })
  assert.throws(() => app.desk.context.vault.open(first.sealed, places.appSecrets(first.id)), {
    code: 'seal_broken',
  })
  assert.equal((await app.desk.accounts.list(app.operator)).length, accounts)
  assert.equal((await app.desk.audit.verify(app.operator)).intact, true)
  assert.equal(app.store.rollback(), undefined)
  t.diagnostic(
    `test 62: ${kills} kills, ${halves} of them half-way, ${reads} reads meanwhile, 0 failed; 0 records that cannot be read`,
  )
})

test('a change of the master key that is killed at any moment has happened or has not, and the one of before opens nothing', async (t) => {
  const kills = isLong ? 100 : 3
  const random = seededRandom('the master key')
  await using house = await openHouse()
  const { home, ask, env } = house
  const path = join(home, 'master.key')
  const aside = join(home, 'first.key')
  copyFileSync(path, aside)
  const change = () => ask('POST', '/v1/vault/master', { source: 'file' })
  const begunMs = performance.now()
  await change()
  const wholeMs = performance.now() - begunMs
  let reads = 0
  for (let kill = 0; kill < kills; kill++) {
    reads += await house.killIn(fraction(random) * wholeMs * 1.2, change)
    await house.start()
    assert.equal(existsSync(`${path}.next`), false)
  }
  const done = await bhor(env, ['vault', 'rotate', '--source', 'file'])
  assert.equal(done.code, 0, done.stderr)
  await house.stop()
  const refused = await bhor({ ...env, BHOR_MASTER_KEY_FILE: aside }, ['vault', 'status'])
  assert.deepEqual([refused.code, refused.stdout], [5, ''], refused.stderr)
  await house.start()
  const changes = (await ask<{ records: { action: string }[] }>('GET', '/v1/audit?limit=1000')) as unknown
  assert.ok(JSON.stringify(changes).includes('vault.master'))
  t.diagnostic(
    `test 62: ${kills} kills of a change of the master key, ${reads} reads meanwhile, 0 that did not start again`,
  )
})
