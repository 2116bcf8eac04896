import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { test } from 'node:test'
import { exchange, readReply } from './wire.ts'

/** A server that does with each connection what it is told, once the request is there. */
async function answering(act: (socket: Socket, request: string) => void) {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', (data) => act(socket, data.toString()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    where: { host: '127.0.0.1', port },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
const unreachable = { code: 'server_unreachable' }

test('plain, chunked and empty answers are read, across any cut of the bytes', async () => {
  const text = '{"name":"भोर"}'
  const bytes = Buffer.from(text)
  const half = Math.floor(bytes.length / 2)
  const answers = [
    `HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n\r\n${text}`,
    Buffer.concat([
      Buffer.from(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${half.toString(16)}\r\n`),
      bytes.subarray(0, half),
      Buffer.from(`\r\n${(bytes.length - half).toString(16)}\r\n`),
      bytes.subarray(half),
      Buffer.from('\r\n0\r\n\r\n'),
    ]),
  ]
  for (const answer of answers) {
    await using server = await answering((socket) => {
      for (const byte of Buffer.from(answer)) socket.write(Buffer.from([byte]))
      socket.end()
    })
    assert.deepEqual(readReply(await exchange(server.where, 'GET', '/')), { name: 'भोर' })
  }
  await using empty = await answering((socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'))
  assert.equal(readReply(await exchange(empty.where, 'DELETE', '/')), undefined)
})

test('the key stands in one header, the body in the body', async () => {
  let asked = ''
  await using server = await answering((socket, request) => {
    asked = request
    socket.end('HTTP/1.1 200 OK\r\n\r\n{}')
  })
  await exchange(server.where, 'POST', '/v1/x', { body: { a: 'é' }, key: 'bhor_k' })
  assert.match(
    asked,
    /^POST \/v1\/x HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\nconnection: close\r\nbhor-version: \d+\.\d+\.\d+\r\nauthorization: Bearer bhor_k\r\n/,
  )
  assert.match(asked, /content-length: 10\r\n\r\n\{"a":"é"\}$/)
})

test('a server that breaks off, answers no HTTP or says nothing is one error, not a stack', async () => {
  const broken = [
    '',
    'x',
    'HTTP/1.1 200 OK\r\n',
    'SSH-2.0-OpenSSH\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  ]
  for (const answer of broken) {
    await using server = await answering((socket) => socket.end(answer))
    await assert.rejects(exchange(server.where, 'GET', '/'), unreachable, JSON.stringify(answer))
  }
  await using cut = await answering((socket) =>
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{"a":'),
  )
  const reply = await exchange(cut.where, 'GET', '/')
  assert.throws(() => readReply(reply), unreachable)
  await using silent = await answering(() => {})
  await assert.rejects(exchange(silent.where, 'GET', '/', { timeoutMs: 20 }), unreachable)
})

/** A server that is asked, and answers each request on its one connection by turns. */
async function asked(...answers: readonly string[]) {
  const heard: string[] = []
  const server = await answering((socket, first) => {
    const hear = (text: string) => {
      heard.push(text)
      const answer = answers[heard.length - 1]
      if (heard.length < answers.length) socket.write(answer ?? '')
      else socket.end(answer ?? '')
    }
    socket.on('data', (chunk) => hear(chunk.toString()))
    hear(first)
  })
  return { ...server, heard }
}
const reply = (status: string, text: string) =>
  `HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
const question = { target: '/v1/proof?key=01234567', answer: 'right' }
const options = { key: 'bhor_secret', body: { a: 'body' }, question }

test('the question is asked first; after the right answer the request follows on the same connection', async () => {
  await using server = await asked(reply('200 OK', '{"proof":"right"}'), reply('200 OK', '{}'))
  assert.equal((await exchange(server.where, 'POST', '/v1/x', options)).text, '{}')
  assert.equal(server.heard.length, 2)
  assert.match(
    server.heard[0]!,
    /^GET \/v1\/proof\?key=01234567 HTTP\/1\.1\r\n.*\r\nconnection: keep-alive\r\n/s,
  )
  assert.doesNotMatch(server.heard[0]!, /secret|body/)
  assert.match(
    server.heard[1]!,
    /^POST \/v1\/x .*\r\nauthorization: Bearer bhor_secret\r\n.*\{"a":"body"\}$/s,
  )
})

test('after any other answer nothing is sent, and nothing of it is said', async () => {
  const problem = (code: string) => JSON.stringify({ code, detail: 'canary', hint: 'canary' })
  for (const [answer, code] of [
    [reply('200 OK', '{"proof":"wrong"}'), 'server_unproven'],
    [reply('200 OK', '{}'), 'server_unproven'],
    [reply('200 OK', 'null'), 'server_unproven'],
    [reply('200 OK', '"right"'), 'server_unproven'],
    [reply('200 OK', '{"proof":["right"]}'), 'server_unproven'],
    [`${reply('200 OK', '{"proof":"right"}')}HTTP/1.1 200 OK\r\n\r\n`, 'server_unproven'],
    [reply('201 Created', '{"proof":"right"}'), 'server_unproven'],
    [reply('404 Not Found', problem('not_found')), 'server_unproven'],
    [reply('401 Unauthorized', problem('key_missing')), 'server_unproven'],
    [reply('503 Unavailable', problem('toString')), 'server_unproven'],
    // A desk that is in trouble is not taken for a stranger.
    [reply('503 Unavailable', problem('store_unavailable')), 'store_unavailable'],
    [reply('429 Too Many', problem('rate_limited')), 'rate_limited'],
    ['x'.repeat(20_000), 'server_unproven'],
  ] as const) {
    await using server = await asked(answer)
    await assert.rejects(
      exchange(server.where, 'POST', '/v1/x', options),
      (error: Error & { code: string; hint: string }) => {
        assert.equal(error.code, code, answer.slice(0, 80))
        assert.doesNotMatch(`${error.message} ${error.hint}`, /canary/)
        return true
      },
    )
    assert.equal(server.heard.length, 1)
  }
  await using hangsUp = await asked()
  await assert.rejects(exchange(hangsUp.where, 'POST', '/v1/x', options), unreachable)
  await using leaves = await answering((socket) => socket.end(reply('200 OK', '{"proof":"right"}')))
  await assert.rejects(exchange(leaves.where, 'POST', '/v1/x', options), unreachable)
})

test('a problem becomes the error that it is; a foreign one does not pass for ours', () => {
  const problem = { code: 'session_none', detail: 'None yet.', hint: 'Log in.', facts: { a: 1 } }
  assert.throws(() => readReply({ status: 409, text: JSON.stringify(problem) }), {
    code: 'session_none',
    message: 'None yet.',
    hint: 'Log in.',
  })
  for (const text of [
    '',
    '<html>',
    '{}',
    'null',
    '{"code":"toString"}',
    '{"code":"__proto__","detail":"x"}',
    '{"code":7}',
  ])
    assert.throws(() => readReply({ status: 502, text }), unreachable, text)
})
