import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { BhorError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Random } from '../core/random.ts'
import { type Door, type Headers, type Refusal, type Verdict, verdictOn } from './gate.ts'
import { problemOf, securityHeaders } from './problem.ts'

const { createServer } = process.getBuiltinModule('node:http')

export interface GuardOptions {
  readonly door: Door
  /** The exact `host:port` values that are ours; known once the server listens. */
  readonly own: () => readonly string[]
  readonly random: Random
  readonly listener: Listener
}

/** What is called for a request that passed, with its headers as the gate saw them. */
export type Listener = (request: IncomingMessage, response: ServerResponse, headers: Headers) => void

/** A server whose every event passes the gate: Node delivers upgrades, CONNECT and Expect past the request handler. */
export function guardedServer({ door, own, random, listener }: GuardOptions): Server {
  const knock = (request: IncomingMessage): Verdict =>
    verdictOn(
      { method: request.method ?? '', target: request.url ?? '', rawHeaders: request.rawHeaders },
      door,
      own(),
    )
  const ended = new WeakSet<Duplex>()
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    // Node goes on to read what was sent behind the refused request, although the answer ends the connection.
    if (ended.has(request.socket)) return
    const verdict = knock(request)
    if (!verdict.refusal) return listener(request, response, verdict.headers)
    if (verdict.refusal.closes) ended.add(request.socket)
    refuse(response, verdict.refusal, random)
  }
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      requireHostHeader: door === 'desk',
      keepAliveTimeout: 30_000,
    },
    onRequest,
  )
  server.headersTimeout = 10_000
  server.requestTimeout = 20_000
  server.maxHeadersCount = 64
  server.maxConnections = 1024
  server.on('checkContinue', onRequest)
  server.on('checkExpectation', onRequest)
  const drop = (request: IncomingMessage, socket: Duplex) => {
    const refusal = knock(request).refusal ?? notServed
    // Whoever hangs up while being refused is no error of ours.
    socket.on('error', () => socket.destroy())
    socket.end(rawAnswer(refusal, random))
  }
  server.on('upgrade', drop)
  server.on('connect', drop)
  server.on('clientError', (_error, socket) => {
    if (ended.has(socket)) return
    if (socket.writable) socket.end(rawAnswer(notHttp, random))
    else socket.destroy()
  })
  return server
}

const notServed: Refusal = { code: 'method_not_allowed', detail: 'Nothing here speaks another protocol.' }
const notHttp: Refusal = { code: 'bad_framing', detail: 'This is not a request as HTTP/1.1 has them.' }

function refuse(response: ServerResponse, refusal: Refusal, random: Random): void {
  const { status, headers, body } = answerTo(refusal, random)
  const length = { 'content-length': Buffer.byteLength(body) }
  response.writeHead(status, { ...headers, ...length, ...(refusal.closes ? { connection: 'close' } : {}) })
  response.end(body)
}

/** Where Node gives only the bare connection. */
function rawAnswer(refusal: Refusal, random: Random): string {
  const { status, headers, body } = answerTo(refusal, random)
  const lines = Object.entries({
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${status} Refused`, ...lines, '', body].join('\r\n')
}

function answerTo({ code, detail, hint }: Refusal, random: Random) {
  const error = new BhorError(code, detail, hint === undefined ? {} : { hint })
  return {
    status: error.httpStatus,
    headers: {
      ...securityHeaders,
      'content-type': 'application/problem+json',
      ...(code === 'method_not_allowed' ? { allow: 'GET, POST, PATCH, DELETE' } : {}),
    },
    body: JSON.stringify(problemOf(error, newId('req', random))),
  }
}
