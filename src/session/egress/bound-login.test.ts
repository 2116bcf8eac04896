import assert from 'node:assert/strict'
import { test } from 'node:test'
import { families } from '../../../test/contract-families/family.ts'
import { openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { startConnectProxy } from '../../../test/support/egress-proxies.ts'
import { openWorld, type World } from '../../../test/support/world.ts'
import type { EgressChange } from '../../contracts/api.ts'

const login = 'me:ThePasswordOfTheProxy'

const set = (world: World, egress: EgressChange) =>
  world.app.desk.accounts.edit(world.app.operator, 'demo', { settings: { egress } })

/** A Kotak account whose login asks; what it was asked at its broker. */
async function openBound() {
  const world = await openWorld({ families: [families.kotak] })
  const { desk, operator } = world.app
  await desk.accounts.add(operator, { account: 'demo', broker: 'kotak', kind: 'sandbox' })
  const proxy = await startConnectProxy({ exit: '127.0.0.2', login })
  await set(world, { proxy: proxy.url, proxyLogin: login, registered: ['127.0.0.2'] })
  return {
    world,
    proxy,
    desk,
    operator,
    calls: () => world.simulator.calls({ broker: 'kotak' }).length,
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]()
      await proxy[Symbol.asyncDispose]()
    },
  }
}

test('a broker that binds the session to the address: a login over another one is refused before anything is sent', async () => {
  await using at = await openBound()
  at.proxy.exit = '127.0.0.7'
  await refused(at.desk.logins.start(at.operator, 'demo', { via: 'api' }), 'egress_different')
  assert.equal(at.calls(), 0)
  assert.equal((await at.desk.accounts.get(at.operator, 'demo')).status, 'none')
  at.proxy.exit = '127.0.0.2'
  await at.world.advance(6_000)
  const { status } = await at.desk.logins.start(at.operator, 'demo', { via: 'api' })
  assert.equal(status, 'done')
})

test('an exit that changes while a login is open: its answer is not spent, and the same login goes on over the right one', async () => {
  await using at = await openBound()
  const { world, desk, operator } = at
  await desk.accounts.edit(operator, 'demo', { fields: { mpin: '' } })
  const { login: id, asks } = await desk.logins.start(operator, 'demo', { via: 'api' })
  assert.deepEqual(
    asks.map(({ name }) => name),
    ['mpin'],
  )
  const before = at.calls()
  const mpin = await pinOf(world)
  const answer = () => desk.logins.answer(operator, 'demo', id, { mpin })
  for (const [exit, proxyLogin, code] of [
    ['127.0.0.7', login, 'egress_different'],
    ['127.0.0.2', 'me:another', 'egress_proxy_login'],
  ] as const) {
    at.proxy.exit = exit
    at.proxy.login = proxyLogin
    await world.advance(6_000)
    await refused(answer(), code)
    assert.equal((await desk.logins.get(operator, 'demo', id)).status, 'open')
  }
  assert.equal(at.calls(), before)
  at.proxy.login = login
  await world.advance(6_000)
  assert.equal((await answer()).status, 'done')
})

test('a renewal at such a broker is not asked for over another address', async () => {
  await using bed = await openBed('kite', { app: { approvedForRefresh: true } })
  const { context, desk } = bed.domain
  await bed.domain.logIn('demo')
  const { broker } = context
  Object.assign(context, {
    egressEcho: async () => [`${bed.simulator.url}/egress-echo`],
    broker: async (id: string) => ({ ...(await broker(id)), addressCheck: 'session' }),
  })
  await desk.accounts.edit(operator, 'demo', { settings: { egress: { registered: ['192.0.2.7'] } } })
  const asked = () => bed.simulator.calls({ path: '/session/refresh_token' }).length
  await refused(desk.sessions.renew(operator, 'demo'), 'egress_different')
  assert.equal(asked(), 0)
  await desk.accounts.edit(operator, 'demo', { settings: { egress: { registered: ['127.0.0.1'] } } })
  assert.equal((await desk.sessions.renew(operator, 'demo')).generation, 2)
  assert.equal(asked(), 1)
})

/** What the simulated broker knows of the account's person. */
async function pinOf({ app, simulator }: World): Promise<string> {
  const { fields } = await app.desk.accounts.get(app.operator, 'demo')
  const state = await (await fetch(`${simulator.url}/control/state`)).json()
  const { brokers } = state as { brokers: { kotak: { users: { userId: string; pin: string }[] } } }
  return brokers.kotak.users.find(({ userId }) => userId === fields.ucc)!.pin
}

test('a broker that looks at orders alone takes the login from anywhere', async () => {
  await using world = await openWorld()
  await world.addAccount()
  await set(world, { registered: ['192.0.2.7'] })
  const { standing } = await world.app.desk.egress.measure(world.app.operator, 'demo')
  assert.equal(standing, 'different')
  assert.equal((await world.logIn('demo')).status, 'active')
})
