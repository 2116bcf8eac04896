import assert from 'node:assert/strict'
import type { CopiedRow, Store } from '../../../src/contracts/store.ts'
import { account, app, session } from './samples.ts'
import { rejectsWith, type StoreCase } from './store-case.ts'

async function* these(rows: readonly CopiedRow[]): AsyncGenerator<CopiedRow, void> {
  yield* rows
}

async function rowsOf(store: Store): Promise<CopiedRow[]> {
  return store.copy(async (copy) => {
    const rows: CopiedRow[] = []
    for await (const row of copy.rows()) rows.push(row)
    return rows
  })
}

const key = (id: string, retiredAtMs: number | null = null) =>
  ({ id, purpose: 'data', wrapped: 'v1.x.y', createdAtMs: 1, retiredAtMs }) as const

/** An account with three sessions, of which the last two are sealed by another key. */
async function withSessions(store: Store): Promise<void> {
  await store.transaction(async (tx) => {
    await tx.apps.insert(app)
    await tx.accounts.insert(account('acc_1', { sealedSecrets: '', settings: {} }))
    for (const generation of [1, 2, 3])
      await tx.sessions.insert(
        session('acc_1', generation, {
          id: `ses_${generation}`,
          sealedTokens: `v1.${generation === 1 ? 'dk_1' : 'dk_2'}.tokens`,
          sealedGrant: generation === 3 ? 'v1.dk_1.grant' : '',
        }),
      )
  })
}

/** Copying a store, and filling an empty one; sealed values by their keys. */
export const copyCases: readonly StoreCase[] = [
  {
    name: 'a copy is as of one moment, fills an empty store, and nothing but an empty one',
    async run(store, bed) {
      await withSessions(store)
      const copied = await store.copy(async (copy) => {
        const rows: CopiedRow[] = []
        for await (const row of copy.rows()) {
          // Somebody goes on meanwhile.
          if (rows.length === 0) await store.transaction((tx) => tx.apps.deleteUnused())
          if (rows.length === 0) await store.transaction((tx) => tx.accounts.delete('acc_1'))
          rows.push(row)
        }
        assert.ok(copy.version > 5)
        return rows
      })
      const sessions = copied.filter(({ table }) => table === 'sessions')
      assert.deepEqual(
        sessions.map(({ row }) => row.generation),
        [1, 2, 3],
      )
      assert.deepEqual(
        (await rowsOf(store)).filter(({ table }) => table === 'sessions'),
        [],
      )
      await store.transaction((tx) => tx.apps.deleteUnused())
      await store.fill(these(copied))
      const again = await bed.reopen()
      assert.deepEqual(await rowsOf(again), copied)
      assert.equal((await again.sessions.byId('ses_2'))?.generation, 2)
      await rejectsWith('restore_not_empty', again.fill(these(copied)))
    },
  },
  {
    name: 'a copy that breaks off, or is of nothing that is here, leaves the store empty',
    async run(store) {
      const before = await rowsOf(store)
      async function* broken(): AsyncGenerator<CopiedRow, void> {
        yield { table: 'meta', row: { name: 'a', value: 'b' } }
        throw new Error('the file ends here')
      }
      await assert.rejects(store.fill(broken()), /the file ends here/)
      await rejectsWith('backup_damaged', store.fill(these([{ table: 'nothing', row: { a: 1 } }])))
      assert.deepEqual(await rowsOf(store), before)
    },
  },
  {
    name: 'rows are found by the key that sealed what is in them, in order and past a row',
    async run(store) {
      await withSessions(store)
      const { seals } = store
      assert.equal(await seals.count([]), 0)
      assert.equal(await seals.count(['dk']), 0, 'an id that is only the beginning of another')
      // The sample app is sealed by dk_1.
      assert.equal(await seals.count(['dk_1']), 3)
      assert.equal(await seals.count(['dk_1', 'dk_2']), 4)
      const first = await seals.under(['dk_1'], 2)
      assert.deepEqual(first, [
        { table: 'apps', id: app.id },
        { table: 'sessions', id: 'ses_1' },
      ])
      assert.deepEqual(await seals.under(['dk_1'], 2, first[1]), [{ table: 'sessions', id: 'ses_3' }])
      await store.transaction(async (tx) => {
        await tx.keyring.insert(key('dk_1', 5))
        await tx.keyring.insert(key('dk_2'))
        await tx.keyring.delete('dk_1')
      })
      assert.deepEqual(await store.keyring.list(), [key('dk_2')])
    },
  },
  {
    name: 'records of the audit are pruned from the beginning on',
    async run(store) {
      const links = [1, 2, 3].map((seq) => {
        const fields = JSON.stringify({
          actor: { kind: 'keeper', id: '' },
          action: 'server.start',
          result: 'ok',
        })
        return { seq, atMs: seq, accountId: null, fields, mac: `mac-${seq}` }
      })
      const head = { seq: 3, mac: 'mac-3', inventory: '', headMac: 'x' }
      await store.transaction((tx) => tx.audit.append(() => ({ links, head })))
      await store.transaction((tx) => tx.audit.prune(2))
      assert.deepEqual(
        (await store.audit.from(1, 10)).map(({ seq }) => seq),
        [3],
      )
      assert.equal((await store.audit.head()).seq, 3)
    },
  },
]
