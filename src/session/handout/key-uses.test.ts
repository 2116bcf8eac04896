import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Bed, openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { Principal } from '../ground/rights.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

let keys = 0
async function newKey({ domain }: Bed, accounts?: string[]): Promise<{ id: string; holder: Principal }> {
  const { desk } = domain
  const input = { name: `bot ${++keys}`, scopes: ['read-token' as const], ...(accounts ? { accounts } : {}) }
  const { key, view } = await desk.keys.add(operator, input)
  return { id: view.id, holder: await desk.keys.authenticate(key.reveal()) }
}

async function usesOf({ domain }: Bed, id: string) {
  const view = (await domain.desk.keys.list(operator)).find((key) => key.id === id)
  return [view?.uses, view?.lastUsedAt]
}

test('what a key was handed is counted in the commit of its record, and told once a minute', async () => {
  await using bed = await openBed('kite')
  const { domain, clock } = bed
  const { desk, store } = domain
  await domain.addAccount({ account: 'papa', broker: 'upstox' })
  await domain.logIn('demo')
  await domain.logIn('papa')
  const bot = await newKey(bed)
  const sheet = await newKey(bed)
  const told = async () =>
    (await store.feed.after(0, 1_000)).records
      .filter(({ action }) => action === 'session.handout')
      .map(({ account, detail, atMs }) => [detail.key, account?.alias, atMs % dayMs])
  assert.deepEqual(await usesOf(bed, bot.id), [0, null])
  const ask = ({ holder }: typeof bot, account: string) => desk.sessions.handOut(holder, account)
  const at = clock.nowMs() % dayMs
  await Promise.all([
    ask(bot, 'demo'),
    ask(bot, 'papa'),
    ask(bot, 'demo'),
    ask(sheet, 'demo'),
    desk.sessions.handOut(operator, 'demo'),
  ])
  await ask(bot, 'papa')
  assert.deepEqual(await usesOf(bed, bot.id), [4, '2026-11-23T03:00:00Z'])
  assert.deepEqual(await usesOf(bed, sheet.id), [1, '2026-11-23T03:00:00Z'])
  const { perAccount = [] } = (await desk.keys.list(operator)).find(({ id }) => id === bot.id) ?? {}
  assert.deepEqual(
    perAccount.toSorted((a, b) => a.account.localeCompare(b.account)),
    [
      { account: 'demo', lastUsedAt: '2026-11-23T03:00:00Z', uses: 2 },
      { account: 'papa', lastUsedAt: '2026-11-23T03:00:00Z', uses: 2 },
    ],
  )
  assert.deepEqual(await told(), [
    [bot.id, 'demo', at],
    [sheet.id, 'demo', at],
  ])
  await clock.advance(59_999)
  await ask(bot, 'papa')
  assert.equal((await told()).length, 2)
  await clock.advance(1)
  await ask(bot, 'papa')
  await domain.logIn('demo')
  await ask(bot, 'demo')
  assert.deepEqual((await told()).slice(2), [[bot.id, 'papa', at + minuteMs]])
  const sums = await store.keyUses.sums(0)
  assert.deepEqual(
    sums.filter(({ keyId }) => keyId === 'operator').map(({ count }) => count),
    [1],
    'a person is counted, not told',
  )
  const recorded = await bed.recorded('session.handout', 'ok')
  assert.equal(
    sums.reduce((sum, { count }) => sum + count, 0),
    recorded,
  )
})

test('after a restart in the same minute a key’s use is counted and not told again', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  const { id, holder } = await newKey(bed)
  for (let round = 0; round < 3; round++) {
    await bed.domain.desk.sessions.handOut(holder, 'demo')
    await bed.reopen()
  }
  const rows = (await bed.domain.store.feed.after(0, 100)).records
  assert.equal(rows.filter(({ action }) => action === 'session.handout').length, 1)
  assert.equal((await usesOf(bed, id))[0], 3)
})

test('what was refused is no use', async () => {
  await using bed = await openBed('kite')
  const { desk, store } = bed.domain
  await bed.domain.addAccount({ account: 'papa' })
  await bed.domain.logIn('demo')
  const limited = await newKey(bed, ['papa'])
  await refused(desk.sessions.handOut(limited.holder, 'demo'), 'account_not_found')
  const { id, holder } = await newKey(bed)
  await refused(desk.sessions.handOut(holder, 'demo', { minLifeMs: 48 * 60 * minuteMs }), 'session_short')
  await refused(desk.sessions.handOut(holder, 'papa'), 'session_none')
  await desk.keys.revoke(operator, id)
  await refused(desk.sessions.handOut(holder, 'demo'), 'key_invalid')
  assert.deepEqual(await store.keyUses.sums(0), [])
  assert.equal(
    (await store.feed.after(0, 100)).records.some(({ action }) => action === 'session.handout'),
    false,
  )
})

test('seven days are counted by the minute, a year by the day, and then it is forgotten', async () => {
  await using bed = await openBed('kite', { start: '2026-11-23T03:00:00Z' })
  const { domain, clock } = bed
  const { desk, store } = domain
  await domain.logIn('demo')
  const { id, holder } = await newKey(bed)
  for (let i = 0; i < 3; i++) {
    await desk.sessions.handOut(holder, 'demo')
    await clock.advance(10 * minuteMs)
  }
  const stir = () => desk.accounts.edit(operator, 'demo', { label: 'x' })
  await clock.advance(7 * dayMs - 30 * minuteMs)
  assert.deepEqual(await usesOf(bed, id), [3, '2026-11-23T03:20:00Z'])
  await clock.advance(minuteMs)
  await stir()
  assert.deepEqual(await usesOf(bed, id), [2, '2026-11-23T03:20:00Z'])
  await clock.advance(30 * minuteMs)
  await stir()
  await clock.advance(60 * minuteMs)
  await stir()
  assert.deepEqual(await usesOf(bed, id), [0, '2026-11-23T03:20:00Z'])
  await clock.advance(390 * dayMs)
  await stir()
  assert.equal((await store.keyUses.sums(0)).length, 1)
  await clock.advance(10 * dayMs)
  await stir()
  assert.deepEqual(await usesOf(bed, id), [0, null])
})
