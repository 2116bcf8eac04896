import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { BhorError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Random } from '../core/random.ts'
import { type Admitted, type Door, type Knock, type Refusal, verdictOn } from './gate.ts'
import { problemOf, securityHeaders } from './problem.ts'

const { createServer } = process.getBuiltinModule('node:http')

export interface GuardOptions {
  readonly door: Door
  /** The exact `host:port` values that are ours; known once the server listens. */
  readonly own: () => readonly string[]
  readonly random: Random
  /** Who answers a request that passed. Asked again only where a connection's next request is not the same. */
  readonly handlerOf: (admitted: Admitted) => Handler
}

/** Answers one request, or several that are the same to the last letter of their heads. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** What is remembered of a connection while it lasts. */
interface Connection {
  /** It was told that this answer is the last one. */
  hasEnded: boolean
  /** The latest request that passed. A program asks the same again and again, and the gate has one answer to it. */
  latest: (Knock & { readonly handle: Handler }) | undefined
}

/** A server whose every event passes the gate: Node delivers upgrades, CONNECT and Expect past the request handler. */
export function guardedServer({ door, own, random, handlerOf }: GuardOptions): Server {
  const connections = new Map<Duplex, Connection>()
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const connection = connections.get(request.socket)
    // Node goes on to read what was sent behind the refused request, although the answer ends the connection.
    if (!connection || connection.hasEnded) return
    const { latest } = connection
    if (latest && isSame(latest, request)) return latest.handle(request, response)
    const knock = knockOf(request)
    const { refusal, admitted } = verdictOn(knock, door, own())
    if (refusal) {
      connection.hasEnded = refusal.closes === true
      refuse(response, refusal, random)
      return
    }
    const handle = handlerOf(admitted)
    connection.latest = { ...knock, handle }
    handle(request, response)
  }
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      requireHostHeader: door === 'desk',
      keepAliveTimeout: 30_000,
      // A request that has no body is not made a stream, only to be read to its end at once.
      optimizeEmptyRequests: true,
    },
    onRequest,
  )
  server.headersTimeout = 10_000
  server.requestTimeout = 20_000
  server.maxHeadersCount = 64
  server.maxConnections = 1024
  server.on('connection', (socket) => {
    connections.set(socket, { hasEnded: false, latest: undefined })
    socket.once('close', () => connections.delete(socket))
  })
  server.on('checkContinue', onRequest)
  server.on('checkExpectation', onRequest)
  const drop = (request: IncomingMessage, socket: Duplex) => {
    const refusal = verdictOn(knockOf(request), door, own()).refusal ?? notServed
    // Whoever hangs up while being refused is no error of ours.
    socket.on('error', () => socket.destroy())
    socket.end(rawAnswer(refusal, random))
  }
  server.on('upgrade', drop)
  server.on('connect', drop)
  server.on('clientError', (_error, socket) => {
    if (connections.get(socket)?.hasEnded) return
    if (socket.writable) socket.end(rawAnswer(notHttp, random))
    else socket.destroy()
  })
  return server
}

function knockOf({ method = '', url = '', rawHeaders }: IncomingMessage): Knock {
  return { method, target: url, rawHeaders }
}

function isSame({ method, target, rawHeaders }: Knock, request: IncomingMessage): boolean {
  const others = request.rawHeaders
  if (request.method !== method || request.url !== target || others.length !== rawHeaders.length) return false
  for (let at = 0; at < others.length; at++) if (others[at] !== rawHeaders[at]) return false
  return true
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
