import assert from 'node:assert/strict'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import { exchangeBytes, statusesOf } from '../../test/support/doors.ts'
import { systemClock } from '../core/clock.ts'
import { systemRandom } from '../core/random.ts'
import { Addresses } from './addresses.ts'
import { doors } from './doors.ts'
import { guardedServer } from './guarded-server.ts'
import { listenOnPort } from './listen.ts'
import { securityHeaders } from './reply.ts'

/** A guarded server behind which every request that got through is counted. */
async function openGuarded(meanwhile: () => Promise<void> = async () => {}) {
  const addresses = new Addresses(() => 'a1b2c3d4e5f6g7h8')
  const reached: string[] = []
  const guarded = guardedServer({
    door: doors.desk,
    own: addresses,
    random: systemRandom,
    clock: systemClock,
    known: () => undefined,
    everybody: undefined,
    mostStrangers: 1024,
    async answer(request) {
      reached.push(`${request.method} ${request.target}`)
      const message = request.body()
      if (message && !message.readableEnded)
        await new Promise((resolve) => message.resume().on('end', resolve).on('close', resolve))
      await meanwhile()
      return { status: 200, headers: [], body: `reached as ${request.header('authorization')}` }
    },
  })
  const { server } = guarded
  await listenOnPort(server, 0, '127.0.0.1')
  const { port } = server.address() as AddressInfo
  const own = `127.0.0.1:${port}`
  addresses.listenAt(own)
  const ask = async (text: string | Uint8Array) => {
    const before = reached.length
    const answer = await exchangeBytes(port, text)
    return { answer, statuses: statusesOf(answer), hits: reached.length - before }
  }
  return { own, ask, reached, server, port, [Symbol.asyncDispose]: () => guarded.close() }
}

test('a head that is too large is told as such', async () => {
  await using guarded = await openGuarded()
  const { own, ask } = guarded
  const { answer, statuses, hits } = await ask(
    lines('GET / HTTP/1.1', `Host: ${own}`, `X-Much: ${'x'.repeat(20_000)}`),
  )
  assert.deepEqual([statuses, hits], [[413], 0])
  assertProblem(answer, 'too_large')
  assert.match(answer, /more than 16 KB/)
})

const lines = (...all: string[]) => `${all.join('\r\n')}\r\n\r\n`

function assertProblem(answer: string, code: string): void {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  assert.equal((JSON.parse(body) as { code: string }).code, code)
  for (const [name, value] of Object.entries(securityHeaders))
    assert.ok(head.includes(`${name}: ${value}`), name)
  assert.doesNotMatch(head, /access-control|\r\nserver:|x-powered-by/i)
}

/** Every way by which Node hands a request to a server. */
const events: Record<string, (host: string, ...more: string[]) => string> = {
  request: (host, ...more) =>
    lines('GET /v1/accounts HTTP/1.1', `Host: ${host}`, 'Connection: close', ...more),
  upgrade: (host, ...more) =>
    lines(
      'GET /v1/accounts HTTP/1.1',
      `Host: ${host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ...more,
    ),
  'upgrade to h2c': (host, ...more) =>
    lines(
      'GET / HTTP/1.1',
      `Host: ${host}`,
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
      ...more,
    ),
  connect: (host, ...more) => lines('CONNECT 127.0.0.1:22 HTTP/1.1', `Host: ${host}`, ...more),
  checkContinue: (host, ...more) =>
    lines(
      'POST /v1/accounts HTTP/1.1',
      `Host: ${host}`,
      'Connection: close',
      'Expect: 100-continue',
      'Content-Length: 2',
      ...more,
    ).concat('{}'),
  checkExpectation: (host, ...more) =>
    lines(
      'POST /v1/accounts HTTP/1.1',
      `Host: ${host}`,
      'Connection: close',
      'Expect: the-unexpected',
      'Content-Length: 2',
      ...more,
    ),
}

test('a strange Host reaches nothing, by whatever event Node delivers the request', async () => {
  await using guarded = await openGuarded()
  const hosts = [
    'evil.test',
    guarded.own.replace('127.0.0.1', 'localhost'),
    `${guarded.own}.evil.test`,
    '127.0.0.1',
    `evil@${guarded.own}`,
    '',
  ]
  for (const [event, ask] of Object.entries(events)) {
    for (const host of hosts) {
      const { answer, statuses, hits } = await guarded.ask(ask(host))
      const expected = event === 'connect' ? 405 : 421
      assert.deepEqual(statuses, [expected], `${event} ${host}`)
      assertProblem(answer, expected === 405 ? 'method_not_allowed' : 'host_not_allowed')
      assert.equal(hits, 0)
    }
  }
})

test('with the right Host an upgrade, a tunnel and an unknown expectation still get nowhere', async () => {
  await using guarded = await openGuarded()
  for (const [event, ask] of Object.entries(events)) {
    for (const more of [[], ['Origin: http://evil.test'], ['Sec-Fetch-Site: cross-site']]) {
      const { answer, statuses, hits } = await guarded.ask(ask(guarded.own, ...more))
      if ((event === 'request' || event === 'checkContinue') && more.length === 0) {
        assert.equal(hits, 1)
        continue
      }
      assert.equal(statuses.length, 1, event)
      assert.ok([403, 405, 417].includes(statuses[0]!), `${event} ${statuses[0]}`)
      assert.doesNotMatch(answer, /101 Switching|200 |100 Continue/)
      assert.equal(hits, 0, event)
    }
  }
})

test('every request of a connection is judged for itself', async () => {
  await using guarded = await openGuarded()
  const { own } = guarded
  const asked = (host: string, key: string, ...more: string[]) =>
    lines('GET /v1/accounts?limit=1 HTTP/1.1', `Host: ${host}`, `Authorization: ${key}`, ...more)
  const ours = asked(own, 'a')
  const others = [
    asked(own, 'b'),
    asked(own, 'a', 'X: y'),
    asked(own, 'a').replace('limit=1', 'limit=2'),
    asked(own, 'a').replace('/v1/accounts', '/v1/brokers'),
    asked(own, 'a').replace('GET', 'HEAD'),
  ]
  const all = [ours, ours, ours, ...others.flatMap((other) => [other, other, ours])]
  const { answer, statuses, hits } = await guarded.ask(all.join('') + asked('evil.test', 'a') + ours)
  assert.deepEqual(statuses, [...all.map(() => 200), 421], 'nothing behind the refused one')
  assert.equal(hits, all.length)
  const names = [...answer.matchAll(/reached as (.)/g)].map(([, name]) => name).join('')
  assert.equal(names, 'aaabbaaaaaaaaaaa', 'each by its own key')
})

test('one request at a time: what is sent behind it waits, however much that is', async () => {
  let [inProgress, most] = [0, 0]
  await using guarded = await openGuarded(async () => {
    most = Math.max(most, ++inProgress)
    await new Promise<void>((resolve) => setImmediate(resolve))
    inProgress--
  })
  const { own } = guarded
  const get = (path: string, ...more: string[]) => lines(`GET ${path} HTTP/1.1`, `Host: ${own}`, ...more)
  const paths = Array.from({ length: 3000 }, (_, i) => `/${i}`)
  const many = await guarded.ask(paths.map((path) => get(path)).join('') + get('/end', 'Connection: close'))
  assert.equal(many.statuses.length, 3001)
  assert.deepEqual(
    guarded.reached,
    [...paths, '/end'].map((path) => `GET ${path}`),
  )
  assert.equal(most, 1)
  const post = (body: string) =>
    `POST /v1/x HTTP/1.1\r\nHost: ${own}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const bodies = await guarded.ask(post('a'.repeat(300_000)) + post('{}') + get('/end', 'Connection: close'))
  assert.deepEqual(bodies.statuses, [200, 200, 200])
})

test('while a request is in progress, a flood behind it is not read', async () => {
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  await using guarded = await openGuarded(() => held)
  const read: (() => number)[] = []
  guarded.server.on('connection', (socket) => read.push(() => socket.bytesRead))
  const get = lines('GET /x HTTP/1.1', `Host: ${guarded.own}`, `X: ${'a'.repeat(1000)}`)
  const client = connect(guarded.port, '127.0.0.1')
  client.on('error', () => {})
  client.write(get.repeat(10_000))
  // As long as somebody still reads, more comes in with every turn.
  let before = -1
  while (before !== (read[0]?.() ?? 0) || before === 0) {
    before = read[0]?.() ?? 0
    for (let turn = 0; turn < 200; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
  }
  assert.equal(guarded.reached.length, 1)
  assert.ok(before < 1_000_000, `${before} bytes read`)
  client.destroy()
  goOn()
})

test('what is no HTTP behind a request ends the connection after its answer', async () => {
  await using guarded = await openGuarded(() => new Promise((resolve) => setImmediate(resolve)))
  const { own } = guarded
  const get = (path: string) => lines(`GET ${path} HTTP/1.1`, `Host: ${own}`)
  const upgrade = lines('GET / HTTP/1.1', `Host: ${own}`, 'Connection: Upgrade', 'Upgrade: websocket')
  const chunked = `POST /v1/x HTTP/1.1\r\nHost: ${own}\r\nTransfer-Encoding: chunked\r\n\r\n`
  for (const [behind, status] of [
    ['SSH-2.0-OpenSSH\r\n\r\n', 400],
    [upgrade, 405],
    [`CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: ${own}\r\n\r\n`, 405],
    [`${chunked}g\r\n`, 400],
  ] as const) {
    const { answer, statuses } = await guarded.ask(get('/a') + get('/b') + behind)
    assert.deepEqual(statuses, [200, 200, status], JSON.stringify(behind))
    assert.match(answer, /reached as undefined.*reached as undefined.*"code":/s)
  }
  const broken = await guarded.ask(`${chunked}3\r\nabc\r\ng\r\n`)
  assert.deepEqual(broken.statuses, [400], 'a body that breaks off is not waited for')
})

test('whoever is refused and does not hang up is hung up on', async () => {
  await using guarded = await openGuarded()
  const gone: Promise<void>[] = []
  guarded.server.on('connection', (socket) =>
    gone.push(new Promise((resolve) => socket.once('close', () => resolve()))),
  )
  const client = connect({ port: guarded.port, host: '127.0.0.1', allowHalfOpen: true })
  client.on('error', () => {})
  client.resume().write(events.upgrade!(guarded.own))
  await new Promise<void>((resolve) => client.once('end', () => resolve()))
  await gone[0]
  client.destroy()
})

test('two Hosts, no Host, HTTP/1.0 and HTTP/2 by prior knowledge reach nothing', async () => {
  await using guarded = await openGuarded()
  const { own } = guarded
  const cases: [string, number[]][] = [
    [lines('GET / HTTP/1.1', `Host: ${own}`, 'Host: evil.test'), [400]],
    [lines('GET / HTTP/1.1', 'Host: evil.test', `Host: ${own}`), [400]],
    [lines('GET / HTTP/1.1', `Host: ${own}`, `Host: ${own}`), [400]],
    [lines('GET / HTTP/1.1', 'Connection: close'), [400]],
    [lines('GET / HTTP/1.0'), [421]],
    [lines('GET / HTTP/0.9'), [421]],
    ['GET /\r\n\r\n', [421]],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
    [Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00]).toString('latin1'), [400]],
  ]
  for (const [bytes, statuses] of cases) {
    const result = await guarded.ask(bytes)
    assert.deepEqual(result.statuses, statuses, JSON.stringify(bytes))
    assert.equal(result.hits, 0)
  }
})

test('the smuggling corpus: at most one answer, the connection closed, what follows never served', async () => {
  await using guarded = await openGuarded()
  const { own } = guarded
  const smuggled = `GET /smuggled HTTP/1.1\r\nHost: ${own}\r\n\r\n`
  const host = `Host: ${own}`
  const post = 'POST /v1/accounts HTTP/1.1'
  const chunk = (size: string, data = 'abc') => `${size}\r\n${data}\r\n0\r\n\r\n`
  const heads: string[][] = [
    [post, host, 'Content-Length: 4', 'Transfer-Encoding: chunked'],
    [post, host, 'Transfer-Encoding: chunked', 'Content-Length: 4'],
    [post, host, 'Content-Length: 4', 'Content-Length: 4'],
    [post, host, 'Content-Length: 4', 'Content-Length: 400'],
    [post, host, 'Content-Length: 4, 4'],
    [post, host, 'Content-Length: +4'],
    [post, host, 'Content-Length: -4'],
    [post, host, 'Content-Length: 0x4'],
    [post, host, 'Content-Length: 4 4'],
    [post, host, 'Content-Length: 99999999999999999999'],
    [post, host, 'Content-Length: '],
    [post, host, 'Content-Length : 4'],
    [post, host, ' Content-Length: 4'],
    [post, host, 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'],
    [post, host, 'Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
    [post, host, 'Transfer-Encoding: identity'],
    [post, host, 'Transfer-Encoding: xchunked'],
    [post, host, 'Transfer-Encoding: chunked, identity'],
    [post, host, 'Transfer-Encoding : chunked'],
    [post, host, 'Transfer-Encoding:\tchunked\u000b'],
    [post, host, 'X: y\r\n Transfer-Encoding: chunked'],
    [post, host, 'X: y\r\n\tfolded'],
    [post, host, 'Authorization: Bearer a', 'Authorization: Bearer b'],
    [post, host, 'Cookie: a=b', 'Cookie: c=d'],
    [post, host, 'Content-Type: application/json', 'Content-Type: text/plain'],
    [post, host, 'X: a\u0000b'],
    [post, host, 'X\u0000: b'],
    [post, host, 'X: a\rb'],
    [post, host, 'X Y: b'],
    [post, host, ': b'],
    [post, host, '=: b', '@: c', '[: d'],
    [post, `Host : ${own}`],
    [post, `Host:\u0000${own}`],
    ['POST\t/v1/accounts HTTP/1.1', host],
    ['POST /v1/accounts\tHTTP/1.1', host],
    ['POST /v1/accounts HTTP/1.1 ', host],
    ['POST /v1/accounts HTTP/1.2', host],
    ['POST /v1/accounts http/1.1', host],
    ['POST /v1/acc\u0000ounts HTTP/1.1', host],
    ['POST /v1 /accounts HTTP/1.1', host],
    [`POST http://${own}/v1/accounts HTTP/1.1`, host],
    ['POST * HTTP/1.1', host],
    ['TRACE / HTTP/1.1', host],
    ['GET /v1/accounts HTTP/1.1', host, 'Content-Length: 4'],
    ['GET /v1/accounts HTTP/1.1', host, 'Transfer-Encoding: chunked'],
    ['DELETE /v1/accounts/papa HTTP/1.1', host, 'Content-Length: 4'],
    ['HEAD /v1/accounts HTTP/1.1', host, 'Content-Length: 4'],
    [post, host, `X: ${'a'.repeat(20_000)}`],
  ]
  const bodies = ['', 'abcd', chunk('3'), chunk('3;ext=1'), '0\r\n\r\n', chunk('-3')]
  let count = 0
  for (const head of heads) {
    for (const body of bodies) {
      const { answer, statuses, hits } = await guarded.ask(`${lines(...head)}${body}${smuggled}`)
      assert.equal(statuses.length, 1, `${JSON.stringify(head)} ${JSON.stringify(body)}: ${statuses.join()}`)
      assert.ok(statuses[0]! >= 400, JSON.stringify(head))
      assert.equal(hits, 0, JSON.stringify(head))
      assert.match(answer, /\r\nconnection: close\r\n/i)
      count++
    }
  }
  assert.ok(count >= 200, String(count))
})

test('bare line feeds, chunk sizes that lie and trailers end the connection or are read as one request', async () => {
  await using guarded = await openGuarded()
  const { own } = guarded
  const head = `POST /v1/accounts HTTP/1.1\r\nHost: ${own}\r\nTransfer-Encoding: chunked\r\n\r\n`
  const smuggled = `GET /smuggled HTTP/1.1\r\nHost: ${own}\r\nConnection: close\r\n\r\n`
  const broken = [
    `POST /v1/accounts HTTP/1.1\nHost: ${own}\nContent-Length: 4\n\nabcd${smuggled}`,
    `GET / HTTP/1.1\r\nHost: ${own}\nX: y\r\n\r\n${smuggled}`,
    `GET / HTTP/1.1\rHost: ${own}\r\r${smuggled}`,
    `${head}3\nabc\n0\n\n${smuggled}`,
    `${head}g\r\nabc\r\n0\r\n\r\n${smuggled}`,
    `${head}2\r\nabc\r\n0\r\n\r\n${smuggled}`,
    `${head}ffffffffffffffffff\r\nabc\r\n0\r\n\r\n${smuggled}`,
    `${head} 3\r\nabc\r\n0\r\n\r\n${smuggled}`,
    `${head}3\r\nabc0\r\n\r\n${smuggled}`,
    `${head}3;\u0000\r\nabc\r\n0\r\n\r\n${smuggled}`,
  ]
  for (const bytes of broken) {
    await guarded.ask(bytes)
    assert.ok(!guarded.reached.includes('GET /smuggled'), JSON.stringify(bytes))
  }
})

test('an honest pipeline is answered in order, and a refusal in its middle ends it', async () => {
  await using guarded = await openGuarded()
  const { own } = guarded
  const get = (path: string, ...more: string[]) => lines(`GET ${path} HTTP/1.1`, `Host: ${own}`, ...more)
  const honest = await guarded.ask(get('/a') + get('/b') + get('/c', 'Connection: close'))
  assert.deepEqual(honest.statuses, [200, 200, 200])
  assert.deepEqual(guarded.reached, ['GET /a', 'GET /b', 'GET /c'])
  const cut = await guarded.ask(get('/d') + lines('GET /e HTTP/1.1', 'Host: evil.test') + get('/f'))
  assert.deepEqual(cut.statuses, [200, 421])
  assert.equal(guarded.reached.at(-1), 'GET /d')
})
