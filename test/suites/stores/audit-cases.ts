import assert from 'node:assert/strict'
import type { AuditRecord } from '../../../src/contracts/audit.ts'
import type { Watched } from '../../../src/contracts/store.ts'
import { withAccounts } from './record-cases.ts'
import { account, adds, clientKey, house, linkOf, records, session } from './samples.ts'
import type { StoreCase } from './store-case.ts'

const nothing = { accountIds: [], keyIds: [] }
const seqs = (records: readonly AuditRecord[]) => records.map((record) => record.seq)

export const auditCases: readonly StoreCase[] = [
  {
    name: 'the chain of a new store is empty',
    async run(store) {
      assert.deepEqual(await store.audit.head(), { seq: 0, mac: '', inventory: '', headMac: '' })
      assert.deepEqual(await store.audit.from(1, 10), [])
      assert.deepEqual(await store.audit.latest(10), [])
    },
  },
  {
    name: 'appended records come back as they went in, on the fast way and in a transaction',
    async run(store, bed) {
      const expected = records(1, 100)
      await store.appendAudit(nothing, adds(1))
      await store.appendAudit(nothing, adds(66))
      await store.transaction((tx) => tx.audit.append(adds(33)))
      const again = await bed.reopen()
      assert.deepEqual(await again.audit.from(1, 200), expected)
      assert.deepEqual(await again.audit.head(), {
        seq: 100,
        mac: 'mac-100',
        inventory: '',
        headMac: 'head-100',
      })
    },
  },
  {
    name: 'a record without its optional parts comes back without them',
    async run(store) {
      const bare: AuditRecord = {
        seq: 1,
        atMs: 5,
        actor: { kind: 'keeper', id: '' },
        action: 'server.start',
        result: 'ok',
        mac: 'm1',
      }
      const once = { links: [linkOf(bare)], head: { seq: 1, mac: 'm1', inventory: '', headMac: 'h1' } }
      await store.appendAudit(nothing, () => once)
      assert.deepEqual(await store.audit.from(1, 1), [bare])
      const second = {
        links: [linkOf({ ...bare, seq: 2 })],
        head: { seq: 2, mac: 'm1', inventory: '', headMac: 'h1' },
      }
      await store.transaction((tx) => tx.audit.append(() => second))
      assert.deepEqual(await store.audit.from(2, 1), [{ ...bare, seq: 2 }])
    },
  },
  {
    name: 'records are read in pages, forwards and backwards, of one account when named',
    async run(store) {
      await store.appendAudit(nothing, adds(30))
      await store.appendAudit(nothing, adds(5, { accountId: 'acc_2' }))
      assert.deepEqual(seqs(await store.audit.from(29, 3)), [29, 30, 31])
      assert.deepEqual(seqs(await store.audit.latest(2)), [35, 34])
      assert.deepEqual(seqs(await store.audit.latest(2, ['acc_1'])), [30, 29])
      assert.deepEqual(seqs(await store.audit.latest(2, ['acc_2'], 33)), [32, 31])
      assert.deepEqual(seqs(await store.audit.latest(3, undefined, 3)), [2, 1])
      assert.deepEqual(
        seqs(await store.audit.latest(7, ['acc_2', 'acc_1'], 33)),
        [32, 31, 30, 29, 28, 27, 26],
      )
      assert.deepEqual(seqs(await store.audit.past(28, 4)), [29, 30, 31, 32])
      assert.deepEqual(seqs(await store.audit.past(28, 9, ['acc_1'])), [29, 30])
      assert.deepEqual(seqs(await store.audit.past(28, 3, ['acc_1', 'acc_2'])), [29, 30, 31])
      assert.deepEqual(await store.audit.past(35, 9), [])
      assert.deepEqual(await store.audit.those([]), [])
      assert.deepEqual(seqs(await store.audit.those([31, 99, 2])).toSorted(), [2, 31])
    },
  },
  {
    name: 'of each account that has records the last one is found, in whatever order they stand',
    async run(store) {
      assert.deepEqual(await store.audit.lastOfEach(), [])
      await store.appendAudit(nothing, adds(3, { accountId: 'acc_9' }))
      await store.appendAudit(nothing, adds(4, { accountId: 'acc_1' }))
      await store.appendAudit(nothing, adds(1, { accountId: 'acc_9' }))
      await store.appendAudit(nothing, adds(2, { accountId: 'Ünï' }))
      const last = await store.audit.lastOfEach()
      assert.deepEqual(
        last.map(({ accountId, seq }) => [accountId, seq]).toSorted(([, a], [, b]) => Number(a) - Number(b)),
        [
          ['acc_1', 7],
          ['acc_9', 8],
          ['Ünï', 10],
        ],
      )
    },
  },
  {
    name: 'the last record before a time is found, also where older ones were pruned',
    async run(store) {
      assert.equal(await store.audit.lastBefore(1_000), 0)
      for (const atMs of [100, 100, 200, 300, 300, 300, 400])
        await store.appendAudit(nothing, adds(1, { atMs }))
      const found = async (atMs: number) => store.audit.lastBefore(atMs)
      assert.deepEqual(
        await Promise.all([100, 101, 200, 201, 300, 301, 400, 401].map(found)),
        [0, 2, 2, 3, 3, 6, 6, 7],
      )
      await store.transaction((tx) => tx.audit.prune(3))
      assert.deepEqual(await Promise.all([50, 300, 301].map(found)), [3, 3, 6])
    },
  },
  {
    name: 'an append that throws leaves nothing and tells why',
    async run(store) {
      const fault = new Error('not linked')
      const failing = store.appendAudit(nothing, () => {
        throw fault
      })
      await assert.rejects(failing, fault)
      const twice = store.appendAudit(nothing, (head) => {
        const { links } = adds(1)(head)
        return { links: [...links, ...links], head: { seq: 1, mac: 'x', inventory: '', headMac: 'x' } }
      })
      await assert.rejects(twice)
      assert.equal((await store.audit.head()).seq, 0)
      await store.appendAudit(nothing, adds(1))
      assert.deepEqual(seqs(await store.audit.from(1, 9)), [1])
    },
  },
  {
    name: 'a hand-out sees accounts, latest sessions and living keys as of its commit',
    async run(store) {
      await withAccounts(store)
      await store.transaction(async (tx) => {
        await tx.accounts.insert(account('acc_3', { alias: 'demo', generation: 2 }))
        await tx.sessions.insert(
          session('acc_3', 1, { status: 'ended', endReason: 'replaced', endedAtMs: 1 }),
        )
        await tx.sessions.insert(session('acc_3', 2))
        await tx.accounts.update(account('acc_2', { alias: 'papa', generation: 1, mac: 'mac_after_edit' }), 0)
        await tx.sessions.insert(session('acc_2', 1, { status: 'ended', endReason: 'revoked', endedAtMs: 1 }))
        await tx.keys.insert(clientKey('k1'))
        await tx.keys.insert(clientKey('k2', { revokedAtMs: 5 }))
        await tx.house.set(house())
      })
      let seen: Watched | undefined
      const watch = { accountIds: ['acc_1', 'acc_2', 'acc_3', 'acc_9'], keyIds: ['k1', 'k2', 'k9'] }
      await store.appendAudit(watch, (head, watched) => {
        seen = watched
        return adds(1)(head)
      })
      const houseMac = house().mac
      assert.deepEqual(Object.fromEntries(seen?.accounts ?? []), {
        acc_1: { generation: 0, status: 'none', mac: account('acc_1').mac, houseMac },
        acc_2: { generation: 1, status: 'ended', mac: 'mac_after_edit', houseMac },
        acc_3: { generation: 2, status: 'active', mac: account('acc_3').mac, houseMac },
      })
      assert.deepEqual([...(seen?.liveKeyIds ?? [])], ['k1'])
    },
  },
]
