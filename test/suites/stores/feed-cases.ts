import assert from 'node:assert/strict'
import { feedRow } from './samples.ts'
import { rejectsWith, type StoreCase } from './store-case.ts'

const bare = { account: null, code: '', detail: {}, action: 'server.start' } as const

export const feedCases: readonly StoreCase[] = [
  {
    name: 'the feed of a new store is empty',
    async run(store) {
      assert.deepEqual(await store.feed.after(0, 10), [])
      assert.deepEqual(await store.feed.range(), { oldest: 0, newest: 0 })
      await store.transaction((tx) => tx.feed.prune(1))
      await store.transaction((tx) => tx.feed.insert([]))
      assert.deepEqual(await store.feed.range(), { oldest: 0, newest: 0 })
    },
  },
  {
    name: 'what has happened is told in pages, as it went in, also after reopening',
    async run(store, bed) {
      await store.transaction((tx) => tx.feed.insert([feedRow(3), feedRow(7, bare)]))
      await store.transaction((tx) => tx.feed.insert([feedRow(8)]))
      assert.deepEqual(await store.feed.after(3, 2), [feedRow(7, bare), feedRow(8)])
      assert.deepEqual(await store.feed.after(8, 2), [])
      const again = await bed.reopen()
      assert.deepEqual(await again.feed.after(0, 2), [feedRow(3), feedRow(7, bare)])
      assert.deepEqual(await again.feed.range(), { oldest: 3, newest: 8 })
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
    name: 'what is older is forgotten, the newest always stays',
    async run(store) {
      const rows = [1, 2, 3, 4].map((seq) => feedRow(seq, { atMs: seq * 10 }))
      await store.transaction((tx) => tx.feed.insert(rows))
      await store.transaction((tx) => tx.feed.prune(20))
      assert.deepEqual(await store.feed.range(), { oldest: 2, newest: 4 })
      await store.transaction((tx) => tx.feed.prune(31))
      assert.deepEqual(await store.feed.range(), { oldest: 4, newest: 4 })
      await store.transaction((tx) => tx.feed.prune(1_000))
      assert.deepEqual(await store.feed.after(0, 10), rows.slice(3))
    },
  },
]
