import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Actor } from '../contracts/audit.ts'
import type { Clock } from '../core/clock.ts'

/** What is read at once: heads of browsers fit, and of the smallest requests only a few. */
const pieceBytes = 1024
/** An answer that is not taken within this time ends the connection. */
const takenWithinMs = 15_000
const takenAtTheEndWithinMs = 1_000
/** What of a body that nobody wants is still read, so that its sender comes to read the answer. */
const mostUnwantedBytes = 256 * 1024

/** A request that has arrived, and what answers it. */
export interface Exchange {
  readonly message: IncomingMessage
  readonly response: ServerResponse
  /** Its sender waits for a 100 before it sends the body. */
  readonly awaitsContinue: boolean
}

export interface ConnectionOptions {
  readonly clock: Pick<Clock, 'after' | 'monotonicMs'>
  /** Answers a request; `isFollowing`: it was sent before the one in front of it was answered. */
  readonly serve: (connection: Connection, exchange: Exchange, isFollowing: boolean) => void
  /** Does what a stranger wants when his turn comes. */
  readonly later: (act: () => void) => void
}

/** One request at a time: what was sent behind it waits until it is answered, and no more is read meanwhile. */
export class Connection {
  readonly socket: Socket
  /** Who has shown here who he is; undefined for a stranger. */
  actor: Actor | undefined
  /** It was told that this answer is the last one, or it is closed. */
  hasEnded = false
  /** When it last did anything: came, began with a request, was answered. */
  sinceMs: number
  readonly #options: ConnectionOptions
  readonly #waiting: Exchange[] = []
  #current: Exchange | undefined
  /** The answer is being made: what it costs was spent. */
  #isBeingMade = false
  /** Comes behind everything that waits. */
  #end: (() => void) | undefined
  #takenLimit: Disposable | undefined

  constructor(socket: Socket, options: ConnectionOptions) {
    this.socket = socket
    this.#options = options
    this.sinceMs = options.clock.monotonicMs()
    readInPieces(socket)
    // Comes after Node's own listener, which has parsed the piece by then.
    socket.on('data', this.#afterPiece)
    socket.once('close', () => {
      this.hasEnded = true
      this.#takenLimit?.[Symbol.dispose]()
    })
  }

  /** Nothing is asked here, and no answer is on its way. */
  get isIdle(): boolean {
    return this.#current === undefined
  }
  /** An answer is being made for it: nobody may break that off. */
  get isAtWork(): boolean {
    return this.#isBeingMade && this.#current?.message.complete === true
  }

  take(exchange: Exchange): void {
    if (this.hasEnded || this.#end) return
    if (this.#current) this.#waiting.push(exchange)
    else this.#begin(exchange, false)
  }
  /** The answer to what {@link ConnectionOptions.serve} was given is being made from now on. */
  atWork(): void {
    this.#isBeingMade = true
  }
  /** What is still to come of the body is wanted by nobody. */
  dropRest(): void {
    const message = this.#current?.message
    if (!message || message.complete) return
    let bytes = 0
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > mostUnwantedBytes) this.socket.destroy()
    })
  }
  /** Its answer is on its way. The next request comes when all of it was taken. */
  answered(): void {
    this.#isBeingMade = false
    if (this.socket.writableLength > 0) this.#limitTaking(takenWithinMs)
  }
  /** Runs `act` behind the whole requests that are there; one whose rest will never come is not waited for. */
  endWith(act: () => void): void {
    if (this.hasEnded || this.#end) return
    if (this.#waiting.at(-1)?.message.complete === false) this.#waiting.pop()
    if (this.#current?.message.complete) this.#end = act
    else act()
  }
  /** Nothing more begins here. What is in progress is answered, if its whole request is there or its sender is known. */
  finish(): void {
    this.#waiting.length = 0
    if (!this.#current || !(this.#current.message.complete || this.actor)) return void this.socket.destroy()
    this.#end ??= () => this.socket.destroySoon()
    if (this.#takenLimit) this.#limitTaking(takenAtTheEndWithinMs)
  }

  readonly #afterPiece = (): void => {
    const { socket } = this
    if (this.#isHeld) socket.pause()
    else if (!this.actor) {
      socket.pause()
      this.#options.later(this.#goOn)
    }
  }
  readonly #goOn = (): void => {
    if (!this.#isHeld) this.socket.resume()
  }
  get #isHeld(): boolean {
    return this.#waiting.length > 0 || this.hasEnded
  }
  #limitTaking(withinMs: number): void {
    this.#takenLimit?.[Symbol.dispose]()
    this.#takenLimit = this.#options.clock.after(withinMs, () => this.socket.destroy())
  }
  #begin(exchange: Exchange, isFollowing: boolean): void {
    this.#current = exchange
    this.sinceMs = this.#options.clock.monotonicMs()
    exchange.response.on('close', this.#next)
    this.#options.serve(this, exchange, isFollowing)
  }
  readonly #next = (): void => {
    this.#takenLimit?.[Symbol.dispose]()
    this.#takenLimit = undefined
    this.#current = undefined
    this.#isBeingMade = false
    if (this.hasEnded) return
    const next = this.#waiting.shift()
    if (next) {
      if (this.#waiting.length === 0) this.socket.resume()
      this.#begin(next, true)
    } else if (this.#end) this.#end()
    this.sinceMs = this.#options.clock.monotonicMs()
  }
}

/**
 * Node reads 64 KiB of a connection at once, in which there is room for thousands of requests, and makes objects of
 * all of them before anybody is asked. In pieces it stops as soon as there is enough to do.
 */
function readInPieces(socket: Socket): void {
  const push = socket.push.bind(socket)
  socket.push = (chunk: Buffer | null) => {
    if (chunk === null || chunk.length <= pieceBytes) return push(chunk)
    let isWanted = true
    for (let at = 0; at < chunk.length; at += pieceBytes) isWanted = push(chunk.subarray(at, at + pieceBytes))
    return isWanted
  }
}
