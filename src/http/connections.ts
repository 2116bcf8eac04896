import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Actor } from '../contracts/audit.ts'
import type { Clock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { Connection, type ConnectionOptions } from './connection.ts'

/** Connections of one client key, and of one sign-in at the page. Who is not listed here has the door for himself. */
const mostOf: { readonly [Kind in Actor['kind']]?: number } = { key: 128, desk: 32 }

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
 * has shown a key or a sign-in never has to go for another.
 */
export class Connections {
  readonly #options: ConnectionsOptions
  readonly #all = new Map<Duplex, Connection>()
  readonly #strangers = new Set<Connection>()
  /** How many there are of each caller that has shown himself. */
  readonly #countOf = new Map<string, number>()
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
   * @throws BhorError `rate_limited` where the caller has too many already; the connection stays a stranger's
   */
  shown(connection: Connection, actor: Actor | undefined): void {
    const before = connection.actor
    if (before === actor || connection.hasEnded || this.#options.everybody) return
    if (before && actor && callerOf(before) === callerOf(actor)) return
    this.#leave(connection)
    connection.actor = undefined
    if (actor) {
      const caller = callerOf(actor)
      const count = this.#countOf.get(caller) ?? 0
      if (count < (mostOf[actor.kind] ?? Number.POSITIVE_INFINITY)) {
        this.#countOf.set(caller, count + 1)
        connection.actor = actor
        return
      }
    }
    this.#strangers.add(connection)
    if (actor) {
      throw new BhorError('rate_limited', 'This caller has too many connections open.', {
        hint: `Ask again on one that is open, or close some: ${mostOf[actor.kind]} may be open at once.`,
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
    const left = (this.#countOf.get(callerOf(actor)) ?? 1) - 1
    if (left > 0) this.#countOf.set(callerOf(actor), left)
    else this.#countOf.delete(callerOf(actor))
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
      const victim = this.#nextToGo()
      if (!victim) return
      this.#strangers.delete(victim)
      victim.socket.destroy()
    }
  }
  /** The one that has done nothing for the longest time. */
  #nextToGo(): Connection | undefined {
    let found: Connection | undefined
    for (const each of this.#strangers)
      if (!each.isAtWork && each.sinceMs < (found?.sinceMs ?? Number.POSITIVE_INFINITY)) found = each
    return found
  }
}

/** One name for all connections of one caller. */
export function callerOf(actor: Actor | undefined): string {
  return actor ? `${actor.kind} ${actor.id}` : stranger
}
export const stranger = 'stranger'
