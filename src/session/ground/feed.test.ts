import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBed } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { change } from './change.ts'
import { keeper } from './rights.ts'

test('whoever is limited to some accounts is woken by them alone, and by what is about everybody', async () => {
  await using bed = await openBed('kite')
  const { domain, clock } = bed
  const { context, desk } = domain
  const papa = await domain.addAccount({ account: 'papa', broker: 'upstox' })
  const accountIds = new Set([papa.id])
  const version = () => context.feed.past(-1, clock, 0, { accountIds })
  const before = await version()
  const all = context.feed.version
  let isWoken = false
  const waiting = context.feed.past(before, clock, 60_000, { accountIds }).finally(() => {
    isWoken = true
  })
  await desk.accounts.edit(operator, 'demo', { label: 'x' })
  await desk.keys.add(operator, { name: 'x', scopes: ['status'] })
  await change(context, async (c) =>
    c.tell({ actor: keeper.actor, action: 'config.change', result: 'ok', detail: {} }),
  )
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(isWoken, false)
  assert.equal(await version(), before, 'not even the number moves')
  assert.equal(context.feed.version, all + 3)
  await desk.accounts.edit(operator, 'papa', { label: 'y' })
  assert.ok((await waiting) > before)
  const then = await version()
  context.feed.stir()
  assert.ok((await version()) > then)
})

test('a key’s use tells those who follow and makes nobody else look again', async () => {
  await using bed = await openBed('kite')
  const { context, desk } = bed.domain
  await bed.domain.logIn('demo')
  const { key } = await desk.keys.add(operator, { name: 'bot', scopes: ['read-token'] })
  const holder = await desk.keys.authenticate(key.reveal())
  const marks = () => [context.feed.version, context.feed.mark({ accountIds: new Set(['acc_1']) })]
  const before = marks()
  const uses = context.feed.mark({ seesUses: true })
  let calls = 0
  using _subscription = context.feed.subscribe(() => calls++)
  await desk.sessions.handOut(holder, 'demo')
  assert.deepEqual([marks(), calls], [before, 0])
  assert.notEqual(context.feed.mark({ seesUses: true }), uses)
})
