import assert from 'node:assert/strict'
import type { Store, StoreTransaction } from '../contracts/store.ts'
import { account, app, clientKey, intent, login, session } from './samples.suite.ts'
import { rejectsWith, type StoreCase } from './store-case.suite.ts'

const inOne = (store: Store, work: (tx: StoreTransaction) => Promise<unknown>) =>
  store.transaction(async (tx) => void (await work(tx)))

/** An app with two accounts, `acc_1` and `acc_2`. */
export async function withAccounts(store: Store): Promise<void> {
  await store.transaction(async (tx) => {
    await tx.insertApp(app)
    await tx.insertAccount(account('acc_1', { alias: 'personal' }))
    await tx.insertAccount(account('acc_2', { alias: 'papa' }))
  })
}

export const recordCases: readonly StoreCase[] = [
  {
    name: 'an app comes back as it went in, also after reopening',
    async run(store, bed) {
      await inOne(store, (tx) => tx.insertApp(app))
      assert.deepEqual(await store.app(app.id), app)
      assert.deepEqual(await store.appByKey('kite', 'live', app.apiKey), app)
      assert.equal(await store.appByKey('kite', 'sandbox', app.apiKey), undefined)
      assert.equal(await store.app('app_2'), undefined)
      const changed = { ...app, fields: {}, sealedSecrets: 'v1.dk_2.other', updatedAtMs: 5, mac: 'other' }
      await inOne(store, (tx) => tx.updateApp(changed))
      assert.deepEqual(await (await bed.reopen()).app(app.id), changed)
    },
  },
  {
    name: 'an app key is unique, an unknown app cannot be updated, an app in use stays',
    async run(store) {
      await withAccounts(store)
      await rejectsWith(
        'already_exists',
        inOne(store, (tx) => tx.insertApp({ ...app, id: 'app_2' })),
      )
      await rejectsWith(
        'not_found',
        inOne(store, (tx) => tx.updateApp({ ...app, id: 'app_3', apiKey: 'k3' })),
      )
      await rejectsWith(
        'not_found',
        inOne(store, (tx) => tx.deleteApp(app.id)),
      )
      await inOne(store, async (tx) => {
        await tx.deleteAccount('acc_1')
        await tx.deleteAccount('acc_2')
        await tx.deleteApp(app.id)
      })
      assert.equal(await store.app(app.id), undefined)
    },
  },
  {
    name: 'an account comes back as it went in, with and without its empty parts',
    async run(store) {
      await withAccounts(store)
      const bare = account('acc_3', {
        alias: 'demo',
        lastLoginAtMs: null,
        lastProbe: null,
        lastFault: null,
        fields: {},
      })
      await inOne(store, (tx) => tx.insertAccount(bare))
      assert.deepEqual(await store.account('acc_1'), account('acc_1', { alias: 'personal' }))
      assert.deepEqual(await store.accountByAlias('demo'), bare)
      assert.deepEqual(
        (await store.accounts()).map((one) => one.alias),
        ['demo', 'papa', 'personal'],
      )
      assert.deepEqual(
        (await store.accountsOfApp(app.id)).map((one) => one.id),
        ['acc_3', 'acc_2', 'acc_1'],
      )
      assert.deepEqual(await store.accountsOfApp('app_2'), [])
    },
  },
  {
    name: 'an alias belongs to one account, also when renaming',
    async run(store) {
      await withAccounts(store)
      await rejectsWith(
        'already_exists',
        inOne(store, (tx) => tx.insertAccount(account('acc_3', { alias: 'papa' }))),
      )
      await rejectsWith(
        'already_exists',
        inOne(store, (tx) => tx.updateAccount(account('acc_1', { alias: 'papa' }), 0)),
      )
      assert.equal((await store.account('acc_1'))?.alias, 'personal')
    },
  },
  {
    name: 'an account is updated only from the generation that the caller knew',
    async run(store) {
      await withAccounts(store)
      await inOne(store, (tx) => tx.updateAccount(account('acc_1', { alias: 'personal', generation: 1 }), 0))
      await rejectsWith(
        'generation_conflict',
        inOne(store, (tx) => tx.updateAccount(account('acc_1', { generation: 1 }), 0)),
      )
      assert.equal((await store.account('acc_1'))?.generation, 1)
      await rejectsWith(
        'account_not_found',
        inOne(store, (tx) => tx.updateAccount(account('acc_9'), 0)),
      )
    },
  },
  {
    name: 'the latest session is the one with the highest generation, ended or not',
    async run(store) {
      await withAccounts(store)
      const ended = session('acc_1', 10, { status: 'ended', endReason: 'revoked', endedAtMs: 7 })
      await inOne(store, async (tx) => {
        await tx.insertSession(session('acc_1', 9))
        await tx.insertSession(ended)
        await tx.insertSession(session('acc_1', 2))
        await tx.insertSession(session('acc_2', 4))
      })
      assert.deepEqual(await store.latestSession('acc_1'), ended)
      assert.deepEqual(await store.latestSessions(), [ended, session('acc_2', 4)])
      assert.equal(await store.latestSession('acc_9'), undefined)
      await inOne(store, (tx) =>
        tx.updateSession(session('acc_2', 4, { status: 'ended', endReason: 'expired', endedAtMs: 8 })),
      )
      assert.equal((await store.latestSession('acc_2'))?.endReason, 'expired')
      await rejectsWith(
        'not_found',
        inOne(store, (tx) => tx.updateSession(session('acc_2', 5))),
      )
    },
  },
  {
    name: 'a generation of an account has one session',
    async run(store) {
      await withAccounts(store)
      await inOne(store, (tx) => tx.insertSession(session('acc_1', 1)))
      await rejectsWith(
        'generation_conflict',
        inOne(store, (tx) => tx.insertSession(session('acc_1', 1, { id: 'other' }))),
      )
    },
  },
  {
    name: 'a login is found by id and state while its status is compared and set',
    async run(store) {
      await withAccounts(store)
      const open = login('l1', 'acc_1')
      await inOne(store, (tx) => tx.insertLogin(open))
      assert.deepEqual(await store.login('l1'), open)
      assert.deepEqual(await store.loginByState('state-l1'), open)
      assert.equal(await store.loginByState('state-l2'), undefined)
      const used = { ...open, status: 'used' as const }
      assert.equal(await store.transaction((tx) => tx.updateLogin(used, 'open')), true)
      assert.equal(
        await store.transaction((tx) => tx.updateLogin({ ...used, outcome: 'late' }, 'open')),
        false,
      )
      assert.deepEqual(await store.login('l1'), used)
      await rejectsWith(
        'already_exists',
        inOne(store, (tx) => tx.insertLogin(login('l2', 'acc_2', { stateHash: 'state-l1' }))),
      )
    },
  },
  {
    name: 'open logins are those not past their end, newest first, of one account when named',
    async run(store) {
      await withAccounts(store)
      await inOne(store, async (tx) => {
        await tx.insertLogin(login('old', 'acc_1', { createdAtMs: 1, expiresAtMs: 100 }))
        await tx.insertLogin(login('mid', 'acc_1', { createdAtMs: 2, expiresAtMs: 101 }))
        await tx.insertLogin(login('new', 'acc_2', { createdAtMs: 3, expiresAtMs: 200 }))
        await tx.insertLogin(login('done', 'acc_2', { createdAtMs: 4, expiresAtMs: 200, status: 'done' }))
      })
      assert.deepEqual(
        (await store.openLogins(100)).map((one) => one.id),
        ['new', 'mid'],
      )
      assert.deepEqual(
        (await store.openLogins(0, 'acc_1')).map((one) => one.id),
        ['mid', 'old'],
      )
    },
  },
  {
    name: 'a grant is spent by whoever inserts its intent, once',
    async run(store) {
      await withAccounts(store)
      assert.equal(await store.transaction((tx) => tx.insertIntent(intent('i1', 'acc_1'))), true)
      const again = intent('i2', 'acc_2', { grantHash: 'grant-i1' })
      assert.equal(await store.transaction((tx) => tx.insertIntent(again)), false)
      await inOne(store, (tx) =>
        tx.insertIntent(intent('i3', 'acc_1', { createdAtMs: 1, kind: 'renewal', loginId: '' })),
      )
      assert.deepEqual(
        (await store.openIntents()).map((one) => one.id),
        ['i3', 'i1'],
      )
      await inOne(store, (tx) =>
        tx.updateIntent(intent('i1', 'acc_1', { state: 'lost', code: 'answer_lost', finishedAtMs: 9 })),
      )
      assert.deepEqual(await store.openIntents(), [
        intent('i3', 'acc_1', { createdAtMs: 1, kind: 'renewal', loginId: '' }),
      ])
      assert.equal(await store.transaction((tx) => tx.insertIntent(again)), false)
      await rejectsWith(
        'not_found',
        inOne(store, (tx) => tx.updateIntent(intent('i9', 'acc_1'))),
      )
    },
  },
  {
    name: 'an account leaves with its sessions, logins and intents, and nobody else’s',
    async run(store) {
      await withAccounts(store)
      await inOne(store, async (tx) => {
        for (const id of ['acc_1', 'acc_2']) {
          await tx.insertSession(session(id, 1))
          await tx.insertLogin(login(`l-${id}`, id))
          await tx.insertIntent(intent(`i-${id}`, id))
        }
        await tx.deleteAccount('acc_1')
      })
      assert.equal(await store.account('acc_1'), undefined)
      assert.deepEqual(await store.latestSessions(), [session('acc_2', 1)])
      assert.equal(await store.login('l-acc_1'), undefined)
      assert.deepEqual(
        (await store.openIntents()).map((one) => one.id),
        ['i-acc_2'],
      )
    },
  },
  {
    name: 'a client key comes back as it went in and is found by its hash',
    async run(store) {
      const wide = clientKey('k2', { accountIds: null, expiresAtMs: null, createdAtMs: 1 })
      await inOne(store, async (tx) => {
        await tx.insertClientKey(clientKey('k1'))
        await tx.insertClientKey(wide)
      })
      assert.deepEqual(await store.clientKeys(), [wide, clientKey('k1')])
      assert.deepEqual(await store.clientKeyByHash('hash-k1'), clientKey('k1'))
      assert.equal(await store.clientKeyByHash('hash-k3'), undefined)
      await inOne(store, (tx) => tx.updateClientKey(clientKey('k1', { revokedAtMs: 4 })))
      assert.equal((await store.clientKeyByHash('hash-k1'))?.revokedAtMs, 4)
      await rejectsWith(
        'already_exists',
        inOne(store, (tx) => tx.insertClientKey(clientKey('k3', { hash: 'hash-k1' }))),
      )
      await rejectsWith(
        'key_not_found',
        inOne(store, (tx) => tx.updateClientKey(clientKey('k9'))),
      )
    },
  },
  {
    name: 'keyring and facts of the store are kept',
    async run(store, bed) {
      const key = {
        id: 'dk_1',
        purpose: 'data',
        wrapped: 'v1.x.y',
        createdAtMs: 1,
        retiredAtMs: null,
      } as const
      assert.deepEqual(await store.keyring(), [])
      assert.equal(await store.meta('name'), undefined)
      await inOne(store, async (tx) => {
        await tx.insertKeyring(key)
        await tx.setMeta('name', 'one')
        await tx.setMeta('name', 'two')
      })
      await rejectsWith(
        'already_exists',
        inOne(store, (tx) => tx.insertKeyring(key)),
      )
      await rejectsWith(
        'not_found',
        inOne(store, (tx) => tx.updateKeyring({ ...key, id: 'dk_9' })),
      )
      await inOne(store, (tx) => tx.updateKeyring({ ...key, retiredAtMs: 2 }))
      const again = await bed.reopen()
      assert.deepEqual(await again.keyring(), [{ ...key, retiredAtMs: 2 }])
      assert.equal(await again.meta('name'), 'two')
    },
  },
]
