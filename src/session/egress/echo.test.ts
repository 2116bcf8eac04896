import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { egressFinding, measuredEgress, setEgress } from '../../../test/support/egress.ts'
import { openWorld } from '../../../test/support/world.ts'
import { type Net, NetError } from '../../contracts/net.ts'
import { ManualClock } from '../../core/clock.ts'
import { systemNet } from '../../net/system.ts'
import { startSimulator } from '../../simulator/index.ts'
import { addressIn } from './echo.ts'

const twoLooksMs = 32 * 60_000

/** A data folder for a live account whose broker is the simulator. */
function liveHome(simulator: string, echo: readonly string[]): { readonly home: string } & Disposable {
  const home = mkdtempSync(join(tmpdir(), 'bhor-egress-'))
  const lines = [
    ...(echo.length > 0 ? [`egress_echo = "${echo.join(', ')}"`] : ['log_level = "info"']),
    '[hosts.kite]',
    `login = "${simulator}"`,
    `api = "${simulator}"`,
  ]
  writeFileSync(join(home, 'config.toml'), `${lines.join('\n')}\n`, { mode: 0o600 })
  return { home, [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }) }
}

const live = { kind: 'live', apiKey: 'livekey1', apiSecret: 'livesecret1' } as const

test('egress_echo is the user’s: both families are asked, and each address counts', async () => {
  const clock = new ManualClock('2026-11-23T03:00:00Z')
  await using v4 = await startSimulator({ port: 0, clock })
  await using v6 = await startSimulator({ port: 0, host: '::1', clock })
  using folder = liveHome(v4.url, [`${v4.url}/egress-echo`, `${v6.url}/egress-echo`])
  await using world = await openWorld({ home: folder.home, simulator: v4, clock })
  await world.addAccount(live)
  await setEgress(world, { registered: ['127.0.0.1'] })
  // An address of the other family that nobody has registered: a call that leaves by it would be refused.
  assert.equal(await measuredEgress(world), '127.0.0.1 ::1: different')
  await setEgress(world, { registered: ['127.0.0.1', '::1'] })
  assert.equal(await measuredEgress(world), '127.0.0.1 ::1: as registered')
  await setEgress(world, { from: '127.0.0.2', registered: ['127.0.0.2'] })
  assert.equal(await measuredEgress(world), '127.0.0.2: as registered')
})

test('an echo that fails over one family moves nobody, until its address was not seen for some minutes', async () => {
  const clock = new ManualClock('2026-11-23T03:00:00Z')
  await using v4 = await startSimulator({ port: 0, clock })
  await using v6 = await startSimulator({ port: 0, host: '::1', clock })
  using folder = liveHome(v4.url, [`${v4.url}/egress-echo`, `${v6.url}/egress-echo`])
  let isGone = false
  const net: Net = {
    async send(request) {
      if (isGone && request.url.startsWith(v6.url)) throw new NetError('not_sent', 'refused')
      return systemNet.send(request)
    },
  }
  await using world = await openWorld({ home: folder.home, simulator: v4, clock, net })
  await world.addAccount(live)
  await setEgress(world, { registered: ['127.0.0.1', '::1'] })
  assert.equal(await measuredEgress(world), '127.0.0.1 ::1: as registered')
  const seen = async () => {
    const { measured } = (await world.app.desk.accounts.get(world.app.operator, 'demo')).egress
    return [measured?.addresses, measured?.changed?.before ?? null]
  }
  isGone = true
  await world.advance(1_000)
  assert.equal(await measuredEgress(world), 'egress_echo_unavailable: as registered')
  assert.deepEqual(await seen(), [['127.0.0.1', '::1'], null])
  await world.advance(35 * 60_000)
  assert.equal(await measuredEgress(world), '127.0.0.1: as registered')
  assert.deepEqual(await seen(), [['127.0.0.1'], ['127.0.0.1', '::1']])
  // Whoever has turned off the family that nobody has registered need not wait.
  isGone = false
  await setEgress(world, { registered: ['127.0.0.1'] })
  assert.equal(await measuredEgress(world), '127.0.0.1 ::1: different')
  isGone = true
  assert.equal(await measuredEgress(world), '127.0.0.1: as registered')
})

test('without egress_echo nothing is measured and nobody is asked; doctor says how to set it', async () => {
  const clock = new ManualClock('2026-11-23T03:00:00Z')
  await using simulator = await startSimulator({ port: 0, clock })
  using folder = liveHome(simulator.url, [])
  const sent: string[] = []
  const net: Net = {
    send(request) {
      sent.push(request.url)
      return Promise.reject(new NetError('not_sent', 'refused'))
    },
  }
  await using world = await openWorld({ home: folder.home, simulator, clock, net })
  assert.match((await egressFinding(world)).text, /No address is registered .* egress_echo = /)
  await world.addAccount(live)
  assert.equal(await measuredEgress(world), 'undefined: nothing registered')
  await setEgress(world, { registered: ['192.0.2.7'] })
  assert.equal(await measuredEgress(world), 'undefined: unmeasured')
  await world.advance(twoLooksMs)
  assert.deepEqual(sent, [])
  const { ok, text, hint } = await egressFinding(world)
  assert.deepEqual([ok, /demo leave; one is registered/.test(text)], [false, true])
  assert.match(hint ?? '', /egress_echo = "https:/)
})

test('an echo that says no address, or none at all, is told apart from the way out', async () => {
  const clock = new ManualClock('2026-11-23T03:00:00Z')
  await using simulator = await startSimulator({ port: 0, clock })
  using page = liveHome(simulator.url, [`${simulator.url}/`])
  {
    await using world = await openWorld({ home: page.home, simulator, clock })
    await world.addAccount(live)
    await setEgress(world, { registered: ['127.0.0.1'] })
    assert.equal(await measuredEgress(world), 'egress_echo_invalid: unmeasured')
    assert.equal((await egressFinding(world)).hint, 'Measure it: bhor egress demo.')
  }
  using gone = liveHome(simulator.url, ['http://127.0.0.1:1/'])
  await using world = await openWorld({ home: gone.home, simulator, clock })
  await world.addAccount(live)
  assert.equal(await measuredEgress(world), 'egress_echo_unavailable: nothing registered')
})

test('what echoes say: plain text and JSON in the usual names, nothing that only looks like it', () => {
  const of = (text: string, status = 200) => addressIn({ status, headers: {}, text })
  for (const text of [
    '192.0.2.7',
    '192.0.2.7\n',
    '"192.0.2.7"',
    '{"ip":"192.0.2.7"}',
    '{"origin": "192.0.2.7"}',
  ])
    assert.equal(of(text), '192.0.2.7', text)
  assert.equal(of('{"ip":"2001:DB8::7"}'), '2001:db8::7')
  for (const text of [
    '',
    '<html>192.0.2.7</html>',
    '192.0.2.7 192.0.2.8',
    '{"ip":7}',
    '[]',
    'null',
    '{"seen":"192.0.2.7"}',
  ])
    assert.equal(of(text), undefined, text)
  for (const status of [204, 301, 403, 500]) assert.equal(of('192.0.2.7', status), undefined)
})
