import assert from 'node:assert/strict'
import type { Rows, Store, StoreTransaction } from '../../../src/contracts/store.ts'
import {
  account,
  app,
  browser,
  calendarRow,
  clientKey,
  gate,
  hook,
  house,
  intent,
  login,
  mirror,
  passphrase,
  prompt,
  session,
} from './samples.ts'
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
      assert.deepEqual(await store.apps.list(), sound([app]))
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
    name: 'a prompt comes back as it went in, is open until it is used or too old, and is used once',
    async run(opened, bed) {
      await withAccounts(opened)
      const [first, second] = [prompt('prompt_1', 'acc_1'), prompt('prompt_2', 'acc_1', { createdAtMs: 1 })]
      const used = { ...first, status: 'used', loginId: 'login_1' } as const
      await inOne(opened, async (tx) => {
        await tx.prompts.insert(first)
        await tx.prompts.insert(second)
      })
      const store = await bed.reopen()
      const use = () => store.transaction((tx) => tx.prompts.update(used, 'open'))
      assert.deepEqual(await store.prompts.byId('prompt_1'), first)
      assert.equal(await store.prompts.byId('prompt_3'), undefined)
      assert.deepEqual(await store.prompts.open(1), sound([first, second]))
      assert.deepEqual(await store.prompts.open(first.expiresAtMs), sound([]))
      assert.deepEqual([await use(), await use()], [true, false])
      assert.deepEqual(await store.prompts.open(1), sound([second]))
      await inOne(store, (tx) => tx.accounts.delete('acc_1'))
      assert.equal(await store.prompts.byId('prompt_2'), undefined)
    },
  },
  {
    name: 'a mirror comes back as it went in, is listed by its account, has its path alone, and goes with the account',
    async run(opened, bed) {
      await withAccounts(opened)
      const [first, second] = [
        mirror('mir_1', 'acc_1'),
        mirror('mir_2', 'acc_2', { writtenAtMs: null, fault: null }),
      ]
      await inOne(opened, async (tx) => {
        await tx.mirrors.insert(second)
        await tx.mirrors.insert(first)
      })
      const store = await bed.reopen()
      assert.deepEqual(await store.mirrors.byId('mir_1'), first)
      assert.equal(await store.mirrors.byId('mir_3'), undefined)
      assert.deepEqual(await store.mirrors.list(), sound([first, second]))
      assert.deepEqual(await store.mirrors.ofAccount('acc_2'), sound([second]))
      const same = mirror('mir_3', 'acc_2', { path: first.path })
      await rejectsWith(
        'already_exists',
        inOne(store, (tx) => tx.mirrors.insert(same)),
      )
      const moved = { ...second, path: first.path }
      await rejectsWith(
        'already_exists',
        inOne(store, (tx) => tx.mirrors.update(moved)),
      )
      const after = { ...second, isInPlace: false, generation: 4, known: ['x'] }
      await inOne(store, (tx) => tx.mirrors.update(after))
      assert.deepEqual(await store.mirrors.byId('mir_2'), after)
      await inOne(store, (tx) => tx.mirrors.delete('mir_2'))
      await rejectsWith(
        'mirror_not_found',
        inOne(store, (tx) => tx.mirrors.update(after)),
      )
      await inOne(store, (tx) => tx.accounts.delete('acc_1'))
      assert.deepEqual(await store.mirrors.list(), sound([]))
    },
  },
  {
    name: 'a hook comes back as it went in, is found by its path and by its app, and goes with the app',
    async run(store, bed) {
      await withAccounts(store)
      const [first, second] = [hook('hook_1'), hook('hook_2', { endsAtMs: null, createdAtMs: 1 })]
      await inOne(store, async (tx) => {
        await tx.hooks.insert(first)
        await tx.hooks.insert(second)
      })
      const again = await bed.reopen()
      assert.deepEqual(await again.hooks.byPath('path-hook_1'), first)
      assert.equal(await again.hooks.byPath('path-hook_3'), undefined)
      assert.deepEqual(await again.hooks.ofApp(app.id), sound([second, first]))
      assert.deepEqual(await again.hooks.ofApp('app_2'), sound([]))
      const same = hook('hook_3', { pathHash: first.pathHash })
      await rejectsWith(
        'already_exists',
        inOne(again, (tx) => tx.hooks.insert(same)),
      )
      await rejectsWith(
        'not_found',
        inOne(again, (tx) => tx.hooks.update(hook('hook_9'))),
      )
      const ended = { ...second, endsAtMs: 7, mac: 'other' }
      await inOne(again, async (tx) => {
        await tx.hooks.update(ended)
        await tx.hooks.delete('hook_1')
      })
      assert.deepEqual(await again.hooks.ofApp(app.id), sound([ended]))
      await inOne(again, async (tx) => {
        await tx.accounts.delete('acc_1')
        await tx.accounts.delete('acc_2')
        await tx.apps.deleteUnused()
      })
      assert.deepEqual(await again.hooks.ofApp(app.id), sound([]))
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
        lastEgress: null,
        pause: null,
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
    name: 'the sessions of an account since a time, with the one before it, the newest first',
    async run(store) {
      await withAccounts(store)
      const began = (generation: number, createdAtMs: number) => session('acc_1', generation, { createdAtMs })
      const [old, before, first, second] = [began(1, 100), began(2, 200), began(9, 300), began(10, 400)]
      await inOne(store, async (tx) => {
        for (const one of [second, old, first, before]) await tx.sessions.insert(one)
        await tx.sessions.insert(session('acc_2', 4, { createdAtMs: 350 }))
      })
      assert.deepEqual(await store.sessions.ofAccount('acc_1', 300), sound([second, first, before]))
      assert.deepEqual(await store.sessions.ofAccount('acc_1', 0), sound([second, first, before, old]))
      assert.deepEqual(await store.sessions.ofAccount('acc_1', 500), sound([second]))
      assert.deepEqual(await store.sessions.ofAccount('acc_9', 0), sound([]))
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
      const lost = intent('i1', 'acc_1', { state: 'lost', code: 'answer_lost', finishedAtMs: 9 })
      assert.equal(await store.transaction((tx) => tx.intents.update(lost)), true)
      assert.equal((await store.intents.byGrant('grant-i1'))?.state, 'lost')
      assert.equal(await store.intents.byGrant('grant-i2'), undefined)
      const still = intent('i3', 'acc_1', { createdAtMs: 1, kind: 'renewal', loginId: '' })
      assert.deepEqual(await store.intents.open(), sound([still]))
      assert.equal(await store.transaction((tx) => tx.intents.insert(again)), false)
    },
  },
  {
    name: 'an intent ends once, whoever comes first',
    async run(store) {
      await withAccounts(store)
      await inOne(store, (tx) => tx.intents.insert(intent('i1', 'acc_1')))
      const end = (state: 'lost' | 'committed') =>
        store.transaction((tx) => tx.intents.update(intent('i1', 'acc_1', { state, finishedAtMs: 9 })))
      assert.deepEqual([await end('lost'), await end('committed')], [true, false])
      assert.equal(await store.transaction((tx) => tx.intents.update(intent('i9', 'acc_1'))), false)
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
    name: 'what is said of trading days comes back as it went in, and the last word of a span counts',
    async run(store, bed) {
      const day = calendarRow('equity 2026-11-10', {
        firstDay: '2026-11-10',
        lastDay: '2026-11-10',
        days: [],
      })
      await inOne(store, async (tx) => {
        await tx.calendar.set(calendarRow('equity 2027'))
        await tx.calendar.set({ ...day, days: [{ date: '2026-11-10', kind: 'holiday' }] })
        await tx.calendar.set(day)
      })
      assert.deepEqual(await (await bed.reopen()).calendar.list(), sound([day, calendarRow('equity 2027')]))
    },
  },
  {
    name: 'a word on trading days can be taken back, also one that is not there',
    async run(store) {
      await inOne(store, async (tx) => {
        await tx.calendar.set(calendarRow('one'))
        await tx.calendar.set(calendarRow('other'))
        await tx.calendar.delete('one')
        await tx.calendar.delete('nothing')
      })
      assert.deepEqual(await store.calendar.list(), sound([calendarRow('other')]))
    },
  },
  {
    name: 'the house has one row from the beginning, without a MAC, and what is written takes its place',
    async run(store, bed) {
      const first = { id: 'house', kill: null, seal: null, changedAtMs: 0, mac: '' } as const
      assert.deepEqual(await store.house.get(), first)
      const by = { kind: 'desk', id: 'tab_1' } as const
      const sealed = house({ seal: { atMs: 1_790_000_000_013, by, reason: 'stolen' } })
      await inOne(store, (tx) => tx.house.set(house()))
      await inOne(store, (tx) => tx.house.set(sealed))
      assert.deepEqual(await (await bed.reopen()).house.get(), sealed)
    },
  },
  {
    name: 'browsers come back as they went in, the latest used first, and are removed one by one',
    async run(store, bed) {
      const [old, late] = [browser('b1'), browser('b2', { lastUsedAtMs: 1_790_000_000_099 })]
      await inOne(store, async (tx) => {
        await tx.browsers.insert(old)
        await tx.browsers.insert(late)
      })
      const again = await bed.reopen()
      assert.deepEqual(await again.browsers.list(), sound([late, old]))
      assert.deepEqual(await again.browsers.byId('b1'), old)
      const moved = browser('b1', { publicKey: '', host: 'c.b.localhost:1', toldBy: '', mac: 'other' })
      await inOne(again, async (tx) => {
        await tx.browsers.update(moved)
        await tx.browsers.delete('b2')
        await tx.browsers.delete('b3')
      })
      assert.deepEqual(await again.browsers.list(), sound([moved]))
      await rejectsWith(
        'browser_not_found',
        inOne(again, (tx) => tx.browsers.update(browser('b2'))),
      )
    },
  },
  {
    name: 'there is one passphrase of the page, or none',
    async run(store, bed) {
      assert.equal(await store.passphrases.get(), undefined)
      await inOne(store, (tx) => tx.passphrases.set(passphrase({ sealedHash: 'before' })))
      await inOne(store, (tx) => tx.passphrases.set(passphrase()))
      const again = await bed.reopen()
      assert.deepEqual(await again.passphrases.get(), passphrase())
      await inOne(again, (tx) => tx.passphrases.delete())
      assert.equal(await again.passphrases.get(), undefined)
    },
  },
  {
    name: 'what was told of gates is kept once an account, and goes with it',
    async run(store) {
      await withAccounts(store)
      assert.equal(await store.gates.of('acc_1'), undefined)
      const open = gate('acc_1', { isOpen: true, reason: '', changesAtMs: null })
      await inOne(store, async (tx) => {
        await tx.gates.set(gate('acc_1'))
        await tx.gates.set(open)
        await tx.gates.set(gate('acc_2'))
      })
      assert.deepEqual(await store.gates.of('acc_1'), open)
      assert.deepEqual(await store.gates.of('acc_2'), gate('acc_2'))
      assert.deepEqual(await store.gates.list(), sound([open, gate('acc_2')]))
      await inOne(store, (tx) => tx.accounts.delete('acc_2'))
      assert.equal(await store.gates.of('acc_2'), undefined)
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
