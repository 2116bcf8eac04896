import assert from 'node:assert/strict'
import type { KeyUseSum, Store, Watched } from '../../../src/contracts/store.ts'
import { adds, feedRow, keyUse } from './samples.ts'
import type { StoreCase } from './store-case.ts'

const nothing = { accountIds: [], keyIds: [] }
const sums = async (store: Store, minute: number): Promise<KeyUseSum[]> =>
  [...(await store.keyUses.sums(minute))].sort((a, b) =>
    `${a.keyId} ${a.accountId}` < `${b.keyId} ${b.accountId}` ? -1 : 1,
  )
const sum = (keyId: string, accountId: string, count: number, lastAtMs: number) => ({
  keyId,
  accountId,
  count,
  lastAtMs,
})
const dayMinutes = 24 * 60
/** The first minute of a day in India. */
const midnight = 20_000 * dayMinutes - 330

export const keyUseCases: readonly StoreCase[] = [
  {
    name: 'what keys are used for is counted by key, account and minute, with the records and events of the same commit',
    async run(store, bed) {
      assert.deepEqual(await sums(store, 0), [])
      await store.appendAudit(nothing, (head) => ({
        ...adds(1)(head),
        uses: [
          keyUse('k1', { minute: 5, count: 2, lastAtMs: 301 }),
          keyUse('k1', { minute: 5, count: 1, lastAtMs: 302, accountId: 'acc_2' }),
          keyUse('k2', { minute: 5, count: 4, lastAtMs: 303 }),
        ],
        events: [feedRow(1), feedRow(2, { account: null })],
      }))
      await store.appendAudit(nothing, (head) => ({
        ...adds(1)(head),
        uses: [keyUse('k1', { minute: 5, count: 3, lastAtMs: 299 })],
      }))
      await store.transaction((tx) => tx.keyUses.add([keyUse('k1', { minute: 6, count: 1, lastAtMs: 360 })]))
      await store.transaction((tx) => tx.keyUses.add([]))
      const again = await bed.reopen()
      assert.deepEqual(await sums(again, 0), [
        sum('k1', 'acc_1', 6, 360),
        sum('k1', 'acc_2', 1, 302),
        sum('k2', 'acc_1', 4, 303),
      ])
      assert.deepEqual(
        (await sums(again, 6)).map(({ count }) => count),
        [1, 0, 0],
      )
      assert.deepEqual(await again.keyUses.lastOf('acc_1', 0), 360)
      assert.deepEqual(await again.keyUses.lastOf('acc_2', 5), 302)
      assert.deepEqual(await again.keyUses.lastOf('acc_2', 6), undefined)
      assert.deepEqual((await again.feed.after(0, 9)).records, [feedRow(1), feedRow(2, { account: null })])
    },
  },
  {
    name: 'a use is not counted, nor an event told, where the append fails',
    async run(store) {
      const failing = store.appendAudit(nothing, (head) => ({
        ...adds(1)(head),
        uses: [keyUse('k1')],
        events: [feedRow(1), feedRow(1)],
      }))
      await assert.rejects(failing)
      assert.deepEqual(await sums(store, 0), [])
      assert.deepEqual((await store.feed.after(0, 9)).records, [])
      assert.equal((await store.audit.head()).seq, 0)
    },
  },
  {
    name: 'a commit sees which keys were used in its minute before',
    async run(store) {
      const uses = [keyUse('k1', { minute: 5 }), keyUse('k2', { minute: 6 }), keyUse('k3', { minute: 5 })]
      await store.appendAudit(nothing, (head) => ({ ...adds(1)(head), uses }))
      const seen: Watched[] = []
      const look = (keyIds: string[]) =>
        store.appendAudit({ ...nothing, uses: { minute: 5, keyIds } }, (head, watched) => {
          seen.push(watched)
          return adds(1)(head)
        })
      await look(['k1', 'k2', 'k3', 'k9'])
      await look([])
      await store.appendAudit(nothing, (head, watched) => {
        seen.push(watched)
        return adds(1)(head)
      })
      assert.deepEqual(
        seen.map(({ usedKeyIds }) => [...usedKeyIds].sort()),
        [['k1', 'k3'], [], []],
      )
    },
  },
  {
    name: 'older minutes are gathered by days of India, again and again, and older days forgotten',
    async run(store) {
      const at = (minute: number, count: number, keyId = 'k1') =>
        keyUse(keyId, { minute, count, lastAtMs: minute * 60_000 })
      await store.transaction((tx) =>
        tx.keyUses.add([
          at(midnight - 1, 1),
          at(midnight, 2),
          at(midnight + 1, 4),
          at(midnight + dayMinutes - 1, 8),
          at(midnight + dayMinutes, 16),
          at(midnight + dayMinutes + 5, 32),
          at(midnight + 7, 64, 'k2'),
        ]),
      )
      const from = (minute: number) => sums(store, minute)
      const all = await from(0)
      const gather = (minute: number, oldest = 0) =>
        store.transaction((tx) => tx.keyUses.gather(minute, oldest))
      await gather(midnight + 2)
      assert.deepEqual(await from(0), all)
      await gather(midnight + dayMinutes + 1)
      await gather(midnight + dayMinutes + 1)
      assert.deepEqual(await from(0), all)
      // What stands in a day stands at its beginning.
      assert.deepEqual(
        (await from(midnight)).map(({ count }) => count),
        [2 + 4 + 8 + 16 + 32, 64],
      )
      assert.deepEqual(
        (await from(midnight + 1)).map(({ count }) => count),
        [16 + 32, 0],
      )
      await gather(midnight, midnight)
      assert.deepEqual(
        (await from(0)).map(({ count, lastAtMs }) => [count, lastAtMs]),
        [
          [62, (midnight + dayMinutes + 5) * 60_000],
          [64, (midnight + 7) * 60_000],
        ],
      )
    },
  },
]
