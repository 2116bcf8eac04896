import assert from 'node:assert/strict'
import type { Rows, Store, StoreTransaction } from '../../../src/contracts/store.ts'
import { account, app, clientKey, intent, login, session } from './samples.ts'
import { rejectsWith, type StoreCase } from './store-case.ts'

const inOne = (store: Store, work: (tx: StoreTransaction) => Promise<unknown>) =>
  store.transaction(async (tx) => void (await work(tx)))

/** What a list says of rows of which none is damaged. */
const sound = <Record>(records: readonly Record[]): Rows<Record> => ({ records, damaged: [] })

/** An app with two accounts, `acc_1` and `acc_2`. */
export async function withAccounts(store: Store): Promise<void> {
  await store.transaction(async (tx) => {
    await tx.apps.insert(app)
    await tx.accounts.insert(account('acc_1', { alias: 'personal' }))
    await tx.accounts.insert(account('acc_2', { alias: 'papa' }))
  })
}

export const recordCases: readonly StoreCase[] = [
  {
    name: 'an app comes back as it went in, also after reopening',
    async run(store, bed) {
      await inOne(store, (tx) => tx.apps.insert(app))
      assert.deepEqual(await store.apps.byId(app.id), app)
      assert.deepEqual(await store.apps.byKey('kite', 'live', app.apiKey), app)
      assert.equal(await store.apps.byKey('kite', 'sandbox', app.apiKey), undefined)
      assert.equal(await store.apps.byId('app_2'), undefined)
      const changed = { ...app, fields: {}, sealedSecrets: 'v1.dk_2.other', updatedAtMs: 5, mac: 'other' }
      await inOne(store, (tx) => tx.apps.update(changed))
      assert.deepEqual(await (await bed.reopen()).apps.byId(app.id), changed)
    },
  },
  {
    name: 'an app key is unique, an unknown app cannot be updated, an app in use stays, an unused one goes',
    async run(store) {
      await withAccounts(store)
      await rejectsWith(
        'already_exists',
        inOne(store, (tx) => tx.apps.insert({ ...app, id: 'app_2' })),
      )
      await rejectsWith(
        'not_found',
        inOne(store, (tx) => tx.apps.update({ ...app, id: 'app_3', apiKey: 'k3' })),
      )
      await inOne(store, async (tx) => {
        await tx.accounts.delete('acc_1')
        await tx.apps.deleteUnused()
      })
      assert.deepEqual(await store.apps.byId(app.id), app)
      await inOne(store, async (tx) => {
        await tx.accounts.delete('acc_2')
        await tx.apps.deleteUnused()
      })
      assert.equal(await store.apps.byId(app.id), undefined)
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
        settings: {},
        kind: 'broker-sandbox',
      })
      await inOne(store, (tx) => tx.accounts.insert(bare))
      assert.deepEqual(await store.accounts.byId('acc_1'), account('acc_1', { alias: 'personal' }))
      assert.deepEqual(await store.accounts.byAlias('demo'), bare)
      assert.deepEqual(
        (await store.accounts.list()).records.map((one) => one.alias),
        ['demo', 'papa', 'personal'],
      )
      assert.deepEqual(
        (await store.accounts.ofApp(app.id)).records.map((one) => one.id),
        ['acc_3', 'acc_2', 'acc_1'],
      )
      assert.deepEqual(await store.accounts.ofApp('app_2'), sound([]))
      assert.equal(await store.accounts.idOf('demo'), 'acc_3')
      assert.equal(await store.accounts.idOf('acc_3'), undefined)
    },
  },
  {
    name: 'an alias belongs to one account, also when renaming',
    async run(store) {
      await withAccounts(store)
      await rejectsWith(
        'already_exists',
        inOne(store, (tx) => tx.accounts.insert(account('acc_3', { alias: 'papa' }))),
      )
      await rejectsWith(
        'already_exists',
        inOne(store, (tx) => tx.accounts.update(account('acc_1', { alias: 'papa' }), 0)),
      )
      assert.equal((await store.accounts.byId('acc_1'))?.alias, 'personal')
    },
  },
  {
    name: 'an account is updated only from the generation that the caller knew',
    async run(store) {
      await withAccounts(store)
      await inOne(store, (tx) =>
        tx.accounts.update(account('acc_1', { alias: 'personal', generation: 1 }), 0),
      )
      await rejectsWith(
        'generation_conflict',
        inOne(store, (tx) => tx.accounts.update(account('acc_1', { generation: 1 }), 0)),
      )
      assert.equal((await store.accounts.byId('acc_1'))?.generation, 1)
      await rejectsWith(
        'account_not_found',
        inOne(store, (tx) => tx.accounts.update(account('acc_9'), 0)),
      )
    },
  },
  {
    name: 'the latest session is the one with the highest generation, ended or not',
    async run(store) {
      await withAccounts(store)
      const ended = session('acc_1', 10, { status: 'ended', endReason: 'revoked', endedAtMs: 7 })
      await inOne(store, async (tx) => {
        await tx.sessions.insert(session('acc_1', 9))
        await tx.sessions.insert(ended)
        await tx.sessions.insert(session('acc_1', 2))
        await tx.sessions.insert(session('acc_2', 4))
      })
      assert.deepEqual(await store.sessions.latest('acc_1'), ended)
      assert.deepEqual(await store.sessions.latestOfAll(), sound([ended, session('acc_2', 4)]))
      assert.equal(await store.sessions.latest('acc_9'), undefined)
      await inOne(store, (tx) =>
        tx.sessions.update(session('acc_2', 4, { status: 'ended', endReason: 'expired', endedAtMs: 8 })),
      )
      assert.equal((await store.sessions.latest('acc_2'))?.endReason, 'expired')
      await rejectsWith(
        'not_found',
        inOne(store, (tx) => tx.sessions.update(session('acc_2', 5))),
      )
    },
  },
  {
    name: 'a generation of an account has one session',
    async run(store) {
      await withAccounts(store)
      await inOne(store, (tx) => tx.sessions.insert(session('acc_1', 1)))
      await rejectsWith(
        'generation_conflict',
        inOne(store, (tx) => tx.sessions.insert(session('acc_1', 1, { id: 'other' }))),
      )
    },
  },
  {
    name: 'a login is found by id and state while its status is compared and set',
    async run(store) {
      await withAccounts(store)
      const open = login('l1', 'acc_1')
      await inOne(store, (tx) => tx.logins.insert(open))
      assert.deepEqual(await store.logins.byId('l1'), open)
      assert.deepEqual(await store.logins.byState('state-l1'), open)
      assert.equal(await store.logins.byState('state-l2'), undefined)
      const used = { ...open, status: 'used' as const }
      assert.equal(await store.transaction((tx) => tx.logins.update(used, 'open')), true)
      assert.equal(
        await store.transaction((tx) => tx.logins.update({ ...used, outcome: 'late' }, 'open')),
        false,
      )
      assert.deepEqual(await store.logins.byId('l1'), used)
      await rejectsWith(
        'already_exists',
        inOne(store, (tx) => tx.logins.insert(login('l2', 'acc_2', { stateHash: 'state-l1' }))),
      )
    },
  },
  {
    name: 'open logins are those not past their end, newest first, of one account when named',
    async run(store) {
      await withAccounts(store)
      await inOne(store, async (tx) => {
        await tx.logins.insert(login('old', 'acc_1', { createdAtMs: 1, expiresAtMs: 100 }))
        await tx.logins.insert(login('mid', 'acc_1', { createdAtMs: 2, expiresAtMs: 101 }))
        await tx.logins.insert(login('new', 'acc_2', { createdAtMs: 3, expiresAtMs: 200 }))
        await tx.logins.insert(login('done', 'acc_2', { createdAtMs: 4, expiresAtMs: 200, status: 'done' }))
      })
      assert.deepEqual(
        (await store.logins.open(100)).records.map((one) => one.id),
        ['new', 'mid'],
      )
      assert.deepEqual(
        (await store.logins.open(0, 'acc_1')).records.map((one) => one.id),
        ['mid', 'old'],
      )
    },
  },
  {
    name: 'a grant is spent by whoever inserts its intent, once',
    async run(store) {
      await withAccounts(store)
      assert.equal(await store.transaction((tx) => tx.intents.insert(intent('i1', 'acc_1'))), true)
      const again = intent('i2', 'acc_2', { grantHash: 'grant-i1' })
      assert.equal(await store.transaction((tx) => tx.intents.insert(again)), false)
      await inOne(store, (tx) =>
        tx.intents.insert(intent('i3', 'acc_1', { createdAtMs: 1, kind: 'renewal', loginId: '' })),
      )
      assert.deepEqual(
        (await store.intents.open()).records.map((one) => one.id),
        ['i3', 'i1'],
      )
      await inOne(store, (tx) =>
        tx.intents.update(intent('i1', 'acc_1', { state: 'lost', code: 'answer_lost', finishedAtMs: 9 })),
      )
      const still = intent('i3', 'acc_1', { createdAtMs: 1, kind: 'renewal', loginId: '' })
      assert.deepEqual(await store.intents.open(), sound([still]))
      assert.equal(await store.transaction((tx) => tx.intents.insert(again)), false)
      await rejectsWith(
        'not_found',
        inOne(store, (tx) => tx.intents.update(intent('i9', 'acc_1'))),
      )
    },
  },
  {
    name: 'an account leaves with its sessions, logins and intents, and nobody else’s',
    async run(store) {
      await withAccounts(store)
      await inOne(store, async (tx) => {
        for (const id of ['acc_1', 'acc_2']) {
          await tx.sessions.insert(session(id, 1))
          await tx.logins.insert(login(`l-${id}`, id))
          await tx.intents.insert(intent(`i-${id}`, id))
        }
        await tx.accounts.delete('acc_1')
      })
      assert.equal(await store.accounts.byId('acc_1'), undefined)
      assert.deepEqual(await store.sessions.latestOfAll(), sound([session('acc_2', 1)]))
      assert.equal(await store.logins.byId('l-acc_1'), undefined)
      assert.deepEqual(
        (await store.intents.open()).records.map((one) => one.id),
        ['i-acc_2'],
      )
    },
  },
  {
    name: 'a client key comes back as it went in and is found by its hash',
    async run(store) {
      const wide = clientKey('k2', { accountIds: null, expiresAtMs: null, createdAtMs: 1 })
      await inOne(store, async (tx) => {
        await tx.keys.insert(clientKey('k1'))
        await tx.keys.insert(wide)
      })
      assert.deepEqual(await store.keys.list(), sound([wide, clientKey('k1')]))
      assert.deepEqual(await store.keys.byId('k1'), clientKey('k1'))
      assert.equal(await store.keys.byId('k3'), undefined)
      assert.deepEqual(await store.keys.byHash('hash-k1'), clientKey('k1'))
      assert.equal(await store.keys.byHash('hash-k3'), undefined)
      await inOne(store, (tx) => tx.keys.update(clientKey('k1', { revokedAtMs: 4 })))
      assert.equal((await store.keys.byHash('hash-k1'))?.revokedAtMs, 4)
      await rejectsWith(
        'already_exists',
        inOne(store, (tx) => tx.keys.insert(clientKey('k3', { hash: 'hash-k1' }))),
      )
      await rejectsWith(
        'key_not_found',
        inOne(store, (tx) => tx.keys.update(clientKey('k9'))),
      )
      await inOne(store, (tx) => tx.keys.delete('k1'))
      assert.deepEqual(await store.keys.list(), sound([wide]))
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
      assert.deepEqual(await store.keyring.list(), [])
      assert.equal(await store.meta.get('name'), undefined)
      await inOne(store, async (tx) => {
        await tx.keyring.insert(key)
        await tx.meta.set('name', 'one')
        await tx.meta.set('name', 'two')
      })
      await rejectsWith(
        'already_exists',
        inOne(store, (tx) => tx.keyring.insert(key)),
      )
      await rejectsWith(
        'not_found',
        inOne(store, (tx) => tx.keyring.update({ ...key, id: 'dk_9' })),
      )
      await inOne(store, (tx) => tx.keyring.update({ ...key, retiredAtMs: 2 }))
      const again = await bed.reopen()
      assert.deepEqual(await again.keyring.list(), [{ ...key, retiredAtMs: 2 }])
      assert.equal(await again.meta.get('name'), 'two')
    },
  },
]
