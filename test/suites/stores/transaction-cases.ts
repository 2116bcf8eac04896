import assert from 'node:assert/strict'
import type { StoreTransaction } from '../../../src/contracts/store.ts'
import { withAccounts } from './record-cases.ts'
import { account, adds, app, feedRow, intent, keyUse, session } from './samples.ts'
import { rejectsWith, type StoreCase } from './store-case.ts'

const nothing = { accountIds: [], keyIds: [] }

export const transactionCases: readonly StoreCase[] = [
  {
    name: 'a transaction is all or nothing, its audit records too',
    async run(store, bed) {
      const fault = new Error('the work failed')
      const work = store.transaction(async (tx) => {
        await tx.apps.insert(app)
        await tx.accounts.insert(account('acc_1'))
        await tx.audit.append(adds(2))
        await tx.feed.insert([feedRow(2)])
        throw fault
      })
      await assert.rejects(work, fault)
      const again = await bed.reopen()
      assert.deepEqual((await again.accounts.list()).records, [])
      assert.equal((await again.audit.head()).seq, 0)
      assert.deepEqual(await again.audit.from(1, 10), [])
      assert.deepEqual((await again.feed.after(0, 10)).records, [])
    },
  },
  {
    name: 'a transaction reads what it wrote, others read what is committed',
    async run(store) {
      await store.transaction(async (tx) => {
        await tx.apps.insert(app)
        await tx.accounts.insert(account('acc_1'))
        assert.equal((await tx.accounts.list()).records.length, 1)
        assert.equal((await store.accounts.list()).records.length, 0)
      })
      assert.equal((await store.accounts.list()).records.length, 1)
    },
  },
  {
    name: 'a transaction gives back what its work returns',
    async run(store) {
      assert.equal(await store.transaction(async () => 'result'), 'result')
    },
  },
  {
    name: 'nothing is changed outside of a transaction, whatever a caller does to the types',
    async run(store) {
      await withAccounts(store)
      const outside = store as unknown as StoreTransaction
      for (const change of [
        () => outside.accounts.insert(account('acc_3')),
        () => outside.accounts.update(account('acc_1', { alias: 'demo' }), 0),
        () => outside.accounts.delete('acc_1'),
        () => outside.apps.deleteUnused(),
        () => outside.intents.insert(intent('i1', 'acc_1')),
        () => outside.meta.set('name', 'value'),
        () => outside.audit.append(adds(1)),
        () => outside.feed.insert([feedRow(1)]),
        () => outside.keyUses.add([keyUse('k1')]),
      ])
        await rejectsWith('internal', change())
      assert.deepEqual(
        (await store.accounts.list()).records.map((one) => one.alias),
        ['papa', 'personal'],
      )
    },
  },
  {
    name: 'transactions and appends run one after the other',
    async run(store) {
      await withAccounts(store)
      const order: string[] = []
      await Promise.all([
        store.transaction(async (tx) => {
          order.push('first begins')
          await tx.accounts.list()
          await tx.audit.append(adds(1))
          order.push('first ends')
        }),
        store.appendAudit(nothing, (head) => {
          order.push('append')
          return adds(1)(head)
        }),
        store.transaction(async (tx) => {
          order.push('second')
          assert.equal((await tx.audit.head()).seq, 2)
        }),
      ])
      assert.deepEqual(order, ['first begins', 'first ends', 'append', 'second'])
    },
  },
  {
    name: 'forty racing callers spend a grant once and count every generation',
    async run(store) {
      await withAccounts(store)
      const won = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          store.transaction(async (tx) => {
            const stored = await tx.accounts.byId('acc_1')
            const generation = (stored?.generation ?? 0) + 1
            await tx.accounts.update(account('acc_1', { alias: 'personal', generation }), generation - 1)
            await tx.sessions.insert(session('acc_1', generation))
            return tx.intents.insert(intent(`i${index}`, 'acc_1', { grantHash: 'the one code' }))
          }),
        ),
      )
      assert.equal(won.filter(Boolean).length, 1)
      assert.equal((await store.accounts.byId('acc_1'))?.generation, 40)
      assert.equal((await store.sessions.latest('acc_1'))?.generation, 40)
    },
  },
  {
    name: 'a failed transaction leaves the store usable',
    async run(store) {
      await withAccounts(store)
      await rejectsWith(
        'already_exists',
        store.transaction((tx) => tx.apps.insert({ ...app, id: 'app_2' })),
      )
      await rejectsWith(
        'not_found',
        store.transaction((tx) => tx.sessions.insert(session('acc_9', 1))),
      )
      await store.transaction((tx) => tx.sessions.insert(session('acc_1', 1)))
      await store.check()
      assert.equal((await store.sessions.latest('acc_1'))?.generation, 1)
    },
  },
  {
    name: 'a closed store says so',
    async run(store) {
      await store[Symbol.asyncDispose]()
      await rejectsWith('store_unavailable', store.accounts.list())
      await rejectsWith(
        'store_unavailable',
        store.transaction(async (tx) => tx.accounts.list()),
      )
      await rejectsWith('store_unavailable', store.appendAudit(nothing, adds(1)))
      await rejectsWith('store_unavailable', store.check())
    },
  },
]
