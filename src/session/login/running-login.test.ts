import assert from 'node:assert/strict'
import { test } from 'node:test'
import { families } from '../../../test/contract-families/family.ts'
import { openDoors } from '../../../test/support/doors.ts'
import { openWorld } from '../../../test/support/world.ts'
import { kite } from '../../brokers/kite/index.ts'
import type { LoginStarted, LoginView } from '../../contracts/api.ts'
import { chatRights, fullRights } from '../ground/rights.ts'

test('a running login is told with its page to whoever is at the desk, and to no key, chat, link or broker', async () => {
  await using doors = await openDoors()
  const { world } = doors
  await world.addAccount()
  const key = await doors.key(['admin'])
  const started = (await doors.ask('POST', '/v1/accounts/demo/login', { key, body: {} })).json as LoginStarted
  const path = `/v1/accounts/demo/login/${started.login}`
  const seen = async (options: object) => {
    const { method, via, url, status } = (await doors.ask('GET', path, options)).json as LoginView
    return { method, via, url, status }
  }
  const running = { method: 'redirect', via: 'api', url: started.url, status: 'open' }
  assert.match(started.url ?? '', /^http:\/\/127\.0\.0\.1/)
  // Also after a start, which forgets all that was in memory.
  await world.app.desk.logins.get(world.app.operator, 'demo', started.login)
  assert.deepEqual(await seen({ headers: await doors.signIn() }), running)
  assert.deepEqual(await seen({ overSocket: true }), running)
  assert.deepEqual(await seen({ key }), { ...running, url: null })
  const { logins } = world.app.desk
  for (const principal of [
    chatRights({ id: 'channel_x', accountIds: null }),
    fullRights('prompt', 'prompt_x'),
    fullRights('broker', 'kite'),
  ])
    assert.equal((await logins.get(principal, 'demo', started.login)).url, null, principal.actor.kind)

  // Nothing of it stands in the store or the record, but its hash and what is sealed.
  const state = new URL(started.url!).searchParams.get('redirect_params') ?? started.url!
  const stored = JSON.stringify([
    await world.app.store.logins.byId(started.login),
    await world.app.desk.audit.list(world.app.operator, { limit: 50 }),
    doors.logged,
  ])
  assert.ok(state.length > 40 && !stored.includes(state) && !stored.includes(started.url!))

  await world.arrive(world.simulator.logIn('kite', started.url!))
  const done = await seen({ headers: await doors.signIn() })
  assert.deepEqual(done, { ...running, url: null, status: 'done' })
  assert.equal((await world.app.store.logins.byId(started.login))?.sealedCarry, '', 'nothing of it is kept')
})

test('the page outlives a start of bhor, and is over with its time', async () => {
  await using world = await openWorld()
  await world.addAccount()
  const { desk, operator } = world.app
  const { login, url } = await desk.logins.start(operator, 'demo', { via: 'desk' })
  const { desk: later } = await world.restart()
  assert.equal((await later.logins.get(operator, 'demo', login)).url, url)
  await world.advance(10 * 60_000)
  const over = await later.logins.get(operator, 'demo', login)
  assert.deepEqual([over.status, over.url], ['expired', null])
})

test('a question after the page: the page is told no more', async () => {
  const [page] = kite.logins
  const asks = [{ name: 'word', label: 'Word of the day', kind: 'text' }] as const
  const asking = { ...kite, logins: [{ ...page, steps: [{ ...page.steps[0], asks }] }] }
  await using world = await openWorld()
  await world.addAccount()
  const { desk, operator } = world.app
  Object.assign(desk.context, { broker: async () => asking })
  const { login, url } = await desk.logins.start(operator, 'demo', { via: 'desk' })
  await world.arrive(world.simulator.logIn('kite', url!))
  const waiting = await desk.logins.get(operator, 'demo', login)
  assert.deepEqual([waiting.status, waiting.url, waiting.asks.length], ['open', null, 1])
})

test('an approval is told as one', async () => {
  await using world = await openWorld({ families: [families.approving] })
  const { desk, operator } = world.app
  await world.addAccount({ account: 'papa', broker: 'approving' })
  const { login } = await desk.logins.start(operator, 'papa', { via: 'cli' })
  const { method, via, url } = await desk.logins.get(operator, 'papa', login)
  assert.deepEqual([method, via, url], ['approval', 'cli', null])
})

test('an account that is in by another login waits no more for what was begun before, but for what is begun anew', async () => {
  await using world = await openWorld()
  await world.addAccount()
  const { desk, operator } = world.app
  const start = () => desk.logins.start(operator, 'demo', { via: 'api' })
  const seen = async () => (await desk.accounts.get(operator, 'demo')).login?.id ?? null
  const left = await start()
  await world.advance(1_000)
  assert.equal(await seen(), left.login)
  const { url } = await start()
  await world.advance(1_000)
  await world.arrive(world.simulator.logIn('kite', url!))
  assert.equal(await seen(), null)
  await world.advance(1_000)
  const anew = await start()
  assert.equal(await seen(), anew.login)
  // It is open all the same, for whoever still has its page in front of him.
  assert.equal((await desk.logins.get(operator, 'demo', left.login)).status, 'open')
})
