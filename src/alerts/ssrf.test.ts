import assert from 'node:assert/strict'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { startReceiver } from '../../test/support/alerts/receiver.ts'
import { recordingWires } from '../../test/support/alerts/recording-wires.ts'
import type { AlertMessage, ChannelKind } from '../contracts/alerts.ts'
import { ManualClock } from '../core/clock.ts'
import { isBhorError } from '../core/errors.ts'
import { ipAddress } from '../core/ip-address.ts'
import { ipNetwork } from '../core/ip-network.ts'
import { systemRandom } from '../core/random.ts'
import { Secret } from '../core/secret.ts'
import { Dialler } from './dialler.ts'
import { ask, deliveryOf, webTarget } from './http.ts'
import { isPublicAddress } from './public-address.ts'
import { channelTypes } from './types.ts'

const clock = new ManualClock()

/** Addresses that lead into this computer, its network or nowhere, in every family and spelling. */
const inside = [
  ...['127.0.0.1', '127.0.0.2', '127.255.255.254', '0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255'],
  ...[
    '100.64.0.1',
    '100.127.255.254',
    '169.254.0.1',
    '169.254.169.254',
    '169.254.170.2',
    '172.16.0.1',
    '172.31.255.254',
  ],
  ...[
    '192.0.0.1',
    '192.0.0.192',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.0.1',
    '192.168.1.254',
    '198.18.0.1',
    '198.19.255.254',
  ],
  ...[
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '100.100.100.200',
  ],
  ...[
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:169.254.169.254',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
  ],
  ...[
    '64:ff9b::7f00:1',
    '64:ff9b::169.254.169.254',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:0:7f00:1::',
    '2001:2::1',
  ],
  ...[
    '2001:db8::1',
    '2002:7f00:1::',
    '2002:a9fe:a9fe::1',
    '2002:c0a8:101::1',
    '3fff::1',
    'fc00::1',
    'fd00:ec2::254',
  ],
  ...['fd12:3456::1', 'fe80::1', 'febf::1', 'fec0::1', 'ff02::1', 'ff0e::1', '5f00::1', '2620:4f:8000::1'],
]
/** How else an IPv4 address is written; web addresses are brought into the usual spelling, mail servers are not. */
const spellings = [
  ...['2130706433', '0x7f000001', '0x7f.0.0.1', '0177.0.0.1', '017700000001', '127.1', '127.0.1', '0', '0x0'],
  ...[
    '0xa9fea9fe',
    '2852039166',
    '0251.0376.0251.0376',
    '0xc0.0xa8.0.1',
    '3232235521',
    '127.0.0.1.',
    '１２７.0.0.1',
    '127。0。0。1',
  ],
]
/** Names whose addresses lead inside, whatever they look like. */
const names: Readonly<Record<string, readonly string[]>> = {
  '127.0.0.1.nip.io': ['127.0.0.1'],
  '10-0-0-1.sslip.io': ['10.0.0.1'],
  'localtest.me': ['127.0.0.1', '::1'],
  'metadata.google.internal': ['169.254.169.254'],
  'half.example': ['93.184.215.14', '::1'],
  'other-half.example': ['2606:2800:21f::1', '10.0.0.1'],
  'zone.example': ['fe80::1%eth0'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'nat64.example': ['64:ff9b::7f00:1'],
  'six-to-four.example': ['2002:7f00:1::'],
  localhost: ['127.0.0.1'],
  'printer.local': ['192.168.1.7'],
  'db.localdomain': ['10.0.0.2'],
}
const hostOf = (address: string) => (address.includes(':') ? `[${address}]` : address)

const targets: readonly string[] = [
  ...inside.flatMap((address) => ['https', 'http'].map((scheme) => `${scheme}://${hostOf(address)}/hook`)),
  ...inside.flatMap((address) => [`https://${hostOf(address)}:8443/`, `http://${hostOf(address)}:25/a?b`]),
  ...spellings.flatMap((host) => [`https://${host}/`, `http://${host}:80/x`]),
  ...Object.keys(names).flatMap((name) => [
    `https://${name}/`,
    `http://${name}:8080/`,
    `https://${name.toUpperCase()}./`,
  ]),
  ...[
    'https://user@hooks.example/',
    'https://user:pass@hooks.example/',
    'https://hooks.example@127.0.0.1/',
    'https://@hooks.example/',
  ],
  ...['https:hooks.example@127.0.0.1', 'https:\\\\user@127.0.0.1/', 'https://hooks.example\\@127.0.0.1/'],
  ...[
    'file:///etc/passwd',
    'ftp://hooks.example/',
    'gopher://127.0.0.1:25/_EHLO',
    'data:text/plain,x',
    'unix:/var/run/docker.sock',
  ],
  ...[
    'javascript:alert(1)',
    'ws://hooks.example/',
    '//127.0.0.1/',
    '/etc/passwd',
    '',
    'hooks.example',
    'https://',
    'http://[::1',
    'blob:https://hooks.example/1',
  ],
  ...[
    'https://hooks.example/#x',
    ' https://127.0.0.1/',
    'https://127.0.0.1/ ',
    'https://[fe80::1%25eth0]/',
    'http+unix://%2Frun%2Fx.sock/',
  ],
]

const message: AlertMessage = {
  id: 'msg_1',
  atMs: 0,
  leftOut: 0,
  alerts: [
    { kind: 'test', severity: 'info', account: null, cause: '', title: 'Test', text: '', next: '', atMs: 0 },
  ],
}
const token = new Secret(`123456789:${'A'.repeat(35)}`)
const secret = new Secret(`whsec_${Buffer.alloc(32, 7).toString('base64')}`)

/** How a channel of each kind is given a target. */
const ways: Readonly<
  Record<ChannelKind, (target: string) => [Record<string, string>, Record<string, Secret>]>
> = {
  webhook: (target) => [{}, { url: new Secret(target), secret }],
  ntfy: (target) => [{ server: target }, { topic: new Secret('a-topic') }],
  telegram: (target) => [{ chat: '1', server: target }, { token }],
  email: (target) => {
    const url = URL.parse(target)
    const host = /^\w+:\/\/([^/]*?)(?::\d+)?\//.exec(target)?.[1] ?? url?.host ?? target
    return [{ server: `${host}:587`, from: 'a@example.com', to: 'b@example.com', tls: 'starttls' }, {}]
  },
}

test('no target that leads inside is connected to, by no kind of channel, when it is added or when it is sent to', async (t) => {
  const wires = recordingWires((host) => names[host.toLowerCase().replace(/\.$/, '')] ?? [])
  const dialler = new Dialler({ clock, privateTargets: [], wires })
  const types = channelTypes(dialler, clock, systemRandom)
  let tried = 0
  for (const target of targets) {
    for (const [kind, way] of Object.entries(ways)) {
      const [settings, secrets] = way(target)
      const type = types[kind as ChannelKind]
      const error = await type.checked(settings, secrets).then(
        () => undefined,
        (cause: unknown) => cause,
      )
      if (error !== undefined) assert.ok(isBhorError(error), `${kind} ${target}: ${String(error)}`)
      // Also where somebody wrote it into the store past that look.
      const sent = await type.open(settings, secrets).send(message)
      const looked = await type.open(settings, secrets).check()
      assert.notEqual(sent.outcome, 'delivered', `${kind} ${target}`)
      assert.notEqual(looked.outcome, 'delivered', `${kind} ${target}`)
      tried++
    }
  }
  assert.deepEqual(wires.connected, [])
  assert.ok(targets.length >= 300, String(targets.length))
  t.diagnostic(
    `test 129: ${targets.length} targets, ${tried} channels, ${wires.connected.length} connections`,
  )
})

test('the public Internet is what is left', () => {
  for (const address of inside) assert.equal(isPublicAddress(ipAddress(address)!), false, address)
  for (const address of [
    '1.1.1.1',
    '93.184.215.14',
    '100.63.255.255',
    '172.32.0.1',
    '192.167.1.1',
    '2606:4700::1111',
    '2a00:1450::1',
  ])
    assert.equal(isPublicAddress(address), true, address)
})

/** What a resolver answers, the first time and from then on. Only the first answer may lead anywhere. */
const rebinding: readonly (readonly [
  first: readonly string[],
  later: readonly string[],
  goes: readonly string[],
])[] = [
  ...inside.map((address) => [['93.184.215.14'], [address], ['93.184.215.14']] as const),
  ...inside.map((address) => [[address], ['93.184.215.14'], []] as const),
  ...inside.map((address) => [['93.184.215.14', address], ['93.184.215.14'], []] as const),
  ...inside.map((address) => [[address, '93.184.215.14'], ['93.184.215.14'], []] as const),
  [['93.184.215.14', '2606:4700::1111'], ['::1'], ['93.184.215.14', '2606:4700::1111']],
]

test('a name is resolved once, and the addresses that were looked at are those that are connected to', async (t) => {
  let connections = 0
  for (const [first, later, goes] of rebinding) {
    const wires = recordingWires((_host, times) => (times === 1 ? first : later))
    const dialler = new Dialler({ clock, privateTargets: [], wires })
    const url = webTarget(dialler, 'https://rebinding.example/', 'It')
    const what = `${first.join(', ')}, then ${later.join(', ')}`
    await assert.rejects(ask(dialler, { method: 'GET', url }), what)
    assert.deepEqual(
      wires.connected,
      goes.map((address) => `${address} 443`),
      what,
    )
    assert.equal(wires.resolved.length, 1, what)
    connections += wires.connected.length
  }
  // This computer from the second time on: the second request goes nowhere.
  const wires = recordingWires((_host, times) => (times === 1 ? ['93.184.215.14'] : ['127.0.0.1']))
  const dialler = new Dialler({ clock, privateTargets: [], wires })
  for (let times = 0; times < 2; times++)
    await assert.rejects(
      ask(dialler, { method: 'GET', url: webTarget(dialler, 'https://rebinding.example/', 'It') }),
    )
  assert.deepEqual(wires.connected, ['93.184.215.14 443'])
  t.diagnostic(
    `test 130: ${rebinding.length} resolvers that change their mind, ${connections} connections, 0 to an address that was not looked at`,
  )
})

test('where one address of a name leads nowhere, whether it refuses or keeps silent, the next one is taken', async () => {
  await using receiver = await startReceiver()
  const [broken, working] = ['2606:4700::1111', '93.184.215.14']
  for (const silent of [false, true]) {
    const time = new ManualClock()
    const wires = recordingWires(() => [broken, working])
    const begun = Promise.withResolvers<void>()
    const dialler = new Dialler({
      clock: time,
      privateTargets: [],
      wires: {
        ...wires,
        connect(address, port) {
          if (address === broken && !silent) return wires.connect(address, port)
          wires.connected.push(`${address} ${port}`)
          begun.resolve()
          return address === broken
            ? new Socket()
            : process.getBuiltinModule('node:net').connect(receiver.port, '127.0.0.1')
        },
      },
    })
    const dialling = dialler.dial({ host: 'half-broken.example', port: 443 }, 10_000)
    await begun.promise
    if (silent) await time.advance(5_000)
    const { socket, isPublic } = await dialling
    socket.destroy()
    assert.deepEqual([wires.connected, isPublic], [[`${broken} 443`, `${working} 443`], true])
    assert.equal(wires.resolved.length, 1)
  }
})

test('a private address goes where the configuration allows it, and nowhere beside', async () => {
  const wires = recordingWires(() => ['192.168.1.10', '192.168.1.11'])
  const dialler = new Dialler({ clock, privateTargets: [ipNetwork('192.168.1.10')!], wires })
  await assert.rejects(ask(dialler, { method: 'GET', url: webTarget(dialler, 'http://192.168.1.10/', 'It') }))
  assert.throws(() => webTarget(dialler, 'http://192.168.1.11/', 'It'))
  // One of two is not allowed: neither is taken.
  await assert.rejects(ask(dialler, { method: 'GET', url: webTarget(dialler, 'http://both.example/', 'It') }))
  assert.deepEqual(wires.connected, ['192.168.1.10 80'])
})

test('no redirect is followed', async (t) => {
  await using behind = await startReceiver()
  await using receiver = await startReceiver()
  const dialler = new Dialler({ clock, privateTargets: [ipNetwork('127.0.0.0/8')!] })
  const types = channelTypes(dialler, clock, systemRandom)
  const locations = [behind.url, `${behind.url}/hook`, '/elsewhere', `//127.0.0.1:${behind.port}/`, '']
  let redirects = 0
  for (const status of [300, 301, 302, 303, 305, 307, 308])
    for (const location of locations) {
      receiver.answer({ status, headers: { location, refresh: `0; url=${behind.url}` } })
      for (const kind of ['webhook', 'ntfy', 'telegram'] as const) {
        const [settings, secrets] = ways[kind](receiver.url)
        const sent = await types[kind].open(settings, secrets).send(message)
        assert.equal(sent.outcome === 'refused' && sent.code, 'channel_redirect', `${kind} ${status}`)
        redirects++
      }
    }
  assert.deepEqual([receiver.received.length, behind.received.length], [redirects, 0])
  t.diagnostic(`test 131: ${redirects} redirects, ${behind.received.length} followed`)
})

test('nothing goes over the Internet unprotected', async () => {
  const wires = recordingWires(() => ['93.184.215.14'])
  const dialler = new Dialler({
    clock,
    privateTargets: [ipNetwork('127.0.0.0/8')!],
    // The name is a public one; the connection is made to this computer all the same, so that it can be made.
    wires: {
      ...wires,
      connect: () => process.getBuiltinModule('node:net').connect(receiver.port, '127.0.0.1'),
    },
  })
  await using receiver = await startReceiver()
  const error = await ask(dialler, {
    method: 'GET',
    url: webTarget(dialler, 'http://public.example/', 'It'),
  }).catch((cause: unknown) => cause)
  assert.equal(deliveryOf(error).code, 'channel_unprotected')
  assert.equal(receiver.received.length, 0)
})

test('an answer without an end, or none at all, holds nobody up', async () => {
  const time = new ManualClock()
  const dialler = new Dialler({ clock: time, privateTargets: [ipNetwork('127.0.0.0/8')!] })
  await using endless = await startReceiver({ body: 'x'.repeat(1_000_000) })
  const long = ask(dialler, { method: 'GET', url: webTarget(dialler, endless.url, 'It') })
  await assert.rejects(long, /without an end/)
  const { promise: got, resolve: arrived } = Promise.withResolvers<void>()
  await using silent = await startReceiver(() => {
    arrived()
    return { hangs: true }
  })
  const waiting = ask(dialler, { method: 'GET', url: webTarget(dialler, silent.url, 'It') }).catch(deliveryOf)
  await got
  await time.advance(15_000)
  assert.deepEqual(await waiting, {
    outcome: 'retry',
    code: 'channel_unavailable',
    text: 'The receiver does not answer in time.',
    mayHaveIt: true,
  })
})
