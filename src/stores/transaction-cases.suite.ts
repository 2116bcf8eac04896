import assert from 'node:assert/strict'
import { withAccounts } from './record-cases.suite.ts'
import { account, adds, app, intent, session } from './samples.suite.ts'
import { rejectsWith, type StoreCase } from './store-case.suite.ts'

const nothing = { accountIds: [], keyIds: [] }

export const transactionCases: readonly StoreCase[] = [
  {
    name: 'a transaction is all or nothing, its audit records too',
    async run(store, bed) {
      const fault = new Error('the work failed')
      const work = store.transaction(async (tx) => {
        await tx.insertApp(app)
        await tx.insertAccount(account('acc_1'))
        await tx.appendAudit(adds(2))
        throw fault
      })
      await assert.rejects(work, fault)
      const again = await bed.reopen()
      assert.deepEqual(await again.accounts(), [])
      assert.equal((await again.auditHead()).seq, 0)
      assert.deepEqual(await again.auditRecords(1, 10), [])
    },
  },
  {
    name: 'a transaction reads what it wrote, others read what is committed',
    async run(store) {
      await store.transaction(async (tx) => {
        await tx.insertApp(app)
        await tx.insertAccount(account('acc_1'))
        assert.equal((await tx.accounts()).length, 1)
        assert.equal((await store.accounts()).length, 0)
      })
      assert.equal((await store.accounts()).length, 1)
    },
  },
  {
    name: 'a transaction gives back what its work returns',
    async run(store) {
      assert.equal(await store.transaction(async () => 'result'), 'result')
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
          await tx.accounts()
          await tx.appendAudit(adds(1))
          order.push('first ends')
        }),
        store.appendAudit(nothing, (head) => {
          order.push('append')
          return adds(1)(head)
        }),
        store.transaction(async (tx) => {
          order.push('second')
          assert.equal((await tx.auditHead()).seq, 2)
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
            const stored = await tx.account('acc_1')
            const generation = (stored?.generation ?? 0) + 1
            await tx.updateAccount(account('acc_1', { alias: 'personal', generation }), generation - 1)
            await tx.insertSession(session('acc_1', generation))
            return tx.insertIntent(intent(`i${index}`, 'acc_1', { grantHash: 'the one code' }))
          }),
        ),
      )
      assert.equal(won.filter(Boolean).length, 1)
      assert.equal((await store.account('acc_1'))?.generation, 40)
      assert.equal((await store.latestSession('acc_1'))?.generation, 40)
    },
  },
  {
    name: 'a failed transaction leaves the store usable',
    async run(store) {
      await withAccounts(store)
      await rejectsWith(
        'already_exists',
        store.transaction((tx) => tx.insertApp({ ...app, id: 'app_2' })),
      )
      await rejectsWith(
        'not_found',
        store.transaction((tx) => tx.insertSession(session('acc_9', 1))),
      )
      await store.transaction((tx) => tx.insertSession(session('acc_1', 1)))
      await store.check()
      assert.equal((await store.latestSession('acc_1'))?.generation, 1)
    },
  },
  {
    name: 'a closed store says so',
    async run(store) {
      await store[Symbol.asyncDispose]()
      await rejectsWith('store_unavailable', store.accounts())
      await rejectsWith(
        'store_unavailable',
        store.transaction(async (tx) => tx.accounts()),
      )
      await rejectsWith('store_unavailable', store.appendAudit(nothing, adds(1)))
      await rejectsWith('store_unavailable', store.check())
    },
  },
]
