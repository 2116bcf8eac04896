import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refused } from '../../../test/support/bed.ts'
import { openWorld, type World } from '../../../test/support/world.ts'
import type { LoginWay } from '../../contracts/store.ts'
import { eventOf } from '../events/wire.ts'
import { fullRights } from '../ground/rights.ts'
import { callbackOf } from './callback.ts'

/** A first login of `demo` that comes back by this way. */
async function arrive(world: World, way: LoginWay, userId = 'DM0001'): Promise<void> {
  const end = await world.callbackFor('demo', { userId })
  const { desk } = world.app
  const brought = callbackOf(new URL(end).search.slice(1))
  if (way === 'telegram') await desk.logins.paste(world.app.operator, 'demo', end, way)
  else await desk.logins.complete(fullRights('broker', 'kite'), 'kite', brought, way)
}
const view = ({ app }: World) => app.desk.accounts.get(app.operator, 'demo')
const handOut = ({ app }: World) => app.desk.sessions.handOut(app.operator, 'demo')
const eventsOf = async ({ app }: World) =>
  (await app.store.feed.after(0, 200)).records.map(eventOf).flatMap((one) => (one ? [one] : []))

for (const way of ['porch', 'telegram'] as const) {
  test(`a first login by ${way} pins nobody: kept, handed out to nobody, until a person confirms`, async () => {
    await using world = await openWorld()
    await world.addAccount()
    await arrive(world, way)
    const waiting = await view(world)
    assert.deepEqual(
      [
        waiting.status,
        waiting.generation,
        waiting.userId,
        waiting.unconfirmed?.userId,
        waiting.unconfirmed?.via,
      ],
      ['unconfirmed', 1, null, 'DM0001', way],
    )
    assert.match(waiting.statusText, /Demo User \(DM0001\).*bhor accounts confirm demo/)
    assert.deepEqual([waiting.gate.state, waiting.gate.reason], ['closed', 'unconfirmed'])
    await refused(handOut(world), 'unconfirmed')
    const names = (await eventsOf(world)).map(({ event }) => event)
    assert.equal(names.includes('session.started'), false)
    assert.ok(
      (await eventsOf(world)).some(
        ({ event, data }) => event === 'account.changed' && data.change === 'unconfirmed',
      ),
    )
    // It survives a restart.
    await world.restart()
    await refused(handOut(world), 'unconfirmed')

    const { desk, operator } = world.app
    const confirmed = await desk.logins.confirm(operator, 'demo', 'DM0001')
    assert.deepEqual([confirmed.status, confirmed.userId, confirmed.unconfirmed], ['active', 'DM0001', null])
    assert.equal(confirmed.gate.state, 'open')
    assert.match((await handOut(world)).reveal(), /"generation":1/)
    const started = (await eventsOf(world)).filter(({ event }) => event === 'session.started')
    assert.equal(started.length, 1)
    // Said again it changes nothing, and tells nothing.
    const seq = (await eventsOf(world)).length
    assert.equal((await desk.logins.confirm(operator, 'demo', 'DM0001')).status, 'active')
    assert.equal((await eventsOf(world)).length, seq)
  })
}

test('a first login at the desk pins as it always did, and so does a later one by the porch', async () => {
  await using world = await openWorld()
  await world.addAccount()
  await arrive(world, 'desk')
  assert.deepEqual([(await view(world)).status, (await view(world)).userId], ['active', 'DM0001'])
  await arrive(world, 'porch')
  assert.deepEqual([(await view(world)).status, (await view(world)).generation], ['active', 2])
})

test('an account whose person is known beforehand needs nobody to confirm', async () => {
  await using world = await openWorld()
  await world.addAccount({ userId: 'DM0001' })
  await arrive(world, 'porch')
  assert.equal((await view(world)).status, 'active')
})

test('who confirms somebody else than is waiting, or nobody, is told so', async () => {
  await using world = await openWorld()
  await world.addAccount()
  const { desk, operator } = world.app
  await refused(desk.logins.confirm(operator, 'demo', 'DM0001'), 'nothing_to_confirm')
  await arrive(world, 'porch')
  await refused(desk.logins.confirm(operator, 'demo', 'DM0042'), 'bad_field')
  await refused(desk.logins.confirm(operator, 'demo', ''), 'bad_field')
  assert.equal((await view(world)).status, 'unconfirmed')
  await refused(desk.logins.confirm(operator, 'papa', 'DM0001'), 'account_not_found')
})

test('no key and nothing from outside confirms', async () => {
  await using world = await openWorld()
  await world.addAccount()
  await arrive(world, 'porch')
  const { desk } = world.app
  for (const kind of ['key', 'broker', 'keeper'] as const)
    await refused(desk.logins.confirm(fullRights(kind, 'x'), 'demo', 'DM0001'), 'scope_missing')
  assert.equal((await desk.logins.confirm(fullRights('desk', 'x'), 'demo', 'DM0001')).status, 'active')
})

test('the wrong person is logged out, and the right one can come', async () => {
  await using world = await openWorld()
  await world.addAccount()
  const other = { broker: 'kite', userId: 'DM0042', totpSeed: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' }
  world.simulator.addUser({ ...other, password: 'demo', name: 'Other', email: 'other@example.com' })
  await arrive(world, 'porch', 'DM0042')
  assert.equal((await view(world)).unconfirmed?.userId, 'DM0042')
  const { desk, operator } = world.app
  const out = await desk.sessions.logout(operator, 'demo')
  assert.deepEqual([out.status, out.unconfirmed, out.userId], ['revoked', null, null])
  await refused(desk.logins.confirm(operator, 'demo', 'DM0042'), 'nothing_to_confirm')
  await arrive(world, 'desk', 'DM0001')
  assert.deepEqual([(await view(world)).status, (await view(world)).userId], ['active', 'DM0001'])
})

test('a login at the desk takes the place of one that nobody has confirmed', async () => {
  await using world = await openWorld()
  await world.addAccount()
  await arrive(world, 'porch')
  await arrive(world, 'desk')
  const after = await view(world)
  assert.deepEqual([after.status, after.generation, after.userId], ['active', 2, 'DM0001'])
})

test('one that nobody confirms ends at its hour like any other, and is nobody’s afterwards', async () => {
  // Half an hour before the dawn that ends it.
  await using world = await openWorld({ start: '2026-11-23T00:00:00Z' })
  await world.addAccount()
  await arrive(world, 'porch')
  await world.advance(31 * 60_000)
  const after = await view(world)
  assert.deepEqual([after.status, after.unconfirmed], ['expired', null])
  const { desk, operator } = world.app
  await refused(handOut(world), 'session_expired')
  await refused(desk.logins.confirm(operator, 'demo', 'DM0001'), 'nothing_to_confirm')
})
