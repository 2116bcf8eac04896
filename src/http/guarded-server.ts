import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Random } from '../core/random.ts'
import type { Door } from './doors.ts'
import { type Refusal, refusalOf, refusalReply } from './guard.ts'
import { rawText, send } from './reply.ts'
import { HttpRequest } from './request.ts'

const { createServer } = process.getBuiltinModule('node:http')
const { Socket } = process.getBuiltinModule('node:net')

/** How long a connection that was refused may take to close. */
const goodbyeMs = 1_000

export interface GuardOptions {
  readonly door: Door
  /** The exact `host:port` values that are ours; known once the server listens. */
  readonly own: () => readonly string[]
  readonly random: Random
  /** Answers a request that passed. */
  readonly handle: (request: HttpRequest, response: ServerResponse) => void
}

/** One request at a time: what was sent behind it waits until it is answered, and no more is read meanwhile. */
class Connection {
  /** It was told that this answer is the last one. */
  hasEnded = false
  readonly #socket: Duplex
  #current: IncomingMessage | undefined
  readonly #waiting: (readonly [message: IncomingMessage, answer: () => void])[] = []

  constructor(socket: Duplex) {
    this.#socket = socket
  }
  /** Runs `answer`, which ends with {@link next}, when nothing else is in progress; never on a connection that has ended. */
  take(message: IncomingMessage, answer: () => void): void {
    if (!this.#current) this.#run(message, answer)
    else {
      this.#waiting.push([message, answer])
      this.#socket.pause()
    }
  }
  /** Runs `act` behind the whole requests that are there; one whose rest will never come is not waited for. */
  afterAll(act: () => void): void {
    if (this.#waiting.at(-1)?.[0].complete === false) this.#waiting.pop()
    if (this.#current?.complete) this.take(this.#current, act)
    else act()
  }
  readonly next = (): void => {
    this.#current = undefined
    const turn = this.#waiting.shift()
    if (!turn) return
    if (this.#waiting.length === 0) this.#socket.resume()
    this.#run(...turn)
  }
  #run(message: IncomingMessage, answer: () => void): void {
    if (this.hasEnded) return
    this.#current = message
    answer()
  }
}

/** A server whose every event passes the guard: Node delivers upgrades, CONNECT and Expect past the request handler. */
export function guardedServer({ door, own, random, handle }: GuardOptions): Server {
  const connections = new Map<Duplex, Connection>()
  const onRequest = (message: IncomingMessage, response: ServerResponse) => {
    const connection = connections.get(message.socket)
    connection?.take(message, () => {
      response.once('close', connection.next)
      const request = new HttpRequest(door, message, { message, response })
      const refusal = refusalOf(request, own())
      if (!refusal) return handle(request, response)
      // Node goes on to read what was sent behind the refused request, although the answer ends the connection.
      connection.hasEnded = refusal.closes === true
      send(response, refusalReply(refusal, random))
    })
  }
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      requireHostHeader: door.isForBrowsers,
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
    const connection = new Connection(socket)
    connections.set(socket, connection)
    socket.once('close', () => {
      connection.hasEnded = true
      connections.delete(socket)
    })
  })
  server.on('checkContinue', onRequest)
  server.on('checkExpectation', onRequest)
  /** The last word where Node gives only the bare connection. */
  const end = (socket: Duplex, refusal: Refusal) => {
    // Whoever hangs up while being refused is no error of ours.
    socket.on('error', () => socket.destroy())
    const connection = connections.get(socket)
    connection?.afterAll(() => {
      if (connection.hasEnded) return
      connection.hasEnded = true
      if (!socket.writable) return void socket.destroy()
      // Read on, or the other side's goodbye is never seen. Node reads no more of a connection that was paused when it
      // was given away: that one goes after a while.
      socket.end(rawText(refusalReply({ ...refusal, closes: true }, random))).resume()
      if (socket instanceof Socket) socket.setTimeout(goodbyeMs, () => socket.destroy())
    })
  }
  const drop = (message: IncomingMessage, socket: Duplex) =>
    end(socket, refusalOf(new HttpRequest(door, message), own()) ?? notServed)
  server.on('upgrade', drop)
  server.on('connect', drop)
  server.on('clientError', (_error, socket) => end(socket, notHttp))
  return server
}

const notServed: Refusal = { code: 'method_not_allowed', detail: 'Nothing here speaks another protocol.' }
const notHttp: Refusal = { code: 'bad_framing', detail: 'This is not a request as HTTP/1.1 has them.' }
