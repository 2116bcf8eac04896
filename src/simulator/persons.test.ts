import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../core/clock.ts'
import { demoUsers, type Simulator, startSimulator } from './index.ts'

const redirectUrl = 'http://127.0.0.1:9/callback'
const start = () => startSimulator({ port: 0, clock: new ManualClock() })

function loginUrl(simulator: Simulator, broker: string, apiKey: string): string {
  const { login, api } = simulator.hosts(broker)
  if (broker === 'kite') return `${login}/connect/login?v=3&api_key=${apiKey}`
  const query = new URLSearchParams({ response_type: 'code', client_id: apiKey, redirect_uri: redirectUrl })
  return `${api}/v2/login/authorization/dialog?${query}`
}

/** Whom the app's login page offers, with what it shows of them. */
async function offered(simulator: Simulator, broker: string, apiKey: string): Promise<string[]> {
  const html = await (await fetch(loginUrl(simulator, broker, apiKey))).text()
  assert.equal(html.match(/name="demo"/g)?.length, 1, 'the page offers exactly one person')
  return [...html.matchAll(/<dd>([^<]+)<\/dd>|<h2>([^<]+)<\/h2>/g)].map(([, dd, h2]) => dd ?? h2 ?? '')
}

for (const broker of ['kite', 'upstox'] as const) {
  const app = { broker, apiKey: 'one', apiSecret: 'secret', redirectUrl }

  test(`${broker}: each app has a person of its own, the same after a restart and however often it is registered`, async () => {
    const seen: string[][] = []
    for (const keys of [
      ['one', 'two'],
      ['two', 'one', 'one'],
    ]) {
      await using simulator = await start()
      for (const apiKey of keys) simulator.registerApp({ ...app, apiKey })
      const [one, two] = [await offered(simulator, broker, 'one'), await offered(simulator, broker, 'two')]
      assert.match(one.join(), /^Demo User \d+,[A-Z]{2}\d{4},demo-[a-z]{2}\d{4},[A-Z2-7]{32}$/)
      assert.notDeepEqual(one, two)
      assert.ok(!one.includes(demoUsers[broker].userId))
      seen.push([...one, ...two])
    }
    assert.deepEqual(seen[0], seen[1])
  })

  test(`${broker}: an app that names a person keeps them, also one of whom only the id is left`, async () => {
    await using simulator = await start()
    const { userId, name } = demoUsers[broker]
    simulator.registerApp({ ...app, userId })
    assert.deepEqual((await offered(simulator, broker, 'one')).slice(0, 2), [name, userId])
    simulator.registerApp({ ...app, userId: 'PA1234' })
    assert.equal((await offered(simulator, broker, 'one'))[1], 'PA1234')
    const expiresAt = '2027-01-01T00:00:00Z'
    simulator.adoptSession({ broker, apiKey: 'one', userId: 'PA1234', accessToken: 'earlier', expiresAt })
    simulator.registerApp({ ...app, userId: 'not an id' })
    assert.notEqual((await offered(simulator, broker, 'one'))[1], 'not an id')
  })

  test(`${broker}: other people of the broker can still be typed in`, async () => {
    await using simulator = await start()
    simulator.registerApp(app)
    const { userId, password } = demoUsers[broker]
    const page = await fetch(loginUrl(simulator, broker, 'one'))
    const [, id = ''] = /name="sess_id" value="([^"]+)"/.exec(await page.text()) ?? []
    const body = new URLSearchParams({ sess_id: id, user_id: userId, password })
    const next = await (await fetch(page.url, { method: 'POST', body })).text()
    assert.match(next, /One more step, Demo User</)
  })
}

test('upstox: a user has one session, whichever app opens it; two apps with a person each live side by side', async () => {
  await using simulator = await start()
  const { api } = simulator.hosts('upstox')
  const logIn = async (apiKey: string, userId?: string) => {
    simulator.registerApp({ broker: 'upstox', apiKey, apiSecret: 'secret', redirectUrl, userId })
    const landed = new URL(simulator.logIn('upstox', loginUrl(simulator, 'upstox', apiKey)))
    const body = new URLSearchParams({
      code: landed.searchParams.get('code') ?? '',
      client_id: apiKey,
      client_secret: 'secret',
      redirect_uri: redirectUrl,
      grant_type: 'authorization_code',
    })
    const reply = await fetch(`${api}/v2/login/authorization/token`, { method: 'POST', body })
    return ((await reply.json()) as { access_token: string }).access_token
  }
  const status = async (token: string) =>
    (await fetch(`${api}/v2/user/profile`, { headers: { authorization: `Bearer ${token}` } })).status
  const [one, two] = [await logIn('one'), await logIn('two')]
  assert.deepEqual([await status(one), await status(two)], [200, 200])
  const [three, four] = [await logIn('three', 'DM0002'), await logIn('four', 'DM0002')]
  assert.deepEqual([await status(three), await status(four)], [401, 200])
})
