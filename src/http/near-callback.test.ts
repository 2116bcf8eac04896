import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Doors, openDoors } from '../../test/support/doors.ts'

const browser = {
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  accept: 'text/html,application/xhtml+xml',
}
const go = (doors: Doors, path: string, headers = {}) =>
  doors.ask('GET', path, { headers: { ...browser, ...headers } })
const generation = async ({ world }: Doors) =>
  (await world.app.desk.accounts.get(world.app.operator, 'demo')).generation

const nearly = (broker: string) => [
  `/callback/${broker}/`,
  `/callback//${broker}`,
  `/callback/${broker}//`,
  `/Callback/${broker}`,
  `/callback/${broker.toUpperCase()}`,
  `/callback/${broker}/login`,
  '/callback',
  '/callback/',
  `/callbacks/${broker}`,
  '/callback/zerodha',
  '/callback/my%20desk',
]

for (const broker of ['kite', 'upstox'] as const) {
  test(`${broker}: where an address is nearly right, the state decides`, async () => {
    await using doors = await openDoors()
    await doors.world.addAccount({ broker })
    const exchanges = () => doors.world.simulator.calls({ broker, method: 'POST', path: '*token' }).length
    for (const [at, path] of nearly(broker).entries()) {
      const { search } = new URL(await doors.world.callbackFor('demo'))
      const before = exchanges()
      // Without a state that bhor has signed it is explained, and nothing is spent.
      for (const query of [
        '',
        '?x=y',
        '?code=a&request_token=a&state=a.b',
        search.replace(/state=./, 'state='),
      ]) {
        const answer = await go(doors, path + query)
        assert.equal(answer.status, 404, `${path}${query}`)
        assert.match(answer.text, /nearly, but not quite/)
        assert.ok(answer.text.includes(`${doors.server.origin}/callback/`))
        assert.doesNotMatch(answer.text, /request_token|zerodha|my desk/)
      }
      assert.equal((await go(doors, path + search, { 'sec-purpose': 'prefetch' })).status, 405)
      for (const method of ['POST', 'HEAD', 'PUT']) await doors.ask(method, path + search)
      assert.equal((await go(doors, path + search, { 'sec-fetch-dest': 'iframe' })).status, 403)
      assert.equal(exchanges(), before, path)
      const done = await go(doors, path + search)
      assert.match(done.text, /You are logged in/, path)
      assert.equal(await generation(doors), at + 1)
      assert.equal((await go(doors, path + search)).text, done.text)
    }
    // Another broker's own address is none of them.
    const other = broker === 'kite' ? 'upstox' : 'kite'
    const { search } = new URL(await doors.world.callbackFor('demo'))
    assert.equal((await go(doors, `/callback/${other}${search}`)).status, 400)
  })
}

test('loading the page again says what became of the login, whatever that was', async () => {
  await using doors = await openDoors()
  const { world } = doors
  await world.addAccount()
  const pathOf = async (person = {}) => {
    const { pathname, search } = new URL(await world.callbackFor('demo', person))
    return pathname + search
  }
  const refused = await pathOf({ cancels: true })
  for (let times = 0; times < 2; times++)
    assert.match((await go(doors, refused)).text, /refused or cancelled/)

  const failed = await pathOf()
  world.simulator.faults.add({ kind: 'rate_limited', match: { path: '/session/token' } })
  const [first, again] = [await go(doors, failed), await go(doors, failed)]
  assert.deepEqual([first.status, first.text], [again.status, again.text])
  assert.match(first.text, /asks to slow down/)

  const withdrawn = await pathOf()
  const { login } = await world.app.desk.accounts.get(world.app.operator, 'demo')
  await world.app.desk.logins.cancel(world.app.operator, 'demo', login!.id)
  assert.match((await go(doors, withdrawn)).text, /This login was cancelled/)

  const late = await pathOf()
  await world.advance(10 * 60_000)
  for (let times = 0; times < 2; times++) assert.equal((await go(doors, late)).status, 410)

  const done = await pathOf()
  const live = await go(doors, done)
  assert.match(live.text, /live until 06:00 India time/)
  await world.advance(60 * 60_000)
  assert.equal((await go(doors, done)).text, live.text, 'an hour later')
  await world.app.desk.sessions.logout(world.app.operator, 'demo')
  const over = await go(doors, done)
  assert.equal(over.status, 200)
  assert.match(over.text, /You were logged in with it; the session of demo has ended since/)
  assert.match(over.text, /data-done="false"/)
})

test('what passes by itself keeps its address, so that it can be loaded again', async () => {
  await using doors = await openDoors()
  const { world } = doors
  await world.addAccount()
  const paths = []
  for (const _ of [1, 2]) {
    const { pathname, search } = new URL(await world.callbackFor('demo'))
    paths.push(pathname + search)
  }
  world.simulator.faults.add({ kind: 'slow', delayMs: 1_500, match: { path: '/session/token' } })
  const running = go(doors, paths[0]!)
  while (world.simulator.calls({ path: '/session/token' }).length === 0)
    await new Promise((resolve) => setImmediate(resolve))
  const busy = await go(doors, paths[1]!)
  assert.deepEqual([busy.status, / data-stays/.test(busy.text)], [409, true])
  assert.match(busy.text, /just being finished[\s\S]*load the page again/)
  await world.advance(1_500)
  const done = await running
  assert.match(done.text, /You are logged in/)
  assert.doesNotMatch(done.text, / data-stays/)
  assert.match((await go(doors, paths[1]!)).text, /You are logged in/)
  assert.equal(await generation(doors), 2)
})
