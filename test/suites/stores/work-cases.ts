import assert from 'node:assert/strict'
import type { Store } from '../../../src/contracts/store.ts'
import {
  type Claim,
  neverMs,
  type WorkKind,
  type WorkRecord,
  workKinds,
} from '../../../src/contracts/work.ts'
import { withAccounts } from './record-cases.ts'
import { rejectsWith, type StoreCase } from './store-case.ts'

const longMs = 60_000
const wish = (changes: Partial<Claim> = {}): Claim => ({
  owner: 'keeper_1',
  nowMs: 100,
  leaseMs: longMs,
  limit: 10,
  kinds: workKinds,
  ...changes,
})
const names = (rows: readonly WorkRecord[]) => rows.map((row) => `${row.accountId} ${row.kind}`).sort()

async function plan(store: Store, accountId: string, due: Partial<Record<WorkKind, number>>, generation = 1) {
  const entries = new Map(Object.entries(due) as [WorkKind, number][])
  await store.transaction((tx) => tx.work.plan(accountId, generation, entries))
}
const settle = (store: Store, row: WorkRecord, failed: boolean, notBeforeMs: number) =>
  store.transaction((tx) => tx.work.settle(row, { failed, plannedAtMs: row.plannedAtMs, notBeforeMs }))

export const workCases: readonly StoreCase[] = [
  {
    name: 'what is planned is found when it is due, and only then',
    async run(store, bed) {
      await withAccounts(store)
      assert.equal(await store.work.next(workKinds), undefined)
      await plan(store, 'acc_1', { expiry: 100, probe: 50 })
      await plan(store, 'acc_2', { expiry: 101 })
      assert.equal(await store.work.next(workKinds), 50)
      assert.deepEqual(await store.work.backlog(100), { count: 2, oldestMs: 50 })
      assert.deepEqual(names(await store.claimWork(wish({ nowMs: 49 }))), [])
      const again = await bed.reopen()
      assert.deepEqual(names(await again.claimWork(wish())), ['acc_1 expiry', 'acc_1 probe'])
      assert.deepEqual(names(await again.claimWork(wish())), [], 'somebody is at it')
    },
  },
  {
    name: 'two who claim at once get different pieces, and each as many as it asked for',
    async run(store) {
      await withAccounts(store)
      for (const id of ['acc_1', 'acc_2']) await plan(store, id, { expiry: 1, probe: 2, renewal: 3 })
      const both = await Promise.all([
        store.claimWork(wish({ limit: 3 })),
        store.claimWork(wish({ owner: 'keeper_2', limit: 9 })),
      ])
      const all = names(both.flat())
      assert.equal(all.length, 6)
      assert.equal(new Set(all).size, 6)
      assert.ok(both[0].length <= 3)
    },
  },
  {
    name: 'a lease that ran out goes to the next one, and the first one changes nothing any more',
    async run(store) {
      await withAccounts(store)
      await plan(store, 'acc_1', { expiry: 1 })
      const [first] = await store.claimWork(wish({ leaseMs: 0 }))
      const [second] = await store.claimWork(wish({ owner: 'keeper_2' }))
      assert.ok(first && second)
      assert.equal(second.epoch, first.epoch + 1)
      await rejectsWith(
        'lease_lost',
        store.transaction((tx) => tx.work.hold(first)),
      )
      await settle(store, first, true, 999)
      assert.deepEqual(await store.work.of('acc_1'), [second])
      await store.transaction((tx) => tx.work.hold(second))
      await settle(store, second, true, 999)
      const [row] = await store.work.of('acc_1')
      assert.deepEqual([row?.owner, row?.attempt, row?.dueAtMs], ['', 1, 999])
    },
  },
  {
    name: 'a lease goes by the store’s own clock, whatever time it is where somebody else wants it',
    async run(store) {
      await withAccounts(store)
      await plan(store, 'acc_1', { expiry: 1 })
      await store.claimWork(wish())
      const aheadMs = 4_000_000_000_000
      assert.deepEqual(await store.claimWork(wish({ owner: 'keeper_2', nowMs: aheadMs })), [])
    },
  },
  {
    name: 'whoever is alive prolongs its lease; a process that is alone takes everything over',
    async run(store) {
      await withAccounts(store)
      await plan(store, 'acc_1', { expiry: 1 })
      await store.claimWork(wish({ leaseMs: 0 }))
      await store.prolongWork('keeper_1', longMs)
      assert.deepEqual(await store.claimWork(wish({ owner: 'keeper_2' })), [])
      await store.freeWork()
      assert.deepEqual(names(await store.claimWork(wish({ owner: 'keeper_2' }))), ['acc_1 expiry'])
    },
  },
  {
    name: 'what somebody was at who died, and which is planned for later by now, is next when it is due',
    async run(store) {
      await withAccounts(store)
      await plan(store, 'acc_1', { expiry: 1, probe: 1 })
      await store.claimWork(wish({ leaseMs: 0 }))
      await plan(store, 'acc_1', { expiry: neverMs - 1 }, 2)
      assert.equal(await store.work.next(workKinds), neverMs - 1)
      assert.deepEqual(await store.claimWork(wish({ owner: 'keeper_2' })), [])
    },
  },
  {
    name: 'failures of one generation are counted and waited for; a new one begins afresh',
    async run(store) {
      await withAccounts(store)
      await plan(store, 'acc_1', { renewal: 1 })
      const [row] = await store.claimWork(wish())
      await settle(store, row!, true, 500)
      await plan(store, 'acc_1', { renewal: 2 })
      assert.deepEqual(
        (await store.work.of('acc_1')).map(({ dueAtMs, attempt }) => [dueAtMs, attempt]),
        [[500, 1]],
      )
      await plan(store, 'acc_1', { renewal: 2 }, 2)
      assert.deepEqual(
        (await store.work.of('acc_1')).map(({ dueAtMs, attempt }) => [dueAtMs, attempt]),
        [[2, 0]],
      )
    },
  },
  {
    name: 'what was given back untried keeps its failures and waits as long as it is told to',
    async run(store) {
      await withAccounts(store)
      await plan(store, 'acc_1', { renewal: 1 })
      const [first] = await store.claimWork(wish())
      await settle(store, first!, true, 100)
      const giveBack = async (notBeforeMs: number) => {
        const [row] = await store.claimWork(wish({ nowMs: 1_000 }))
        const { plannedAtMs } = row!
        const outcome = { failed: false, untried: true, plannedAtMs, notBeforeMs }
        await store.transaction((tx) => tx.work.settle(row!, outcome))
        return (await store.work.of('acc_1')).map(({ owner, dueAtMs, attempt }) => [owner, dueAtMs, attempt])
      }
      assert.deepEqual(await giveBack(0), [['', 100, 1]])
      assert.deepEqual(await giveBack(500), [['', 500, 1]])
    },
  },
  {
    name: 'how a piece ended says nothing of what is planned for another generation by now',
    async run(store) {
      await withAccounts(store)
      await plan(store, 'acc_1', { renewal: 1 })
      const [row] = await store.claimWork(wish())
      await plan(store, 'acc_1', { renewal: 50 }, 2)
      await settle(store, row!, true, neverMs)
      assert.deepEqual(
        (await store.work.of('acc_1')).map(({ owner, dueAtMs, attempt }) => [owner, dueAtMs, attempt]),
        [['', 50, 0]],
      )
    },
  },
  {
    name: 'what somebody has given up meanwhile is not taken up again by whoever was at it',
    async run(store) {
      await withAccounts(store)
      await plan(store, 'acc_1', { renewal: 1 })
      const [row] = await store.claimWork(wish())
      await store.transaction((tx) => tx.work.retryFrom('acc_1', 'renewal', neverMs))
      await settle(store, row!, true, 500)
      assert.deepEqual(
        (await store.work.of('acc_1')).map(({ dueAtMs }) => dueAtMs),
        [neverMs],
      )
    },
  },
  {
    name: 'what is given up is never due; what did not change what is due waits before it is done again',
    async run(store) {
      await withAccounts(store)
      await plan(store, 'acc_1', { renewal: 1, probe: 1 })
      const claimed = await store.claimWork(wish())
      const of = (kind: WorkKind) => claimed.find((row) => row.kind === kind)!
      await settle(store, of('renewal'), true, neverMs)
      await settle(store, of('probe'), false, 1_790_000_000_300)
      assert.equal(await store.work.next(workKinds), 1_790_000_000_300)
      assert.deepEqual(names(await store.claimWork(wish({ nowMs: 8e15 }))), ['acc_1 probe'])
    },
  },
  {
    name: 'what is not planned any more goes, at the latest when whoever is at it has settled',
    async run(store) {
      await withAccounts(store)
      await plan(store, 'acc_1', { expiry: 1, probe: 1 })
      const [row] = await store.claimWork(wish({ limit: 1 }))
      await plan(store, 'acc_1', {})
      assert.deepEqual(names(await store.work.of('acc_1')), names([row!]))
      await store.transaction((tx) => tx.work.hold(row!))
      await settle(store, row!, false, 0)
      assert.deepEqual(await store.work.of('acc_1'), [])
      await plan(store, 'acc_2', { expiry: 1 })
      await store.transaction((tx) => tx.accounts.delete('acc_2'))
      assert.equal(await store.work.next(workKinds), undefined)
    },
  },
]
