import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { account, app, session } from '../../test/suites/stores/samples.ts'
import type { Store } from '../contracts/store.ts'
import { ManualClock } from '../core/clock.ts'
import { seededRandom, systemRandom } from '../core/random.ts'
import { openStore } from '../stores/open.ts'
import { masterKeyOf } from './master-key.ts'
import { hasVault, openVault } from './open.ts'

const clock = new ManualClock()
const keyOf = (seed: string) => masterKeyOf(seededRandom(seed).bytes(32), 'test')

async function inFolder(work: (folder: string, open: () => Promise<Store>) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-vault-'))
  try {
    await work(folder, () => openStore({ url: `sqlite:${folder}/bhor.db`, clock }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
const vaultOf = (store: Store, seed = 'right') =>
  openVault({ store, masterKey: keyOf(seed), random: systemRandom, clock })
const place = { table: 'accounts', row: 'acc_1', field: 'secrets', generation: 0 } as const

test('the first start makes the vault, later ones open it', async () => {
  await inFolder(async (_folder, open) => {
    let sealed: string
    {
      await using store = await open()
      assert.equal(await hasVault(store), false)
      const { vault, created } = await vaultOf(store)
      assert.ok(created)
      assert.ok(await hasVault(store))
      assert.deepEqual((await store.keyring.list()).map((key) => key.purpose).sort(), [
        'audit',
        'data',
        'inventory',
        'lookup',
        'mac',
        'state',
      ])
      sealed = vault.seal('1234', place)
    }
    await using store = await open()
    const { vault, created } = await vaultOf(store)
    assert.equal(created, false)
    assert.equal(vault.open(sealed, place).reveal(), '1234')
  })
})

test('another master key is named as such and changes not one byte', async () => {
  await inFolder(async (folder, open) => {
    {
      await using store = await open()
      await vaultOf(store)
    }
    const before = readFileSync(join(folder, 'bhor.db'))
    {
      await using store = await open()
      const message = `This is not the key this store was made with (store key id ${keyOf('right').id.slice(0, 4)}…, given ${keyOf('wrong').id.slice(0, 4)}…).`
      await assert.rejects(vaultOf(store, 'wrong'), { code: 'key_wrong', message })
    }
    assert.ok(readFileSync(join(folder, 'bhor.db')).equals(before))
    assert.deepEqual(readdirSync(folder).sort(), ['bhor.db', 'bhor.lock'])
  })
})

test('a keyring and a check value that do not belong together are damage, never a new vault', async () => {
  const damages = [
    'delete from keyring',
    `delete from keyring where purpose = 'audit'`,
    `delete from meta where name = 'vault.check'`,
    `delete from meta where name = 'vault.master_key_id'`,
    `delete from meta where name like 'vault.%'`,
    `update meta set value = '00' where name = 'vault.check'`,
    `update meta set value = '0011223344556677' where name = 'vault.master_key_id'`,
    `update keyring set wrapped = (select wrapped from keyring where purpose = 'audit') where purpose = 'data'`,
    `update keyring set purpose = 'x' where purpose = 'data'`,
    `update keyring set retired_at_ms = 5 where purpose = 'mac'`,
    `update keyring set wrapped = 'v1.x.y' where purpose = 'mac'`,
    `update keyring set id = 'dk_other' where purpose = 'mac'`,
    `update keyring set purpose = case purpose when 'mac' then 'audit' else 'mac' end where purpose in ('mac', 'audit')`,
  ]
  await inFolder(async (folder, open) => {
    {
      await using store = await open()
      await vaultOf(store)
    }
    const path = join(folder, 'bhor.db')
    const sound = readFileSync(path)
    for (const damage of damages) {
      writeFileSync(path, sound)
      {
        using database = new DatabaseSync(path)
        database.exec(damage)
      }
      await using store = await open()
      await assert.rejects(vaultOf(store), { code: 'store_damaged' }, damage)
    }
  })
})

test('two servers that start together make one vault', async () => {
  await inFolder(async (_folder, open) => {
    await using store = await open()
    const both = await Promise.all([vaultOf(store), vaultOf(store)])
    assert.deepEqual(both.map((one) => one.created).sort(), [false, true])
    assert.equal(both[0].vault.keyId, both[1].vault.keyId)
    assert.equal((await store.keyring.list()).length, 6)
  })
})

test('what is sealed stands nowhere in the store’s files in clear, nor after it was deleted', async () => {
  const canaries = Array.from({ length: 40 }, (_, index) => `canary-${index}-Zk9Qx7`)
  await inFolder(async (folder, open) => {
    await using store = await open()
    const { vault } = await vaultOf(store)
    await store.transaction(async (tx) => {
      await tx.apps.insert(app)
      for (const [index, canary] of canaries.entries()) {
        const id = `acc_${index}`
        await tx.accounts.insert(account(id, { sealedSecrets: vault.seal(canary, { ...place, row: id }) }))
        await tx.sessions.insert(
          session(id, 1, { sealedTokens: vault.seal(canary, { ...place, table: 'sessions', row: id }) }),
        )
      }
    })
    await store.transaction((tx) => tx.accounts.delete('acc_3'))
    const files = readdirSync(folder)
    assert.ok(files.includes('bhor.db-wal') && files.includes('bhor.db-shm'))
    for (const file of files) {
      if (file === 'bhor.lock') continue
      const content = readFileSync(join(folder, file))
      for (const canary of canaries) {
        for (const form of ['utf8', 'utf16le', 'base64', 'hex'] as const) {
          const needle =
            form === 'utf8' || form === 'utf16le'
              ? Buffer.from(canary, form)
              : Buffer.from(canary).toString(form)
          assert.equal(content.includes(needle), false, `${canary} in ${file}`)
        }
      }
    }
  })
})
