import assert from 'node:assert/strict'
import type { Store } from '../../../src/contracts/store.ts'
import { channelWorkKinds } from '../../../src/contracts/work.ts'
import {
  channelRow as channel,
  deliveryRow as delivery,
  incidentRow as incident,
  outboxRow as waiting,
} from './samples.ts'
import { rejectsWith, type StoreCase } from './store-case.ts'

async function withChannels(store: Store): Promise<void> {
  await store.transaction(async (tx) => {
    await tx.channels.insert(channel('chan_1'))
    await tx.channels.insert(channel('chan_2', { accountIds: null, quiet: null, sealedSecrets: '' }))
  })
}

export const alertCases: readonly StoreCase[] = [
  {
    name: 'a channel comes back as it went in, also after reopening; its name is unique',
    async run(store, bed) {
      await withChannels(store)
      const changed = channel('chan_1', { name: 'phone', settings: {}, quiet: null, mac: 'other' })
      await store.transaction((tx) => tx.channels.update(changed))
      await rejectsWith(
        'already_exists',
        store.transaction((tx) => tx.channels.insert(channel('chan_3', { name: 'phone' }))),
      )
      await rejectsWith(
        'channel_not_found',
        store.transaction((tx) => tx.channels.update(channel('chan_4'))),
      )
      const again = await bed.reopen()
      assert.deepEqual(await again.channels.byId('chan_1'), changed)
      assert.deepEqual(
        (await again.channels.list()).records.map(({ name }) => name),
        ['chan_2', 'phone'],
      )
      assert.equal(await again.channels.byId('chan_3'), undefined)
    },
  },
  {
    name: 'of what waits for a channel the critical come first, then the oldest; what was sent goes',
    async run(store) {
      await withChannels(store)
      await store.transaction(async (tx) => {
        await tx.outbox.insert(waiting('a_3', { atMs: 30 }))
        await tx.outbox.insert(waiting('a_1', { atMs: 10 }))
        await tx.outbox.insert(waiting('a_2', { atMs: 20, severity: 'critical' }))
        await tx.outbox.insert(waiting('a_0', { atMs: 10 }))
        await tx.outbox.insert(waiting('b_1', { channelId: 'chan_2', atMs: 5 }))
      })
      const ids = async (limit: number) =>
        (await store.outbox.of('chan_1', limit)).records.map(({ id }) => id)
      assert.deepEqual(await ids(10), ['a_2', 'a_0', 'a_1', 'a_3'])
      assert.deepEqual(await ids(2), ['a_2', 'a_0'])
      assert.deepEqual(await store.outbox.depth(), { count: 5, oldestMs: 5 })
      await store.transaction((tx) => tx.outbox.delete(['a_2', 'a_0', 'never']))
      await store.transaction((tx) => tx.outbox.delete([]))
      assert.deepEqual(await ids(10), ['a_1', 'a_3'])
    },
  },
  {
    name: 'what was told and how sending went is written over, and goes with its channel',
    async run(store) {
      await withChannels(store)
      await store.transaction(async (tx) => {
        await tx.incidents.set(incident('disk_full '))
        await tx.incidents.set(incident('disk_full ', { toldAtMs: 9, channelIds: [] }))
        await tx.incidents.set(incident('login_failed acc_1', { kind: 'login_failed', accountId: 'acc_1' }))
        await tx.deliveries.set(delivery)
        await tx.deliveries.set({ ...delivery, failures: 2 })
        await tx.outbox.insert(waiting('a_1'))
        await tx.work.plan('chan_1', 0, new Map([['alert', 10]] as const))
      })
      assert.deepEqual(
        (await store.incidents.list()).map(({ id, toldAtMs }) => [id, toldAtMs]),
        [
          ['disk_full ', 9],
          ['login_failed acc_1', 6],
        ],
      )
      assert.deepEqual(await store.deliveries.of('chan_1'), { ...delivery, failures: 2 })
      assert.equal(await store.work.next(channelWorkKinds), 10)
      await store.transaction(async (tx) => {
        await tx.incidents.delete('disk_full ')
        await tx.channels.delete('chan_1')
      })
      assert.deepEqual((await store.incidents.list()).length, 1)
      assert.deepEqual([await store.deliveries.list(), (await store.outbox.depth()).count], [[], 0])
      assert.equal(await store.work.next(channelWorkKinds), undefined)
    },
  },
  {
    name: 'work of a channel is claimed by who asks for its kind, and by nobody else',
    async run(store) {
      await withChannels(store)
      await store.transaction((tx) => tx.work.plan('chan_1', 0, new Map([['alert', 10]] as const)))
      const claim = { owner: 'one', nowMs: 100, leaseMs: 1_000, limit: 5 }
      assert.deepEqual(await store.claimWork({ ...claim, kinds: ['expiry', 'probe'] }), [])
      assert.equal(await store.work.next(['expiry', 'probe']), undefined)
      const [row] = await store.claimWork({ ...claim, kinds: channelWorkKinds })
      assert.deepEqual([row?.accountId, row?.kind, row?.owner], ['chan_1', 'alert', 'one'])
      assert.deepEqual(await store.claimWork({ ...claim, kinds: channelWorkKinds }), [])
    },
  },
]
