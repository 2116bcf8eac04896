import assert from 'node:assert/strict'
import type { FeedRecord, Store } from '../../../src/contracts/store.ts'
import { feedRow } from './samples.ts'
import { rejectsWith, type StoreCase } from './store-case.ts'

const bare = { account: null, code: '', detail: {}, action: 'server.start' } as const
const after = async (store: Store, ...asked: Parameters<Store['feed']['after']>) => {
  const { records, damaged } = await store.feed.after(...asked)
  assert.deepEqual(damaged, [])
  return records
}
const seqs = (rows: readonly FeedRecord[]) => rows.map(({ seq }) => seq)

export const feedCases: readonly StoreCase[] = [
  {
    name: 'the feed of a new store is empty',
    async run(store) {
      assert.deepEqual(await after(store, 0, 10), [])
      assert.deepEqual(await store.feed.range(), { oldest: 0, newest: 0, forgotten: 0 })
      await store.transaction((tx) => tx.feed.prune(1))
      await store.transaction((tx) => tx.feed.insert([]))
      assert.deepEqual(await store.feed.range(), { oldest: 0, newest: 0, forgotten: 0 })
    },
  },
  {
    name: 'what has happened is told in pages, as it went in, also after reopening',
    async run(store, bed) {
      await store.transaction((tx) => tx.feed.insert([feedRow(3), feedRow(7, bare)]))
      await store.transaction((tx) => tx.feed.insert([feedRow(8)]))
      assert.deepEqual(await after(store, 3, 2), [feedRow(7, bare), feedRow(8)])
      assert.deepEqual(await after(store, 8, 2), [])
      const again = await bed.reopen()
      assert.deepEqual(await after(again, 0, 2), [feedRow(3), feedRow(7, bare)])
      assert.deepEqual(await again.feed.range(), { oldest: 3, newest: 8, forgotten: 0 })
    },
  },
  {
    name: 'a number is told once',
    async run(store) {
      await store.transaction((tx) => tx.feed.insert([feedRow(3)]))
      await rejectsWith(
        'already_exists',
        store.transaction((tx) => tx.feed.insert([feedRow(3)])),
      )
    },
  },
  {
    name: 'a part of the feed is what is about some accounts, and what of the house is about them all',
    async run(store) {
      const of = (id: string) => ({ account: { ...feedRow(1).account!, id } })
      await store.transaction((tx) =>
        tx.feed.insert([
          feedRow(1, of('acc_2')),
          feedRow(2, of('acc_1')),
          feedRow(3, bare),
          feedRow(4, of('acc_3')),
          feedRow(5, { ...bare, action: 'config.change' }),
          feedRow(6, of('acc_2')),
        ]),
      )
      const part = (accountIds: string[], houseActions: FeedRecord['action'][] = []) => ({
        accountIds,
        houseActions,
      })
      assert.deepEqual(seqs(await after(store, 0, 10, part(['acc_2']))), [1, 6])
      assert.deepEqual(seqs(await after(store, 1, 10, part(['acc_1', 'acc_2']))), [2, 6])
      assert.deepEqual(seqs(await after(store, 0, 2, part(['acc_2', 'acc_3']))), [1, 4])
      assert.deepEqual(seqs(await after(store, 0, 10, part(['acc_3'], ['server.start']))), [3, 4])
      assert.deepEqual(seqs(await after(store, 0, 10, part([], ['config.change', 'session.start']))), [5])
      assert.deepEqual(await after(store, 0, 10, part([])), [])
      assert.deepEqual(await store.feed.range(part(['acc_1'])), { oldest: 2, newest: 2, forgotten: 0 })
      assert.deepEqual(await store.feed.range(part([])), { oldest: 0, newest: 0, forgotten: 0 })
    },
  },
  {
    name: 'what is older is forgotten, the newest always stays',
    async run(store, bed) {
      const rows = [1, 2, 3, 4].map((seq) => feedRow(seq, { atMs: seq * 10 }))
      await store.transaction((tx) => tx.feed.insert(rows))
      await store.transaction((tx) => tx.feed.prune(20))
      assert.deepEqual(await store.feed.range(), { oldest: 2, newest: 4, forgotten: 1 })
      await store.transaction((tx) => tx.feed.prune(31))
      assert.deepEqual(await store.feed.range(), { oldest: 4, newest: 4, forgotten: 3 })
      await store.transaction((tx) => tx.feed.prune(1_000))
      assert.deepEqual(await after(store, 0, 10), rows.slice(3))
      await store.transaction((tx) => tx.feed.insert([feedRow(5, { atMs: 5 }), feedRow(6, { atMs: 2_000 })]))
      const again = await bed.reopen()
      await again.transaction((tx) => tx.feed.prune(30))
      assert.deepEqual(seqs(await after(again, 0, 10)), [4, 6], 'a clock that was set back')
      assert.deepEqual((await again.feed.range()).forgotten, 5)
      await again.transaction((tx) => tx.feed.prune(100))
      assert.deepEqual(await again.feed.range(), { oldest: 6, newest: 6, forgotten: 5 })
    },
  },
]
