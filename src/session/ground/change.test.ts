import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { FeedRecord, Store } from '../../contracts/store.ts'
import { workKinds } from '../../contracts/work.ts'
import { BhorError } from '../../core/errors.ts'
import { endSession } from '../life/ending.ts'
import { change } from './change.ts'
import { keeper } from './rights.ts'

const told = { actor: keeper.actor, action: 'config.change', result: 'ok' } as const

test('rows, audit and feed are in one commit, and are published after it', async () => {
  await using bed = await openBed('kite')
  const { context, store } = bed.domain
  const before = (await store.audit.head()).seq
  const seen: FeedRecord[] = []
  let storedWhenPublished: string | undefined
  using _subscription = context.feed.subscribe((rows) => {
    seen.push(...rows)
    void store.meta.get('x').then((value) => {
      storedWhenPublished = value
    })
  })
  await change(context, async (c) => {
    const tx = c.tell({ ...told, detail: { options: 'a' } })
    await tx.meta.set('x', '1')
    c.tell({ ...told, detail: { options: 'b' } })
    assert.deepEqual(seen, [], 'nothing is published before the commit')
  })
  assert.deepEqual(
    seen.map(({ seq, detail, account }) => [seq, detail, account]),
    [
      [before + 1, { options: 'a' }, null],
      [before + 2, { options: 'b' }, null],
    ],
  )
  assert.deepEqual((await store.feed.after(before, 10)).records, seen)
  assert.deepEqual(
    (await store.audit.from(before + 1, 10)).map(({ seq, action }) => [seq, action]),
    seen.map(({ seq, action }) => [seq, action]),
  )
  assert.equal(storedWhenPublished, '1')
})

test('a change that fails leaves no row, no record, no event, and its number to the next one', async () => {
  await using bed = await openBed('kite')
  const { context, store } = bed.domain
  const before = await store.audit.head()
  const range = await store.feed.range()
  const { version } = context.feed
  await refused(
    change(context, async (c) => {
      await c.tell(told).meta.set('x', '1')
      throw new BhorError('bad_field', 'No.')
    }),
    'bad_field',
  )
  assert.deepEqual(await store.audit.head(), before)
  assert.deepEqual(await store.feed.range(), range)
  assert.equal(await store.meta.get('x'), undefined)
  assert.equal(context.feed.version, version)
})

test('an event tells what happened to whom: account, broker, kind and the generation afterwards', async () => {
  await using bed = await openBed('upstox')
  const seen: FeedRecord[] = []
  using _subscription = bed.domain.context.feed.subscribe((rows) => void seen.push(...rows))
  await bed.domain.logIn('demo')
  await bed.handOut()
  const { id } = await bed.account()
  assert.deepEqual(
    seen.map(({ action }) => action),
    ['login.start', 'login.callback', 'session.start', 'login.finish', 'gate.change'],
    'a hand-out to no key is no event',
  )
  assert.deepEqual(seen.at(2)?.account, {
    id,
    alias: 'demo',
    broker: 'upstox',
    kind: (await bed.account()).kind,
    generation: 1,
  })
})

test('a commit of which nobody knows makes everybody look again', async () => {
  let isUnknown = false
  const wrap = (store: Store): Store => ({
    ...store,
    async transaction(work) {
      const done = await store.transaction(work)
      if (isUnknown) throw new BhorError('store_unavailable', 'Cut off.', { facts: { outcome: 'unknown' } })
      return done
    },
  })
  await using bed = await openBed('kite', { wrap })
  await bed.domain.logIn('demo')
  assert.equal((await bed.handOut()).generation, 1)
  const { version } = bed.domain.context.feed
  isUnknown = true
  await refused(bed.domain.desk.accounts.edit(operator, 'demo', { account: 'papa' }), 'store_unavailable')
  assert.notEqual(bed.domain.context.feed.version, version)
  isUnknown = false
  await refused(bed.domain.desk.sessions.handOut(operator, 'demo'), 'account_not_found')
  assert.equal((await bed.domain.desk.accounts.get(operator, 'papa')).generation, 1)
})

test('what is older than a week is forgotten, the newest event never', async () => {
  await using bed = await openBed('kite')
  const { store } = bed.domain
  await bed.domain.desk.accounts.edit(operator, 'demo', { label: 'one' })
  const { newest } = await store.feed.range()
  await bed.clock.advance(8 * 24 * 60 * 60_000)
  await bed.domain.desk.accounts.edit(operator, 'demo', { label: 'two' })
  const rows = (await store.feed.after(0, 100)).records
  assert.deepEqual(
    rows.map(({ action }) => action),
    ['account.edit'],
  )
  assert.ok((rows[0]?.seq ?? 0) > newest)
})

test('what is done under a lease that somebody else has by now is not written', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  const { context, store } = bed.domain
  await bed.clock.advance(24 * 3_600_000)
  const claim = async (owner: string) => {
    const claimed = await store.claimWork({
      owner,
      nowMs: bed.clock.nowMs(),
      leaseMs: 30_000,
      limit: 100,
      kinds: workKinds,
    })
    return claimed.find(({ kind }) => kind === 'expiry')!
  }
  const lease = await claim('one')
  const { accountId, epoch } = lease
  await bed.clock.advance(30_000)
  assert.equal((await claim('two')).epoch, epoch + 1)
  const session = (await store.sessions.latest(accountId))!
  await refused(endSession({ ...context, lease }, keeper.actor, session, 'expired'), 'lease_lost')
  assert.equal((await store.sessions.latest(accountId))?.status, 'active')
})
