import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Doors, openDoors } from '../../../test/support/doors.ts'
import { ask, KeyKeeper, offerReturn } from '../../../test/support/key-keeper.ts'
import { sqliteIntruder } from '../../../test/support/set-back.ts'

const dayMs = 24 * 60 * 60_000
const me = (doors: Doors, page: Parameters<typeof ask>[1]) => ask(doors, page, 'GET', '/v1/desk/me')

test('a browser that was revoked and whose row somebody puts back opens nothing', async () => {
  await using doors = await openDoors()
  const { app, home } = doors.world
  const [page, other] = [await new KeyKeeper().signIn(doors), await new KeyKeeper().signIn(doors)]
  const intruder = sqliteIntruder(home)
  const before = await intruder.copy(['browsers'])
  await app.desk.browsers.revoke(app.operator, page.id)
  assert.equal((await me(doors, other)).status, 200)
  await intruder.putBack(before)
  for (let times = 0; times < 2; times++) {
    assert.equal((await me(doors, page)).code, 'store_rolled_back')
    assert.equal((await offerReturn(doors, page)).code, 'store_rolled_back')
  }
  // Who was in before sees what is wrong, and so does whoever follows a new link.
  assert.equal((await me(doors, other)).status, 200)
  assert.equal((await doors.ask('GET', '/v1/desk/me', { headers: await doors.signIn() })).status, 200)
  assert.equal(app.store.rollback()?.code, 'store_rolled_back')
})

test('a row that somebody changed counts no more, is named, and can be revoked', async () => {
  for (const change of [
    'cookie_hash',
    'public_key',
    'host',
    'told_by',
    'started_at_ms + 1',
    'last_used_at_ms + 1',
  ]) {
    await using doors = await openDoors()
    const { app, home } = doors.world
    const page = await new KeyKeeper().signIn(doors)
    const [column = ''] = change.split(' ')
    const value = change.includes('+') ? change : `'other'`
    await sqliteIntruder(home).run(`update browsers set ${column} = ${value}`)
    app.desk.context.feed.stir()
    assert.equal((await me(doors, page)).code, 'store_damaged', change)
    const [only] = await app.desk.browsers.list(app.operator)
    assert.deepEqual([only?.id, only?.isDamaged], [page.id, true], change)
    await app.desk.browsers.revoke(app.operator, page.id)
    assert.deepEqual(await app.desk.browsers.list(app.operator), [])
  }
})

test('use is noted once a day at most, and what is over is taken away', async () => {
  await using doors = await openDoors()
  const { app, clock } = doors.world
  const page = await new KeyKeeper().signIn(doors)
  const pass = (ms: number) => clock.set(clock.now().add({ milliseconds: ms }))
  for (let hours = 0; hours < 48; hours++) {
    assert.equal((await me(doors, page)).status, 200)
    pass(60 * 60_000)
  }
  const audit = await app.desk.audit.list(app.operator, { limit: 100 })
  assert.equal(audit.filter(({ action }) => action === 'desk.use').length, 1)
  pass(7 * dayMs)
  await app.desk.browsers.tidy()
  assert.equal((await app.store.browsers.list()).records.length, 0)
  const [last] = await app.desk.audit.list(app.operator, { limit: 1 })
  assert.deepEqual([last?.action, last?.actor, last?.detail.why], ['desk.revoke', 'keeper', 'time'])
})
