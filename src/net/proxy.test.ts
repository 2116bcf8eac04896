import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { test } from 'node:test'
import tls from 'node:tls'
import { inspect } from 'node:util'
import { startConnectProxy, startSocksProxy } from '../../test/support/egress-proxies.ts'
import { openHostileServer } from '../../test/support/hostile-server.ts'
import { selfSigned } from '../../test/support/self-signed.ts'
import { type Egress, NetError, type NetReason, type NetRequest } from '../contracts/net.ts'
import { Secret } from '../core/secret.ts'
import { systemNet } from './system.ts'

const password = 'ThePasswordOfTheProxy'
const right = `me:${password}`

function get(url: string, egress?: Egress, rest: Partial<NetRequest> = {}): NetRequest {
  return { method: 'GET', url, headers: {}, timeoutMs: 10_000, ...(egress ? { egress } : {}), ...rest }
}

const by = (url: string, login?: string): Egress => ({
  proxy: { url, ...(login === undefined ? {} : { login: new Secret(login) }) },
})

/** Why a call did not succeed; nothing of the login may stand in the error, however it is shown. */
async function failure(request: NetRequest): Promise<NetError> {
  const error = await systemNet.send(request).then(
    (reply) => assert.fail(`an answer: ${reply.status}`),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof NetError, inspect(error))
  const shown = inspect(error, { depth: 20, showHidden: true })
  for (const part of [password, Buffer.from(right).toString('base64')]) assert.ok(!shown.includes(part))
  return error
}

/** Answers with the address that it sees. */
async function startEcho(host = '127.0.0.1') {
  const seen: string[] = []
  const server = createHttpServer((request, response) => {
    seen.push(`${request.method} ${request.headers.host} ${request.url}`)
    response.end(request.socket.remoteAddress)
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const kinds = { 'HTTP CONNECT': startConnectProxy, SOCKS5: startSocksProxy }

for (const [kind, startProxy] of Object.entries(kinds)) {
  test(`${kind}: a call leaves by the proxy, which resolves the name; the world sees the proxy’s address`, async () => {
    await using echo = await startEcho()
    await using proxy = await startProxy({ exit: '127.0.0.2', login: right })
    const url = `http://broker.invalid:${echo.port}/path?a=b`
    const answer = await systemNet.send(get(url, by(proxy.url, right)))
    assert.deepEqual([answer.status, answer.text], [200, '127.0.0.2'])
    assert.deepEqual(proxy.asked, [`broker.invalid:${echo.port}`])
    // The proxy's login is for the proxy alone.
    assert.deepEqual(echo.seen, [`GET broker.invalid:${echo.port} /path?a=b`])
  })

  test(`${kind}: addresses of both families are passed on as they are`, async () => {
    await using proxy = await startProxy()
    for (const [host, shown] of [
      ['127.0.0.1', '127.0.0.1'],
      ['::1', '[::1]'],
    ] as const) {
      await using echo = await startEcho(host)
      const answer = await systemNet.send(get(`http://${shown}:${echo.port}/`, by(proxy.url)))
      assert.equal(answer.text, host)
    }
  })

  test(`${kind}: a wrong login and a missing one are named, and nothing was sent`, async () => {
    await using echo = await startEcho()
    await using proxy = await startProxy({ login: right })
    for (const login of [`me:${password}x`, `you:${password}`, undefined]) {
      const error = await failure(get(`http://127.0.0.1:${echo.port}`, by(proxy.url, login)))
      assert.deepEqual([error.outcome, error.reason], ['not_sent', 'proxy_login'])
    }
    assert.deepEqual(echo.seen, [])
  })

  test(`${kind}: a proxy that refuses, that is not there, or does not reach the broker: never directly instead`, async () => {
    await using echo = await startEcho()
    await using proxy = await startProxy({ answer: 'refuse' })
    const url = `http://127.0.0.1:${echo.port}`
    const refused = await failure(get(url, by(proxy.url)))
    assert.deepEqual([refused.outcome, refused.reason], ['not_sent', 'proxy_refused'])
    proxy.answer = 'open'
    const unreached = await failure(get('http://127.0.0.1:1', by(proxy.url)))
    assert.deepEqual([unreached.outcome, unreached.reason], ['not_sent', 'proxy_refused'])
    await proxy[Symbol.asyncDispose]()
    const gone = await failure(get(url, by(proxy.url)))
    assert.deepEqual([gone.outcome, gone.reason], ['not_sent', 'proxy'])
    assert.deepEqual(echo.seen, [])
  })

  test(`${kind}: a proxy that hangs is given up with the call, and has sent nothing`, async () => {
    await using proxy = await startProxy({ answer: 'hang' })
    const error = await failure(get('http://127.0.0.1:1', by(proxy.url), { timeoutMs: 100 }))
    assert.deepEqual([error.outcome, error.reason], ['not_sent', 'timeout'])
  })

  test(`${kind}: TLS goes to the broker itself, whose certificate is checked as strictly as ever`, async () => {
    const received: string[] = []
    const server = tls.createServer(selfSigned, (socket) => {
      socket.on('error', () => {})
      socket.on('data', (chunk) => {
        received.push(String(chunk))
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok')
      })
    })
    server.on('tlsClientError', () => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await using proxy = await startProxy({ login: right })
    const call = (host: string) =>
      get(`https://${host}:${port}/`, by(proxy.url, right), { headers: { cookie: 'c' } })
    const trusted = tls.getCACertificates('default')
    try {
      const unknown = await failure(call('127.0.0.1'))
      assert.deepEqual([unknown.outcome, unknown.reason], ['not_sent', 'tls'])
      tls.setDefaultCACertificates([...trusted, selfSigned.cert])
      // It is for 127.0.0.1 and for no name.
      const other = await failure(call('broker.invalid'))
      assert.deepEqual([other.outcome, other.reason], ['not_sent', 'tls'])
      assert.deepEqual(received, [])
      assert.equal((await systemNet.send(call('127.0.0.1'))).text, 'ok')
      assert.equal(received.length, 1)
    } finally {
      tls.setDefaultCACertificates(trusted)
      server.close()
      await once(server, 'close')
    }
  })

  test(`${kind}: a broker that breaks off after the call came through leaves an unknown outcome`, async () => {
    await using server = await openHostileServer((socket) => socket.resetAndDestroy())
    await using proxy = await startProxy()
    const error = await failure(get(server.url, by(proxy.url)))
    assert.deepEqual([error.outcome, error.reason], ['unknown', 'reset'])
    assert.equal(server.received.length, 1)
  })

  test(`${kind}: a redirect through it is an answer and is not followed`, async () => {
    await using other = await openHostileServer(() => {})
    await using server = await openHostileServer((socket) =>
      socket.end(`HTTP/1.1 302 Go\r\nlocation: ${other.url}\r\ncontent-length: 0\r\n\r\n`),
    )
    await using proxy = await startProxy()
    assert.equal((await systemNet.send(get(server.url, by(proxy.url)))).status, 302)
    assert.deepEqual(other.received, [])
  })
}

const html = '<!doctype html><title>Log in to the network</title>'
const page = (head: string) => (socket: Socket) =>
  void socket.end(
    `HTTP/1.1 ${head}\r\ncontent-type: text/html\r\ncontent-length: ${html.length}\r\n\r\n${html}`,
  )

/** What answers at the proxy's address, and what it is called. */
const strange: readonly (readonly [
  what: string,
  behave: (socket: Socket) => void,
  http: NetReason,
  socks: NetReason,
])[] = [
  ['a page with 200', page('200 OK'), 'proxy_invalid', 'proxy_invalid'],
  ['a page with 400', page('400 Bad Request'), 'proxy_invalid', 'proxy_invalid'],
  ['a page with 404', page('404 Not Found'), 'proxy_invalid', 'proxy_invalid'],
  ['a page with 405', page('405 Method Not Allowed'), 'proxy_invalid', 'proxy_invalid'],
  ['a redirect', page('302 Found\r\nlocation: http://127.0.0.1/login'), 'proxy_invalid', 'proxy_invalid'],
  ['HTML without a head', (socket) => void socket.end(html), 'proxy_invalid', 'proxy_invalid'],
  ['another protocol', (socket) => void socket.end('SSH-2.0-hello\r\n'), 'proxy_invalid', 'proxy_invalid'],
  ['an end', (socket) => void socket.end(), 'proxy', 'proxy'],
  ['a reset', (socket) => void socket.resetAndDestroy(), 'proxy', 'proxy'],
  ['a proxy whose broker is away', page('502 Bad Gateway'), 'proxy_refused', 'proxy_invalid'],
]

for (const [what, behave, http, socks] of strange) {
  test(`what answers at the proxy’s address is ${what}: named, nothing was sent, and the login is in no error`, async () => {
    await using server = await openHostileServer(behave)
    for (const [scheme, reason] of [
      ['http', http],
      ['socks5', socks],
    ] as const) {
      const error = await failure(
        get('http://127.0.0.1:1', by(`${scheme}://127.0.0.1:${server.port}`, right)),
      )
      assert.deepEqual([error.outcome, error.reason], ['not_sent', reason], scheme)
    }
  })
}

test('a page that comes through the way instead of TLS is the proxy’s own', async () => {
  await using server = await openHostileServer((socket, request) => {
    if (request.startsWith('CONNECT')) socket.write('HTTP/1.1 200 OK\r\n\r\n')
    socket.once('data', () => socket.end(html))
  })
  const error = await failure(get('https://broker.invalid', by(server.url, right)))
  assert.deepEqual([error.outcome, error.reason], ['not_sent', 'proxy_invalid'])
})

test('a proxy whose address is none', async () => {
  const error = await failure(get('http://127.0.0.1:1', by('nonsense', right)))
  assert.deepEqual([error.outcome, error.reason], ['not_sent', 'proxy_invalid'])
})
