import assert from 'node:assert/strict'
import { type AddressInfo, connect, createServer } from 'node:net'
import { test } from 'node:test'
import { failureOfAnswer, failureOfThrown } from './failure.ts'

const refused = (status: number, body: string) => ({ kind: 'refused', status, body })

test('a refusal is read from the errors of the clients that people use', () => {
  const body = '{"status":"error","error_type":"TokenException"}'
  const parsed = JSON.parse(body) as object
  const thrown: Readonly<Record<string, unknown>> = {
    axios: { message: 'Request failed', code: 'ERR_BAD_REQUEST', response: { status: 403, data: parsed } },
    superagent: { status: 403, response: { status: 403, statusCode: 403, text: body, body: parsed } },
    got: { code: 'ERR_NON_2XX_3XX_RESPONSE', response: { statusCode: 403, body } },
    undici: { code: 'UND_ERR_RESPONSE', statusCode: 403, body: parsed },
    'of one’s own': Object.assign(new Error('no'), { status: 403, body }),
  }
  for (const [client, error] of Object.entries(thrown))
    assert.deepEqual(failureOfThrown(error), refused(403, body), client)
  assert.deepEqual(failureOfThrown({ status: 401 }), { kind: 'refused', status: 401 })
})

test('what the broker has judged otherwise is nobody’s matter but the program’s', () => {
  for (const status of [200, 400, 404, 422]) assert.equal(failureOfThrown({ status }), undefined)
  for (const thrown of [undefined, null, 'text', 7, new Error('a bug'), { code: 'ERR_ASSERTION' }])
    assert.equal(failureOfThrown(thrown), undefined)
})

test('a broker that asks to slow down says for how long, or does not', () => {
  const headers = { 'retry-after': '7' }
  assert.deepEqual(failureOfThrown({ response: { status: 429, headers } }), {
    kind: 'throttled',
    retryAfterMs: 7_000,
  })
  assert.deepEqual(failureOfThrown({ response: { status: 429, headers: new Headers(headers) } }), {
    kind: 'throttled',
    retryAfterMs: 7_000,
  })
  assert.deepEqual(failureOfThrown({ status: 429, headers: { 'retry-after': 'soon' } }), {
    kind: 'throttled',
  })
})

test('only what provably never left is “not sent”; resets, time-outs and broken servers are unknown', () => {
  const kindOf = (error: object) => failureOfThrown(error)?.kind
  for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])
    assert.equal(kindOf({ cause: { code } }), 'not sent', code)
  for (const code of [
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'ECONNABORTED',
    'UND_ERR_SOCKET',
    'UND_ERR_BODY_TIMEOUT',
  ])
    assert.equal(kindOf({ code }), 'unknown', code)
  assert.equal(kindOf({ code: 'EHOSTUNREACH', syscall: 'connect' }), 'not sent')
  // The same code in the middle of an answer.
  assert.equal(kindOf({ code: 'EHOSTUNREACH', syscall: 'read' }), 'unknown')
  for (const status of [408, 500, 502, 503, 504]) assert.equal(kindOf({ status }), 'unknown', String(status))
  assert.equal(kindOf(new DOMException('late', 'TimeoutError')), 'unknown')
  // Somebody has given up on purpose.
  assert.equal(kindOf(new DOMException('stop', 'AbortError')), undefined)
})

test('the errors are those that Node throws: nobody listens, and a connection that is cut', async () => {
  const port = await freePort()
  const ofFetch = await fetch(`http://127.0.0.1:${port}/`).catch((error: unknown) => error)
  assert.deepEqual(failureOfThrown(ofFetch), { kind: 'not sent' })
  const ofNet = await new Promise((resolve) => connect({ port, host: '127.0.0.1' }).once('error', resolve))
  assert.deepEqual(failureOfThrown(ofNet), { kind: 'not sent' })
  const cutting = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  await new Promise((resolve) => cutting.once('listening', resolve))
  const cut = await fetch(`http://127.0.0.1:${portOf(cutting)}/`).catch((error: unknown) => error)
  cutting.close()
  assert.deepEqual(failureOfThrown(cut), { kind: 'unknown' })
})

function portOf(server: ReturnType<typeof createServer>): number {
  return (server.address() as AddressInfo).port
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const port = portOf(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('an answer of fetch is read without taking it from the program', async () => {
  const answer = new Response('{"error_type":"TokenException"}', { status: 403 })
  assert.deepEqual(await failureOfAnswer(answer), refused(403, '{"error_type":"TokenException"}'))
  assert.equal(await answer.text(), '{"error_type":"TokenException"}')
  // Then nobody can read what it says.
  assert.deepEqual(await failureOfAnswer(answer), { kind: 'refused', status: 403 })
  assert.equal(await failureOfAnswer(new Response('{}')), undefined)
  assert.equal(await failureOfAnswer({ status: 403, ok: false }), undefined)
  const slow = new Response(null, { status: 429, headers: { 'retry-after': '2' } })
  assert.deepEqual(await failureOfAnswer(slow), { kind: 'throttled', retryAfterMs: 2_000 })
})
