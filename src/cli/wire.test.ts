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
