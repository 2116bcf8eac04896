import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openAuditLog } from '../src/audit/log.ts'
import type { Seen } from '../src/contracts/inventory.ts'
import { ManualClock } from '../src/core/clock.ts'
import { seededRandom } from '../src/core/random.ts'
import { inventoryKeys } from '../src/session/ground/inventory-keys.ts'
import { openStore } from '../src/stores/open.ts'
import { masterKeyOf } from '../src/vault/master-key.ts'
import { openVault } from '../src/vault/open.ts'
import { entry } from './suites/audit/samples.ts'
import { startPostgres } from './support/postgres.ts'

const postgres = await startPostgres()
after(() => postgres[Symbol.asyncDispose]())

/** One server of a database, and how far it has said to have seen it. */
async function openServer(url: string, folder: string) {
  const clock = new ManualClock()
  const random = seededRandom(folder)
  const store = await openStore({ url, clock })
  const masterKey = masterKeyOf(seededRandom('master key').bytes(32), 'test')
  const { vault } = await openVault({ store, masterKey, random, clock })
  const seen: Seen[] = []
  await store.takeInventory(inventoryKeys(vault, random), {
    seen: { seq: 0, mac: '', version: 0 },
    folder,
    onSeen: (now) => void seen.push(now),
    onRollback: (text) => assert.fail(text),
  })
  return { store, seen, log: openAuditLog({ store, vault, clock }) }
}

test('the end of the chain that another server wrote counts as seen only once it is durable', async () => {
  const url = await postgres.freshDatabase()
  const one = await openServer(url, 'one')
  await using _one = one.store
  for (const statement of [
    `create role plain login password 'plain'`,
    'grant all on all tables in schema public to plain',
  ])
    await postgres.run(url, statement)
  const other = await openServer(
    Object.assign(new URL(url), { username: 'plain', password: 'plain' }).href,
    'other',
  )
  await using _other = other.store
  // Without this nobody there can say what is durable.
  const mayFlush = async (words: string) => {
    const all = `select oid::regprocedure::text as name from pg_proc where proname = 'pg_logical_emit_message'`
    for (const { name } of await postgres.run(url, all))
      await postgres.run(url, words.replace('FLUSH', String(name)))
  }
  await mayFlush('revoke execute on function FLUSH from public')
  const before = other.seen.at(-1)?.seq ?? 0
  await one.log.record(entry(1))
  const { seq } = await one.store.audit.head()
  await other.store.look()
  assert.equal(other.seen.at(-1)?.seq ?? 0, before)
  assert.ok(before < seq)
  await mayFlush('grant execute on function FLUSH to public')
  await other.store.look()
  assert.equal(other.seen.at(-1)?.seq, seq)
  assert.equal(one.seen.at(-1)?.seq, seq)
})
