import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Actor } from '../contracts/audit.ts'
import type { Clock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { Connection, type ConnectionOptions } from './connection.ts'

/**
 * Connections of one client key, and of one sign-in at the page: each of its open pages waits for news on one and has some
 * more for what it asks. Who is not listed here has the door for himself.
 */
const mostOf: { readonly [Kind in Actor['kind']]?: number } = { key: 128, desk: 128 }

export interface ConnectionsOptions {
  readonly clock: Pick<Clock, 'after' | 'monotonicMs'>
  readonly serve: ConnectionOptions['serve']
  readonly later: ConnectionOptions['later']
  /** How many connections there may be on which nobody has shown who he is. */
  readonly mostStrangers: number
  /** Who comes in by this door, where the door alone says it. */
  readonly everybody: Actor | undefined
}

/**
 * The connections of one listener. All come from one address, so that nothing but what they show tells them apart:
 * strangers share a budget of their own, in which a new one takes the place of one that is idle. A connection that
 * has shown a key or a sign-in never has to go for somebody else's. For another one of the same caller it goes when it is
 * idle: browsers keep those of pages that were closed long ago.
 */
export class Connections {
  readonly #options: ConnectionsOptions
  readonly #all = new Map<Duplex, Connection>()
  readonly #strangers = new Set<Connection>()
  /** Those of each caller that has shown himself. */
  readonly #own = new Map<string, Set<Connection>>()
  #isMakingRoom = false

  constructor(options: ConnectionsOptions) {
    this.#options = options
  }

  add(socket: Socket): void {
    const { everybody, mostStrangers } = this.#options
    const connection = new Connection(socket, this.#options)
    connection.actor = everybody
    this.#all.set(socket, connection)
    socket.once('close', () => {
      this.#all.delete(socket)
      this.#leave(connection)
    })
    if (everybody) return
    this.#strangers.add(connection)
    if (this.#strangers.size > mostStrangers) this.#makeRoomSoon()
  }
  of(socket: Duplex): Connection | undefined {
    return this.#all.get(socket)
  }

  /**
   * Notes who is behind a connection: what its latest credential said, undefined for a wrong one.
   *
   * @throws BhorError `rate_limited` where the caller has too many at work already; the connection stays a stranger's
   */
  shown(connection: Connection, actor: Actor | undefined): void {
    const before = connection.actor
    if (before === actor || connection.hasEnded || this.#options.everybody) return
    if (before && actor && callerOf(before) === callerOf(actor)) return
    this.#leave(connection)
    connection.actor = undefined
    if (actor && this.#hasRoomFor(actor)) {
      const own = this.#own.get(callerOf(actor))
      if (own) own.add(connection)
      else this.#own.set(callerOf(actor), new Set([connection]))
      connection.actor = actor
      return
    }
    this.#strangers.add(connection)
    if (actor) {
      throw new BhorError('rate_limited', 'This caller asks on too many connections at once.', {
        hint: `Ask again when one of them was answered: ${mostOf[actor.kind]} may be open at once.`,
        retryAfterMs: 1000,
      })
    }
  }

  /** No more requests; those in progress are answered. */
  end(): void {
    for (const connection of this.#all.values()) connection.finish()
  }

  #leave(connection: Connection): void {
    const { actor } = connection
    this.#strangers.delete(connection)
    if (!actor || this.#options.everybody) return
    const own = this.#own.get(callerOf(actor))
    own?.delete(connection)
    if (own?.size === 0) this.#own.delete(callerOf(actor))
  }

  #hasRoomFor(actor: Actor): boolean {
    const own = this.#own.get(callerOf(actor))
    if (!own || own.size < (mostOf[actor.kind] ?? Number.POSITIVE_INFINITY)) return true
    const victim = longestUnused(own, ({ isIdle }) => isIdle)
    if (!victim) return false
    this.#leave(victim)
    victim.socket.destroy()
    return true
  }

  /** Two turns later: what has come with a connection is read by then, and may show who it is. */
  #makeRoomSoon(): void {
    if (this.#isMakingRoom) return
    this.#isMakingRoom = true
    setImmediate(() =>
      setImmediate(() => {
        this.#isMakingRoom = false
        this.#makeRoom()
      }),
    )
  }
  #makeRoom(): void {
    for (let over = this.#strangers.size - this.#options.mostStrangers; over > 0; over--) {
      const victim = longestUnused(this.#strangers, ({ isAtWork }) => !isAtWork)
      if (!victim) return
      this.#strangers.delete(victim)
      victim.socket.destroy()
    }
  }
}

/** Of those that may go the one that has done nothing for the longest time. */
function longestUnused(
  all: Iterable<Connection>,
  mayGo: (connection: Connection) => boolean,
): Connection | undefined {
  let found: Connection | undefined
  for (const each of all)
    if (mayGo(each) && each.sinceMs < (found?.sinceMs ?? Number.POSITIVE_INFINITY)) found = each
  return found
}

/** One name for all connections of one caller. */
export function callerOf(actor: Actor | undefined): string {
  return actor ? `${actor.kind} ${actor.id}` : stranger
}
export const stranger = 'stranger'
