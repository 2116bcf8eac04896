import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Store, StoreTransaction } from '../contracts/store.ts'
import { ManualClock } from '../core/clock.ts'
import { openStore } from './open.ts'
import { storeCases } from './store.suite.ts'

/** A store with one fault planted in its transactions. */
const inTransactions =
  (fault: (tx: StoreTransaction) => Partial<StoreTransaction>) =>
  (store: Store): Partial<Store> => ({
    transaction: (work) => store.transaction((tx) => work({ ...tx, ...fault(tx) })),
  })

/** Each fault with a part of the name of a case that must see it. */
const faults: readonly (readonly [string, (store: Store) => Partial<Store>])[] = [
  [
    'status is compared',
    inTransactions((tx) => ({
      updateLogin: async (login) => tx.updateLogin(login, (await tx.login(login.id))?.status ?? 'open'),
    })),
  ],
  [
    'grant is spent',
    inTransactions((tx) => ({ insertIntent: async (intent) => (await tx.insertIntent(intent)) || true })),
  ],
  [
    'from the generation',
    inTransactions((tx) => ({
      updateAccount: async (account) =>
        tx.updateAccount(account, (await tx.account(account.id))?.generation ?? 0),
    })),
  ],
  ['its sessions, logins and intents', inTransactions(() => ({ deleteAccount: async () => {} }))],
  [
    'all or nothing',
    (store) => ({
      transaction: async (work) => {
        const { result, error } = await store.transaction(async (tx) => {
          try {
            return { result: await work(tx) }
          } catch (thrown) {
            return { error: thrown }
          }
        })
        if (error !== undefined) throw error
        return result as Awaited<ReturnType<typeof work>>
      },
    }),
  ],
  ['open logins are', (store) => ({ openLogins: (_now, id) => store.openLogins(0, id) })],
  [
    'highest generation',
    (store) => ({
      latestSession: async (id) => (await store.latestSessions()).findLast((one) => one.accountId < id),
    }),
  ],
  [
    'as of its commit',
    (store) => ({
      appendAudit: (_watch, append) => store.appendAudit({ accountIds: [], keyIds: [] }, append),
    }),
  ],
  [
    'an append that throws',
    (store) => ({ appendAudit: (watch, append) => store.appendAudit(watch, append).catch(() => {}) }),
  ],
  [
    'read in pages',
    (store) => ({ latestAudit: (limit, _account, before) => store.latestAudit(limit, undefined, before) }),
  ],
  [
    'one after the other',
    (store) => ({ transaction: async (work) => work(store as unknown as StoreTransaction) }),
  ],
  ['a transaction reads what it wrote', inTransactions(() => ({ accounts: async () => [] }))],
  [
    'keyring and facts',
    inTransactions((tx) => ({
      setMeta: async (name, value) =>
        (await tx.meta(name)) === undefined ? tx.setMeta(name, value) : undefined,
    })),
  ],
]

test('the suite sees every planted fault', async () => {
  for (const [name, fault] of faults) {
    const one = storeCases.find((each) => each.name.includes(name))
    assert.ok(one, name)
    const folder = mkdtempSync(join(tmpdir(), 'bhor-broken-'))
    const open = () => openStore({ url: `sqlite:${folder}/bhor.db`, clock: new ManualClock() })
    let sound = await open()
    const store = { ...sound, ...fault(sound) }
    const bed = {
      store,
      async reopen() {
        await sound[Symbol.asyncDispose]()
        sound = await open()
        return sound
      },
      async [Symbol.asyncDispose]() {},
    }
    await assert.rejects(one.run(store, bed), (error) => error instanceof Error, name)
    await sound[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  }
})
