import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { egressFinding, measuredEgress, setEgress } from '../../../test/support/egress.ts'
import { startConnectProxy, startSocksProxy } from '../../../test/support/egress-proxies.ts'
import { openHostileServer } from '../../../test/support/hostile-server.ts'
import { openWorld } from '../../../test/support/world.ts'
import { type Net, NetError } from '../../contracts/net.ts'
import type { FeedRecord } from '../../contracts/store.ts'
import { ManualClock } from '../../core/clock.ts'
import { systemNet } from '../../net/system.ts'
import { startSimulator } from '../../simulator/index.ts'

const login = 'me:ThePasswordOfTheProxy'
const halfHourMs = 30 * 60_000
const minuteMs = 60_000

test('the address that the world sees is measured over the account’s own way, and compared with what is registered', async () => {
  await using world = await openWorld()
  await world.addAccount()
  await using connect = await startConnectProxy({ exit: '127.0.0.3', login })
  await using socks = await startSocksProxy({ exit: '127.0.0.4', login })
  assert.equal(await measuredEgress(world), '127.0.0.1: nothing registered')
  await setEgress(world, { from: '127.0.0.2', registered: ['127.0.0.2'] })
  assert.equal((await world.app.desk.accounts.get(world.app.operator, 'demo')).egress.standing, 'unmeasured')
  assert.equal(await measuredEgress(world), '127.0.0.2: as registered')
  await setEgress(world, { proxy: connect.url, proxyLogin: login })
  assert.equal(await measuredEgress(world), '127.0.0.3: different')
  await setEgress(world, { registered: ['127.0.0.4', '127.0.0.3'] })
  assert.equal(await measuredEgress(world), '127.0.0.3: as registered')
  await setEgress(world, { proxy: socks.url, proxyLogin: login })
  assert.equal(await measuredEgress(world), '127.0.0.4: as registered')
  assert.ok(connect.asked.length > 0 && socks.asked.length > 0)
  await setEgress(world, { proxy: '' })
  assert.equal(await measuredEgress(world), '127.0.0.1: different')
  // It is kept, with its time, across a restart.
  await world.restart()
  const { egress } = await world.app.desk.accounts.get(world.app.operator, 'demo')
  assert.deepEqual(
    [egress.way, egress.standing, egress.measured],
    [
      'direct',
      'different',
      { at: '2026-11-23T03:00:00Z', addresses: ['127.0.0.1'], code: null, changed: null },
    ],
  )
})

test('that an account is seen by other addresses than before is kept, until its way out is changed', async () => {
  await using world = await openWorld()
  await world.addAccount()
  await using proxy = await startConnectProxy({ exit: '127.0.0.3' })
  await setEgress(world, { proxy: proxy.url })
  const changed = async () => {
    await measuredEgress(world)
    return (await world.app.desk.accounts.get(world.app.operator, 'demo')).egress.measured?.changed
  }
  assert.equal(await changed(), null)
  Object.assign(proxy, { exit: '127.0.0.5' })
  await world.advance(minuteMs)
  const seen = { at: '2026-11-23T03:01:00Z', before: ['127.0.0.3'] }
  assert.deepEqual(await changed(), seen)
  await world.advance(minuteMs)
  await world.restart()
  assert.deepEqual(await changed(), seen)
  await setEgress(world, { proxy: '' })
  assert.equal(await changed(), null)
})

test('a source address of the other family', async () => {
  const clock = new ManualClock('2026-11-23T03:00:00Z')
  await using simulator = await startSimulator({ port: 0, host: '::1', clock, rateLimits: false })
  await using world = await openWorld({ simulator, clock })
  await world.addAccount()
  await setEgress(world, { from: '0:0:0:0:0:0:0:1', registered: ['::1'] })
  assert.equal(await measuredEgress(world), '::1: as registered')
  await setEgress(world, { from: '127.0.0.2' })
  assert.match(await measuredEgress(world), /^egress_\w+: unmeasured$/)
})

test('login, exchange, probe and logout leave by the proxy; when it fails, nothing leaves another way', async () => {
  for (const start of [startConnectProxy, startSocksProxy]) {
    await using world = await openWorld()
    await world.addAccount()
    await using proxy = await start({ exit: '127.0.0.2', login })
    const { desk, operator } = world.app
    await setEgress(world, { proxy: proxy.url, proxyLogin: login })
    const calls = () => world.simulator.calls({ broker: 'kite' }).length
    await world.logIn('demo')
    assert.equal((await desk.sessions.test(operator, 'demo')).verdict, 'valid')
    assert.ok(calls() >= 3)
    assert.equal(proxy.asked.length, calls(), 'every call came through the proxy')

    const before = calls()
    for (const [broken, code] of [
      [{ login: 'me:another' }, 'egress_proxy_login'],
      [{ login, answer: 'refuse' }, 'egress_proxy_refused'],
    ] as const) {
      Object.assign(proxy, broken)
      const { verdict, code: said, text } = await desk.sessions.test(operator, 'demo')
      assert.deepEqual([verdict, said], ['unknown', code], text)
    }
    await proxy[Symbol.asyncDispose]()
    assert.equal((await desk.sessions.test(operator, 'demo')).code, 'egress_unavailable')
    await refused(desk.sessions.logout(operator, 'demo'), 'egress_unavailable')
    await refused(world.logIn('demo'), 'egress_unavailable')
    assert.equal(calls(), before, 'the broker was asked nothing')
  }
})

test('a proxy that is broken, and an exit that changes, are what a measurement says', async () => {
  await using world = await openWorld()
  await world.addAccount()
  await using proxy = await startSocksProxy({ exit: '127.0.0.2', login })
  const html = '<html>Log in</html>'
  const head = `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: ${html.length}`
  await using page = await openHostileServer((socket) => void socket.end(`${head}\r\n\r\n${html}`))
  await setEgress(world, { proxy: proxy.url, proxyLogin: login, registered: ['127.0.0.2'] })
  assert.equal(await measuredEgress(world), '127.0.0.2: as registered')
  proxy.exit = '127.0.0.5'
  assert.equal(await measuredEgress(world), '127.0.0.5: different')
  assert.match((await egressFinding(world)).text, /^demo leave by another address/)
  const [record] = await world.app.desk.audit.list(world.app.operator, { limit: 1 })
  assert.deepEqual(
    [record?.action, record?.detail],
    ['egress.measure', { standing: 'different', addresses: '127.0.0.5', before: '127.0.0.2' }],
  )
  proxy.login = 'me:another'
  assert.equal(await measuredEgress(world), 'egress_proxy_login: different')
  proxy.login = login
  proxy.answer = 'refuse'
  assert.equal(await measuredEgress(world), 'egress_proxy_refused: different')
  await setEgress(world, { proxy: page.url.replace('http:', 'socks5:') })
  assert.equal(await measuredEgress(world), 'egress_proxy_invalid: unmeasured')
  await setEgress(world, { proxy: page.url })
  assert.equal(await measuredEgress(world), 'egress_proxy_invalid: unmeasured')
  await setEgress(world, { proxy: 'http://127.0.0.1:1' })
  assert.equal(await measuredEgress(world), 'egress_unavailable: unmeasured')
  await setEgress(world, { from: '192.0.2.1' })
  assert.equal(await measuredEgress(world), 'egress_unavailable: unmeasured')
})

test('an exit that changes from one connection to the next is seen with all its addresses', async () => {
  await using world = await openWorld()
  await world.addAccount()
  await using proxy = await startConnectProxy({ exit: '127.0.0.2' })
  let asked = 0
  Object.defineProperty(proxy, 'exit', { get: () => `127.0.0.${2 + (asked++ % 2)}` })
  await setEgress(world, { proxy: proxy.url, registered: ['127.0.0.2'] })
  assert.equal(await measuredEgress(world), '127.0.0.2 127.0.0.3: different')
})

test('what is registered is measured again every half hour, nobody else is', async () => {
  await using world = await openWorld()
  await world.addAccount()
  await world.addAccount({ account: 'papa', broker: 'upstox' })
  await using proxy = await startConnectProxy({ exit: '127.0.0.2' })
  await setEgress(world, { proxy: proxy.url, registered: ['127.0.0.2'] })
  const standing = async (account: string) => {
    const { egress } = await world.app.desk.accounts.get(world.app.operator, account)
    return `${egress.measured?.addresses.join(' ')}: ${egress.standing}`
  }
  await world.advance(minuteMs)
  await until(async () => (await standing('demo')) === '127.0.0.2: as registered')
  proxy.exit = '127.0.0.6'
  await world.advance(halfHourMs + 2 * minuteMs)
  await until(async () => (await standing('demo')) === '127.0.0.6: different')
  assert.equal(await standing('papa'), 'undefined: nothing registered')
})

/** A live session whose way out is registered and was measured just now; echoes that can be gone, and what is told. */
async function openMeasured() {
  const echo = { isGone: false, asked: 0 }
  const net: Net = {
    async send(request) {
      if (!request.url.endsWith('/egress-echo')) return systemNet.send(request)
      echo.asked++
      if (echo.isGone) throw new NetError('not_sent', 'refused')
      return systemNet.send(request)
    },
  }
  const bed = await openBed('kite', { net, start: '2026-11-23T04:00:00Z' })
  const { desk, context } = bed.domain
  Object.assign(context, { egressEcho: async () => [`${bed.simulator.url}/egress-echo`] })
  await bed.domain.logIn('demo')
  await desk.accounts.edit(operator, 'demo', { settings: { egress: { registered: ['127.0.0.1'] } } })
  await desk.keeper.look()
  const told: FeedRecord[] = []
  context.feed.subscribe((rows) => void told.push(...rows))
  return {
    bed,
    echo,
    told,
    gate: () => desk.gates.get(operator, 'demo'),
    async pass(ms: number) {
      for (let left = ms; left > 0; ) {
        const step = Math.min(left, Math.max(1, await desk.keeper.look()))
        await bed.clock.advance(step)
        left -= step
      }
      await desk.keeper.look()
    },
    [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose](),
  }
}

test('a measurement that fails takes away nothing that is known, and is repeated within a minute', async () => {
  await using at = await openMeasured()
  assert.equal((await at.gate()).state, 'open')
  await at.pass(halfHourMs - minuteMs)
  at.echo.isGone = true
  await at.pass(2 * minuteMs)
  assert.ok(at.echo.asked >= 3, String(at.echo.asked))
  const { egress } = await at.bed.account()
  assert.deepEqual(
    [egress.standing, egress.measured?.addresses, egress.measured?.code],
    ['as registered', ['127.0.0.1'], 'egress_echo_unavailable'],
  )
  at.echo.isGone = false
  await at.pass(10 * minuteMs)
  assert.deepEqual([(await at.bed.account()).egress.measured?.code, (await at.gate()).state], [null, 'open'])
  assert.ok(at.told.every(({ action }) => action !== 'gate.change'))
  // What has seen nothing speaks of no address.
  const failed = at.told.filter(({ action, result }) => action === 'egress.measure' && result === 'failed')
  assert.ok(failed.length >= 2)
  assert.ok(failed.every(({ detail }) => Object.keys(detail).length === 0))
})

test('echoes that are gone for long close the gate and say why; it opens when one answers', async () => {
  await using at = await openMeasured()
  at.echo.isGone = true
  await at.pass(45 * minuteMs - 1)
  assert.equal((await at.gate()).state, 'open')
  await at.pass(1)
  const { state, reason, text, since } = await at.gate()
  assert.deepEqual([state, reason, since], ['closed', 'egress_unmeasured', '2026-11-23T04:45:00Z'])
  assert.match(text, /seen too long ago. What egress_echo names does not answer/)
  at.echo.isGone = false
  await at.pass(16 * minuteMs)
  assert.equal((await at.gate()).state, 'open')
  assert.deepEqual(
    at.told.flatMap(({ action, detail }) => (action === 'gate.change' ? [detail.state] : [])),
    ['closed', 'open'],
  )
})

test('a measurement counts for three quarters of an hour: where nobody is named any more to ask, the gate closes', async () => {
  await using at = await openMeasured()
  Object.assign(at.bed.domain.context, { egressEcho: async () => [] })
  await at.pass(45 * minuteMs)
  const { state, reason } = await at.gate()
  assert.deepEqual([state, reason], ['closed', 'egress_unmeasured'])
  assert.equal((await at.bed.account()).egress.standing, 'unmeasured')
  assert.ok(at.told.some(({ action, detail }) => action === 'gate.change' && detail.state === 'closed'))
})

/** The service runs beside the test: its answer comes over real sockets. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 5_000; tries++) {
    if (await isSo()) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.fail('It never came to that.')
}

test('a measurement that is under way says nothing of a way that was set meanwhile', async () => {
  const held = { reached: Promise.withResolvers<void>(), goes: Promise.withResolvers<void>() }
  const net: Net = {
    async send(request) {
      if (request.url.endsWith('/egress-echo')) {
        held.reached.resolve()
        await held.goes.promise
      }
      return systemNet.send(request)
    },
  }
  await using world = await openWorld({ net })
  await world.addAccount()
  await setEgress(world, { from: '127.0.0.2', registered: ['127.0.0.2'] })
  const late = world.app.desk.egress.measure(world.app.operator, 'demo')
  await held.reached.promise
  await setEgress(world, { from: '127.0.0.3' })
  held.goes.resolve()
  assert.deepEqual([(await late).standing, (await late).measured], ['unmeasured', null])
})
