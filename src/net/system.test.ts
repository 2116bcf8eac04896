import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { createServer } from 'node:tls'
import { inspect } from 'node:util'
import { type HostileServer, openHostileServer } from '../../test/support/hostile-server.ts'
import { selfSigned } from '../../test/support/self-signed.ts'
import { NetError, type NetRequest } from '../contracts/net.ts'
import { systemNet } from './system.ts'

const secret = 'SUPERSECRETTOKEN'

function get(url: string, rest: Partial<NetRequest> = {}): NetRequest {
  return { method: 'GET', url, headers: {}, timeoutMs: 10_000, ...rest }
}

/** The failure of a call that carries a secret in its address, a header and its body, none of which it may tell. */
async function failure(url: string, rest: Partial<NetRequest> = {}): Promise<NetError> {
  const headers = { authorization: `token key:${secret}`, 'x-privatekey': secret }
  const request = get(`${url}?access_token=${secret}`, {
    method: 'POST',
    headers,
    body: `a=${secret}`,
    ...rest,
  })
  const error = await systemNet.send(request).then(
    (reply) => assert.fail(`an answer: ${reply.status}`),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof NetError, inspect(error))
  assert.ok(!inspect(error, { depth: 20, showHidden: true }).includes(secret))
  return error
}

const reply =
  (head: string, body = '') =>
  (socket: Socket) =>
    void socket.end(`HTTP/1.1 ${head}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`)

test('a request arrives as it was given, and the reply as it was sent', async () => {
  await using server = await openHostileServer(
    reply(
      '418 I am odd\r\nX-Twice: one\r\nx-twice: two\r\n__proto__: x\r\nContent-Type: text/plain',
      'hello',
    ),
  )
  const answer = await systemNet.send({
    method: 'PUT',
    url: `${server.url}/a/b?c=%2F`,
    headers: { 'x-privatekey': 'p', 'access-token': 'q', 'content-type': 'text/plain' },
    body: 'grüße',
    timeoutMs: 10_000,
  })
  assert.equal(answer.status, 418)
  assert.equal(answer.text, 'hello')
  assert.equal(answer.headers['x-twice'], 'one')
  assert.equal(answer.headers['content-type'], 'text/plain')
  const [sent = ''] = server.received
  assert.match(sent, /^PUT \/a\/b\?c=%2F HTTP\/1\.1\r\n/)
  for (const line of ['x-privatekey: p', 'access-token: q', 'content-length: 7', 'Connection: close'])
    assert.ok(sent.toLowerCase().includes(`\r\n${line.toLowerCase()}\r\n`), line)
  assert.doesNotMatch(sent, /accept-encoding|transfer-encoding/i)
})

for (const status of [301, 302, 303, 307, 308]) {
  test(`a redirect ${status} is an answer and is not followed, whatever headers were sent`, async () => {
    await using other = await openHostileServer(reply('200 OK'))
    await using server = await openHostileServer(reply(`${status} Go\r\nlocation: ${other.url}/stolen`))
    const headers = { authorization: secret, cookie: secret, 'access-token': secret, 'x-privatekey': secret }
    const answer = await systemNet.send(get(server.url, { headers }))
    assert.equal(answer.status, status)
    assert.equal(server.received.length, 1)
    assert.deepEqual(other.received, [])
  })
}

test('nothing was sent where nobody listens, no such name is known, or the address is none', async () => {
  let gone: HostileServer
  {
    await using server = await openHostileServer(reply('200 OK'))
    gone = server
  }
  const refused = await failure(gone.url)
  assert.deepEqual([refused.outcome, refused.reason], ['not_sent', 'refused'])
  const nameless = await failure('http://no-such-host.invalid')
  assert.deepEqual([nameless.outcome, nameless.reason], ['not_sent', 'dns'])
  for (const url of [`nonsense ${secret}`, '', `ftp://127.0.0.1/${secret}`, `file:///etc/${secret}`]) {
    const error = await failure(url)
    assert.deepEqual([error.outcome, error.reason], ['not_sent', 'protocol'])
  }
})

test('a header that is none is not sent, and not told', async () => {
  await using server = await openHostileServer(reply('200 OK'))
  const error = await failure(server.url, { headers: { authorization: `a\r\nb: ${secret}` } })
  assert.deepEqual([error.outcome, error.reason], ['not_sent', 'protocol'])
  assert.deepEqual(server.received, [])
  assert.match(
    (error.cause as Error).message,
    /^network error [A-Z_]+$/,
    'Node’s own words are not for others',
  )
  assert.ok(!inspect(error, { depth: 9 }).includes(secret))
})

const broken: readonly (readonly [
  name: string,
  reason: NetError['reason'],
  behave: (socket: Socket) => void,
])[] = [
  ['a reset instead of an answer', 'reset', (socket) => socket.resetAndDestroy()],
  ['an end instead of an answer', 'reset', (socket) => socket.end()],
  ['half a head', 'reset', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le')],
  ['half a body', 'reset', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf')],
  [
    'half a chunk',
    'reset',
    (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab'),
  ],
  ['another protocol', 'protocol', (socket) => socket.end('SSH-2.0-hello\r\n')],
  [
    'two lengths',
    'protocol',
    (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'),
  ],
  [
    'a head without end',
    'protocol',
    (socket) => void socket.write(`HTTP/1.1 200 OK\r\na: ${'x'.repeat(300_000)}`),
  ],
]
for (const [name, reason, behave] of broken) {
  test(`${name}: nobody knows what the broker did`, async () => {
    await using server = await openHostileServer(behave)
    const error = await failure(server.url)
    assert.deepEqual([error.outcome, error.reason], ['unknown', reason])
    assert.equal(server.received.length, 1, 'and it is not sent again')
  })
}

test('a switch to another protocol is no answer', async () => {
  await using server = await openHostileServer((socket) => {
    socket.write('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nrest')
  })
  const error = await failure(server.url)
  assert.deepEqual([error.outcome, error.reason], ['unknown', 'protocol'])
})

test('an answer that has no end is cut at two megabytes', async () => {
  let written = 0
  await using server = await openHostileServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    const chunk = Buffer.alloc(64 * 1024, 'x')
    const more = () => {
      while (!socket.destroyed && written < 256 * 1024 * 1024) {
        written += chunk.length
        if (!socket.write(chunk)) {
          socket.once('drain', more)
          return
        }
      }
    }
    more()
  })
  const error = await failure(server.url)
  assert.deepEqual([error.outcome, error.reason], ['unknown', 'too_large'])
  assert.ok(written < 64 * 1024 * 1024)
})

test('two megabytes are still an answer', async () => {
  const body = 'y'.repeat(2 * 1024 * 1024)
  await using server = await openHostileServer(reply('200 OK', body))
  assert.equal((await systemNet.send(get(server.url))).text.length, body.length)
})

test('a broker that is silent, or drips, runs into the deadline of the whole call', async () => {
  await using silent = await openHostileServer(() => {})
  const error = await failure(silent.url, { timeoutMs: 100 })
  assert.deepEqual([error.outcome, error.reason], ['unknown', 'timeout'])

  let dripping: NodeJS.Timeout | undefined
  await using dripper = await openHostileServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n')
    dripping = setInterval(() => socket.write('.'), 5)
  })
  const slow = await failure(dripper.url, { timeoutMs: 200 })
  clearInterval(dripping)
  assert.deepEqual([slow.outcome, slow.reason], ['unknown', 'timeout'])
})

test('an answer without a length ends with the connection', async () => {
  await using server = await openHostileServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nall of it'))
  assert.equal((await systemNet.send(get(server.url))).text, 'all of it')
})

test('bytes that are no UTF-8 do not end the reading', async () => {
  await using server = await openHostileServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n')
    socket.end(Buffer.from([0xff, 0xfe, 0x41]))
  })
  assert.equal((await systemNet.send(get(server.url))).text, '\ufffd\ufffdA')
})

test('a certificate that nobody vouches for is refused before anything is said', async () => {
  const said: string[] = []
  const server = createServer(selfSigned, (socket) => {
    socket.on('data', (chunk) => said.push(String(chunk)))
    socket.on('error', () => {})
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const error = await failure(`https://127.0.0.1:${port}`)
  server.close()
  assert.deepEqual([error.outcome, error.reason], ['not_sent', 'tls'])
  assert.deepEqual(said, [])
})

test('a TLS handshake that never ends has sent nothing', async () => {
  await using server = await openHostileServer(() => {})
  const error = await failure(server.url.replace('http:', 'https:'), { timeoutMs: 150 })
  assert.deepEqual([error.outcome, error.reason], ['not_sent', 'timeout'])
})

test('a peer that does not speak TLS, or ends it, has seen nothing', async () => {
  await using plain = await openHostileServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'))
  const error = await failure(plain.url.replace('http:', 'https:'))
  assert.equal(error.outcome, 'not_sent')
  await using closed = await openHostileServer((socket) => socket.destroy(), { onConnect: true })
  assert.equal((await failure(closed.url.replace('http:', 'https:'))).outcome, 'not_sent')
  for (const text of plain.received) assert.ok(!text.includes(secret))
})

test('a request leaves by the source address of its account, and by no other one', async () => {
  const seen: (string | undefined)[] = []
  await using server = await openHostileServer((socket) => {
    seen.push(socket.remoteAddress)
    reply('200 OK')(socket)
  })
  await systemNet.send(get(server.url, { egress: { from: '127.0.0.2' } }))
  await systemNet.send(get(server.url))
  assert.deepEqual(seen, ['127.0.0.2', '127.0.0.1'])
  for (const from of ['192.0.2.1', 'nowhere']) {
    const { outcome, reason } = await failure(server.url, { egress: { from } })
    assert.deepEqual([outcome, reason], ['not_sent', 'egress'], from)
  }
  assert.equal(seen.length, 2)
})
