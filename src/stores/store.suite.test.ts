import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { storeCases } from '../../test/suites/stores/suite.ts'
import type { Store, StoreTransaction } from '../contracts/store.ts'
import { ManualClock } from '../core/clock.ts'
import { openStore } from './open.ts'

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
    inTransactions(({ logins }) => ({
      logins: {
        ...logins,
        update: async (login) => logins.update(login, (await logins.byId(login.id))?.status ?? 'open'),
      },
    })),
  ],
  [
    'grant is spent',
    inTransactions(({ intents }) => ({
      intents: { ...intents, insert: async (intent) => (await intents.insert(intent)) || true },
    })),
  ],
  [
    'ends once',
    inTransactions(({ intents }) => ({
      intents: { ...intents, update: async (intent) => (await intents.update(intent)) || true },
    })),
  ],
  [
    'from the generation',
    inTransactions(({ accounts }) => ({
      accounts: {
        ...accounts,
        update: async (account) =>
          accounts.update(account, (await accounts.byId(account.id))?.generation ?? 0),
      },
    })),
  ],
  [
    'its sessions, logins and intents',
    inTransactions(({ accounts }) => ({ accounts: { ...accounts, delete: async () => {} } })),
  ],
  ['an unused one goes', inTransactions(({ apps }) => ({ apps: { ...apps, deleteUnused: async () => {} } }))],
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
  [
    'outside of a transaction',
    (store) => ({
      meta: {
        ...store.meta,
        set: (name: string, value: string) => store.transaction((tx) => tx.meta.set(name, value)),
      },
    }),
  ],
  [
    'open logins are',
    (store) => ({ logins: { ...store.logins, open: (_now, id) => store.logins.open(0, id) } }),
  ],
  [
    'highest generation',
    ({ sessions }) => ({
      sessions: {
        ...sessions,
        latest: async (id) => (await sessions.latestOfAll()).records.findLast((one) => one.accountId < id),
      },
    }),
  ],
  [
    'since a time',
    ({ sessions }) => ({
      sessions: { ...sessions, ofAccount: (accountId) => sessions.ofAccount(accountId, 0) },
    }),
  ],
  [
    'last record before a time',
    ({ audit }) => ({ audit: { ...audit, lastBefore: async () => (await audit.head()).seq } }),
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
    ({ audit }) => ({
      audit: { ...audit, latest: (limit, _account, before) => audit.latest(limit, undefined, before) },
    }),
  ],
  [
    'one after the other',
    (store) => ({ transaction: async (work) => work(store as unknown as StoreTransaction) }),
  ],
  [
    'a transaction reads what it wrote',
    inTransactions(({ accounts }) => ({
      accounts: { ...accounts, list: async () => ({ records: [], damaged: [] }) },
    })),
  ],
  [
    'keyring and facts',
    inTransactions(({ meta }) => ({
      meta: {
        ...meta,
        set: async (name, value) =>
          (await meta.get(name)) === undefined ? meta.set(name, value) : undefined,
      },
    })),
  ],
  [
    'a part of the feed',
    (store) => ({ feed: { ...store.feed, after: (seq, limit) => store.feed.after(seq, limit) } }),
  ],
  [
    'is counted by key',
    (store) => ({
      appendAudit: (watch, append) =>
        store.appendAudit(watch, (head, watched) => ({ ...append(head, watched), uses: [] })),
    }),
  ],
  [
    'used in its minute before',
    (store) => ({
      appendAudit: ({ uses: _uses, ...watch }, append) => store.appendAudit(watch, append),
    }),
  ],
  [
    'older minutes are gathered',
    inTransactions(({ keyUses }) => ({ keyUses: { ...keyUses, gather: async () => {} } })),
  ],
  ['told in pages', ({ feed }) => ({ feed: { ...feed, after: (seq, limit) => feed.after(seq - 1, limit) } })],
  [
    'the newest always stays',
    inTransactions(({ feed }) => ({
      feed: { ...feed, prune: async (beforeMs) => feed.prune(beforeMs > 0 ? beforeMs - 1 : 0) },
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
