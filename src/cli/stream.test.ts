import assert from 'node:assert/strict'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import tls from 'node:tls'
import { selfSigned } from '../../test/support/self-signed.ts'
import { streamed } from './stream.ts'
import type { Where } from './wire.ts'

/** A server that sends these bytes to whoever asks, in pieces, and what it was asked. */
async function sending(pieces: readonly Buffer[], isTls = false, stays = false) {
  const sockets = new Set<Socket>()
  const asked: string[] = []
  const answer = async (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', (data: Buffer) => {
      asked.push(data.toString())
      for (const piece of pieces) socket.write(piece)
      if (!stays) socket.end()
    })
  }
  const server = isTls
    ? tls.createServer(selfSigned, (socket) => void answer(socket))
    : createServer((socket) => void answer(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const where: Where = { host: '127.0.0.1', port, ...(isTls ? { isTls } : {}) }
  return {
    where,
    asked,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
const never = () => new AbortController().signal
const text = 'id: 7\nevent: x\ndata: {"name":"भोर"}\n\n: still here\n\n'

function chunked(parts: readonly Buffer[]): Buffer {
  const chunks = parts.map((part) =>
    Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]),
  )
  return Buffer.concat([
    Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'),
    ...chunks,
    Buffer.from('0\r\n\r\n'),
  ])
}
async function all(where: Where, options: object = {}): Promise<string> {
  let got = ''
  for await (const part of streamed(where, '/v1/events', { signal: never(), ...options })) got += part
  return got
}

test('a stream is read across any cut of its bytes, in chunks or as it is', async () => {
  const bytes = Buffer.from(text)
  const whole = chunked([bytes.subarray(0, 27), bytes.subarray(27, 28), bytes.subarray(28)])
  for (const answer of [whole, Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), bytes])]) {
    await using bytewise = await sending([...answer].map((byte) => Buffer.from([byte])))
    assert.equal(await all(bytewise.where), text)
    await using atOnce = await sending([answer])
    assert.equal(await all(atOnce.where, { key: 'bhor_k', headers: { 'last-event-id': '7' } }), text)
    assert.match(
      atOnce.asked[0]!,
      /^GET \/v1\/events HTTP\/1\.1\r\n[\s\S]*\r\nauthorization: Bearer bhor_k\r\nlast-event-id: 7\r\n\r\n$/,
    )
  }
})

test('a refusal is the error that the server says, a broken answer is one error', async () => {
  const problem = JSON.stringify({ code: 'key_invalid', detail: 'No.', hint: 'x' })
  const refusal = `HTTP/1.1 401 Unauthorized\r\ncontent-length: ${problem.length}\r\n\r\n${problem}`
  await using refusing = await sending([Buffer.from(refusal)])
  await assert.rejects(all(refusing.where), { code: 'key_invalid' })
  for (const answer of [
    '',
    'SSH-2.0-OpenSSH\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  ]) {
    await using broken = await sending([Buffer.from(answer)])
    await assert.rejects(all(broken.where), { code: 'server_unreachable' }, answer)
  }
  // Cut off in a chunk: what came whole counts, and whoever reads goes on from there.
  await using cut = await sending([chunked([Buffer.from(text)]).subarray(0, -9)])
  assert.equal(await all(cut.where), '')
})

test('whoever does not want it any more gets no more, also before the connection stands', async () => {
  await using staying = await sending([chunked([Buffer.from(text)]).subarray(0, -5)], false, true)
  const enough = new AbortController()
  for await (const part of streamed(staying.where, '/', { signal: enough.signal })) {
    assert.equal(part, text)
    enough.abort()
  }
  const before = AbortSignal.abort()
  for await (const _part of streamed(staying.where, '/', { signal: before })) assert.fail()
})

test('over TLS: the same, and only with a certificate that somebody vouches for', async () => {
  await using server = await sending([chunked([Buffer.from(text)])], true)
  const trusted = tls.getCACertificates('default')
  await assert.rejects(all(server.where, { key: 'bhor_k' }), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  assert.deepEqual(server.asked, [])
  try {
    tls.setDefaultCACertificates([...trusted, selfSigned.cert])
    assert.equal(await all(server.where, { key: 'bhor_k' }), text)
  } finally {
    tls.setDefaultCACertificates(trusted)
  }
})
