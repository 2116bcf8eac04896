import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket as NetSocket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Actor } from '../contracts/audit.ts'
import type { Clock } from '../core/clock.ts'
import type { Random } from '../core/random.ts'
import type { Connection, Exchange } from './connection.ts'
import { Connections, callerOf, stranger } from './connections.ts'
import type { Door } from './doors.ts'
import { type OwnAddresses, type Refusal, refusalOf, refusalReply } from './guard.ts'
import { closeServer } from './listen.ts'
import { isFlow, type Reply, rawText, send } from './reply.ts'
import { HttpRequest } from './request.ts'
import { Turns } from './turns.ts'

const { createServer } = process.getBuiltinModule('node:http')
const { createServer: createTlsServer } = process.getBuiltinModule('node:https')
const { Socket } = process.getBuiltinModule('node:net')

/** How long a connection that was refused may take to close. */
const goodbyeMs = 1_000
/** How long a client may take to agree on TLS. */
const handshakeMs = 10_000

export interface GuardOptions {
  readonly door: Door
  readonly own: OwnAddresses
  readonly random: Random
  readonly clock: Pick<Clock, 'after' | 'monotonicMs'>
  /** Who asks, where that can be said at once. Nothing is decided by it but whose turn it is. */
  readonly known: (request: HttpRequest) => Actor | undefined
  /** Everybody who comes in by this door, where the door alone says it. */
  readonly everybody: Actor | undefined
  /** How many connections there may be on which nobody has shown who he is. */
  readonly mostStrangers: number
  /** Answers a request that passed; never fails. */
  readonly answer: (request: HttpRequest) => Promise<Reply>
  /** Speaks TLS with it. */
  readonly certificate?: { readonly cert: string; readonly key: string } | undefined
}

export interface GuardedServer {
  readonly server: Server
  /** From the next connection on. @throws where TLS does not take it */
  useCertificate(certificate: { readonly cert: string; readonly key: string }): void
  /** No new requests; those under way may finish. */
  close(): Promise<void>
}

/** A server whose every event passes the guard: Node delivers upgrades, CONNECT and Expect past the request handler. */
export function guardedServer(options: GuardOptions): GuardedServer {
  const { door, own, random, clock, known, everybody, mostStrangers, answer, certificate } = options
  const turns = new Turns((caller) => (caller === stranger ? 8 : 32))

  const serve = (connection: Connection, exchange: Exchange, isFollowing: boolean) => {
    const shown = (actor: Actor | undefined) => connections.shown(connection, actor)
    const request = new HttpRequest(door, exchange.message, { ...exchange, shown })
    const begin = () => {
      if (connection.hasEnded) return
      connection.atWork()
      const refusal = refusalOf(request, own)
      if (!refusal) {
        void answer(request).then((reply) => finish(connection, request, exchange, reply))
        return
      }
      // Node goes on to read what was sent behind the refused request, although the answer ends the connection.
      connection.hasEnded = refusal.closes === true
      finish(connection, request, exchange, refusalReply(refusal, random, door))
    }
    const caller = callerOf(connection.actor ?? known(request))
    if (isFollowing) turns.later(caller, begin)
    else turns.take(caller, begin)
  }
  const finish = (connection: Connection, request: HttpRequest, { response }: Exchange, reply: Reply) => {
    // Whoever waits for a 100 and gets an answer may send the body or not: what comes next nobody can read.
    const isUnsure = request.isBodyOwed && !connection.hasEnded
    if (isUnsure) connection.hasEnded = true
    if (request.hasBody) connection.dropRest()
    send(response, isUnsure ? { ...reply, headers: [...reply.headers, 'connection', 'close'] } : reply)
    // An answer that goes on is never all there; whoever writes it looks whether it is taken.
    if (!isFlow(reply.body)) connection.answered()
  }
  const connections = new Connections({
    clock,
    serve,
    later: (act) => turns.later(stranger, act),
    everybody,
    mostStrangers,
  })

  const taking = (awaitsContinue: boolean) => (message: IncomingMessage, response: ServerResponse) =>
    connections.of(message.socket)?.take({ message, response, awaitsContinue })
  const settings = {
    maxHeaderSize: 16 * 1024,
    requireHostHeader: door.isForBrowsers,
    keepAliveTimeout: 30_000,
    headersTimeout: 10_000,
    requestTimeout: 20_000,
    connectionsCheckingInterval: 2_000,
    // A request that has no body is not made a stream, only to be read to its end at once.
    optimizeEmptyRequests: true,
  }
  const tls = certificate
    ? createTlsServer(
        { ...settings, ...certificate, minVersion: 'TLSv1.2', handshakeTimeout: handshakeMs },
        taking(false),
      )
    : undefined
  const server: Server = tls ?? createServer(settings, taking(false))
  /** Connections that have not become TLS ones yet: nobody is served on them. */
  const raw = new Map<string, NetSocket>()
  tls?.on('connection', (socket: NetSocket) => {
    const from = farEnd(socket)
    raw.set(from, socket)
    socket.once('close', () => raw.delete(from))
  })
  server.maxHeadersCount = 64
  // Far above what the budgets let in: only the system's own limits are behind it.
  server.maxConnections = 4096
  tls?.on('secureConnection', (socket) => {
    raw.delete(farEnd(socket))
    connections.add(socket)
  })
  if (!tls) server.on('connection', (socket) => connections.add(socket))
  server.on('checkContinue', taking(true))
  server.on('checkExpectation', taking(false))
  /** The last word where Node gives only the bare connection. */
  const end = (socket: Duplex, refusal: Refusal) => {
    // Whoever hangs up while being refused is no error of ours.
    socket.on('error', () => socket.destroy())
    const connection = connections.of(socket)
    connection?.endWith(() => {
      connection.hasEnded = true
      if (!socket.writable) return void socket.destroy()
      // Read on, or the other side's goodbye is never seen; one that never comes is not waited for.
      socket.end(rawText(refusalReply({ ...refusal, closes: true }, random, door))).resume()
      if (socket instanceof Socket) socket.setTimeout(goodbyeMs, () => socket.destroy())
    })
  }
  const drop = (message: IncomingMessage, socket: Duplex) =>
    end(socket, refusalOf(new HttpRequest(door, message), own) ?? notServed)
  server.on('upgrade', drop)
  server.on('connect', drop)
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Whoever never said anything is told nothing.
    if (socket instanceof Socket && socket.bytesRead === 0) socket.destroy()
    else end(socket, error.code === 'HPE_HEADER_OVERFLOW' ? largeHead : notHttp)
  })
  return {
    server,
    useCertificate: (next) => tls?.setSecureContext({ ...next, minVersion: 'TLSv1.2' }),
    close() {
      const closed = closeServer(server)
      connections.end()
      for (const socket of raw.values()) socket.destroy()
      return closed
    },
  }
}

function farEnd({ remoteAddress, remotePort }: NetSocket): string {
  return `${remoteAddress} ${remotePort}`
}

const notServed: Refusal = { code: 'method_not_allowed', detail: 'Nothing here speaks another protocol.' }
const largeHead: Refusal = { code: 'too_large', detail: 'The head of this request has more than 16 KB.' }
const notHttp: Refusal = { code: 'bad_framing', detail: 'This is not a request as HTTP/1.1 has them.' }
