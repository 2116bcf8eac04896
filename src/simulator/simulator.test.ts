import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { ManualClock } from '../core/clock.ts'
import { runSimulator } from './command.ts'
import { demoUsers, startSimulator, totpCode } from './index.ts'

const clock = () => new ManualClock()

test('nothing but loopback is bound', async () => {
  for (const host of ['0.0.0.0', '::', 'localhost', '192.0.2.1', '127.0.0.2', '']) {
    await assert.rejects(startSimulator({ port: 0, host }), { code: 'config_invalid' }, host)
  }
})

test('::1 works where the machine has it', async () => {
  const simulator = await startSimulator({ port: 0, host: '::1' }).catch((error: { code: string }) => error)
  if ('code' in simulator) return assert.equal(simulator.code, 'config_invalid')
  assert.equal(simulator.url, `http://[::1]:${simulator.port}`)
  assert.equal((await fetch(`${simulator.url}/instruments`)).status, 200)
  await simulator.close()
})

test('each broker has a port of its own, counted from the first; a taken one is named and nothing stays open', async () => {
  const port = await twoFreePorts()
  {
    await using simulator = await startSimulator({ port })
    assert.deepEqual(
      simulator.brokers.map((id) => Object.values(simulator.hosts(id))),
      [port, port + 1].map((own) => [`http://127.0.0.1:${own}`, `http://127.0.0.1:${own}`]),
    )
  }
  const taken = createServer().listen(port + 1, '127.0.0.1')
  await once(taken, 'listening')
  const refused = { code: 'port_in_use', message: new RegExp(`${port + 1}.*Upstox`), hint: /simulator_port/ }
  await assert.rejects(startSimulator({ port }), refused)
  taken.close()
  await (await startSimulator({ port })).close()
  await assert.rejects(startSimulator({ port: 65_535 }), { code: 'config_invalid' })
})

async function twoFreePorts(): Promise<number> {
  for (;;) {
    await using simulator = await startSimulator({ port: 0 })
    const { port } = simulator
    const next = createServer().listen(port + 1, '127.0.0.1')
    const isFree = await Promise.race([
      once(next, 'listening').then(() => true),
      once(next, 'error').then(() => false),
    ])
    next.close()
    if (isFree) return port
  }
}

test('the hosts are bare origins; the first one also has the welcome page and the controls', async () => {
  await using simulator = await startSimulator({ port: 0 })
  const { login, api } = simulator.hosts('kite')
  const { api: upstox, orders } = simulator.hosts('upstox')
  for (const origin of [login!, upstox!]) assert.match(origin, /^http:\/\/127\.0\.0\.1:\d+$/)
  assert.deepEqual([login, api, orders], [simulator.url, simulator.url, upstox])
  assert.notEqual(login, upstox)
  assert.throws(() => simulator.hosts('nobody'), { code: 'broker_not_found' })
  const status = async (url: string) => (await fetch(url)).status
  assert.equal(await status(`${api}/v2/user/profile`), 404)
  assert.equal(await status(`${upstox}/v2/user/profile`), 401)
  assert.equal(await status(`${upstox}/control/state`), 404)
  const welcome = await (await fetch(simulator.url)).text()
  for (const shown of ['not a broker, no real money', login!, upstox!])
    assert.ok(welcome.includes(shown), shown)
})

test('the banner is loud and says where', async () => {
  const said: string[] = []
  await using simulator = await startSimulator({ port: 0, banner: (text) => said.push(text) })
  assert.equal(said.length, 1)
  assert.match(said[0]!, /NOT A BROKER, NO REAL MONEY/)
  assert.ok(said[0]!.includes(simulator.url))
})

test('an adopted session lives until its end, and another login of the app kills it', async () => {
  await using simulator = await startSimulator({ port: 0, clock: clock() })
  const adopted = {
    apiKey: 'key',
    accessToken: 'from-before',
    expiresAt: Temporal.Instant.from('2026-11-23T04:00:00Z'),
  }
  simulator.adoptSession({ ...adopted, broker: 'kite', userId: 'DM0001' })
  simulator.adoptSession({ ...adopted, broker: 'upstox', userId: 'DM0002' })
  const probe = async (url: string, authorization: string) =>
    (await fetch(url, { headers: { authorization } })).status
  const kite = () => probe(`${simulator.hosts('kite').api}/user/profile`, 'token key:from-before')
  const upstox = () => probe(`${simulator.hosts('upstox').api}/v2/user/profile`, 'Bearer from-before')
  assert.deepEqual([await kite(), await upstox()], [200, 200])
  simulator.adoptSession({ ...adopted, broker: 'kite', userId: 'DM0001', accessToken: 'newer' })
  assert.equal(await kite(), 403)
  simulator.clock.set('2026-11-23T04:00:00Z')
  assert.equal(await upstox(), 401)
  assert.throws(() => simulator.adoptSession({ ...adopted, broker: 'kite', userId: 'NO0000' }), {
    code: 'bad_field',
  })
})

test('the brokers’ clock runs with the injected one from wherever it was moved', async () => {
  const base = clock()
  await using simulator = await startSimulator({ port: 0, clock: base })
  simulator.clock.set('2027-01-01T00:00:00Z')
  await base.advance(1500)
  simulator.clock.advance(-500)
  assert.equal(simulator.clock.now().toString(), '2027-01-01T00:00:01Z')
})

test('a body beyond 1 MiB is 413, without limits the eleventh call is fine', async () => {
  await using simulator = await startSimulator({ port: 0, clock: clock(), rateLimits: false })
  const body = 'x'.repeat(1024 * 1024 + 1)
  assert.equal((await fetch(`${simulator.url}/session/token`, { method: 'POST', body })).status, 413)
  simulator.adoptSession({
    broker: 'kite',
    apiKey: 'k',
    userId: 'DM0001',
    accessToken: 't',
    expiresAt: '2027-01-01T00:00:00Z',
  })
  for (let i = 0; i < 11; i++) {
    const reply = await fetch(`${simulator.url}/user/profile`, {
      headers: { authorization: 'token k:t' },
    })
    assert.equal(reply.status, 200)
  }
})

test('the command says who can log in and how to steer, and ends with its signal', async () => {
  const said: string[] = []
  const stop = new AbortController()
  const { promise: ready, resolve } = Promise.withResolvers<void>()
  const print = (text: string) => {
    said.push(text)
    if (said.length === 3) resolve()
  }
  const base = clock()
  const running = runSimulator({ port: 0, print, signal: stop.signal, clock: base })
  await ready
  const all = said.join('\n')
  for (const user of Object.values(demoUsers)) {
    for (const shown of [user.userId, user.password, user.totpSeed, totpCode(user.totpSeed, base.now())]) {
      assert.ok(all.includes(shown), shown)
    }
  }
  const [, url = ''] = /Kite listens on (\S+)/.exec(all) ?? []
  // the printed examples work as they stand
  for (const [, address = '', body = ''] of all.matchAll(
    /curl -s (\S+) -H 'content-type: application\/json' -d '([^']+)'/g,
  )) {
    const reply = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    assert.equal(reply.status, 200, address)
  }
  const [login = ''] = /http\S+connect\/login\S+/.exec(all) ?? []
  assert.match(await (await fetch(login)).text(), /Log in to Kite/)
  stop.abort()
  await running
  await assert.rejects(fetch(url))
  await runSimulator({ port: 0, print: () => {}, signal: AbortSignal.abort() })
})
