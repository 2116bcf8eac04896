import type { LookupAddress } from 'node:dns'
import type { Socket } from 'node:net'
import type { Clock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { ipAddress } from '../core/ip-address.ts'
import { type IpNetwork, isWithin } from '../core/ip-network.ts'
import { isPublicAddress } from './public-address.ts'

/** The two things that touch the network. Tests record them, so that nothing leaves. */
export interface Wires {
  /** Every address of a name. */
  resolve(host: string): Promise<readonly string[]>
  /** A connection that is being made to this address, and to no other. */
  connect(address: string, port: number): Socket
}

export const systemWires: Wires = {
  async resolve(host) {
    const { lookup } = process.getBuiltinModule('node:dns/promises')
    const found: readonly LookupAddress[] = await lookup(host, { all: true, order: 'verbatim' })
    return found.map(({ address }) => address)
  },
  connect: (host, port) => process.getBuiltinModule('node:net').connect({ host, port }),
}

/** Where something goes: a name, or an address without brackets. */
export interface Destination {
  readonly host: string
  readonly port: number
}

export interface DiallerOptions {
  readonly clock: Pick<Clock, 'after'>
  /** Addresses that are not public and to which alerts may go all the same. */
  readonly privateTargets: readonly IpNetwork[]
  readonly wires?: Wires
}

/** A connection, and whether it leads to an address that everybody can reach. */
export interface Dialled {
  readonly socket: Socket
  readonly isPublic: boolean
}

/**
 * The one way from alerts to the network. A name is resolved once; if any of its addresses is not public, and not allowed
 * by the configuration, nobody is connected to; the addresses that were looked at are those that are connected to, one
 * after the other until somebody answers.
 */
export class Dialler {
  readonly clock: Pick<Clock, 'after'>
  readonly #wires: Wires
  readonly #privateTargets: readonly IpNetwork[]

  constructor({ clock, privateTargets, wires = systemWires }: DiallerOptions) {
    this.clock = clock
    this.#wires = wires
    this.#privateTargets = privateTargets
  }

  /** Refuses an address, as it is written, to which nothing would be sent; of a name nothing is known yet. @throws BhorError `channel_target_refused` */
  refuseWritten(host: string): void {
    const address = ipAddress(host)
    if (address !== undefined) this.#check(address)
    else if (host !== '' && !isName(host)) throw refused()
    else if (
      /^(?:.*\.)?(?:localhost|local|internal|localdomain|home\.arpa)\.?$/i.test(host) &&
      this.#privateTargets.length === 0
    )
      throw refused()
  }

  /** @throws BhorError `channel_target_refused`, `channel_unavailable` */
  async dial({ host, port }: Destination, timeoutMs: number): Promise<Dialled> {
    const addresses = await this.#within(timeoutMs, this.#addressesOf(host))
    let last: unknown
    for (const address of addresses) {
      const isPublic = this.#check(address)
      const socket = this.#wires.connect(address, port)
      try {
        // Where a family of addresses leads nowhere nobody refuses: there must be time left for the next one.
        await this.#within(timeoutMs / addresses.length, connected(socket))
        return { socket, isPublic }
      } catch (error) {
        socket.destroy()
        last = error
      }
    }
    throw last
  }

  /** At least one; each of them was looked at. */
  async #addressesOf(host: string): Promise<readonly string[]> {
    const written = ipAddress(host)
    if (written !== undefined) return [written]
    if (!isName(host)) throw refused()
    const found = await this.#wires.resolve(host).catch(() => [])
    const addresses = found.map((text) => {
      const address = ipAddress(text)
      // One that is no address, e.g. with a zone, is none that anybody has looked at.
      if (address === undefined) throw refused()
      this.#check(address)
      return address
    })
    if (addresses.length === 0)
      throw new BhorError('channel_unavailable', 'The receiver’s name is not known.')
    return [...new Set(addresses)]
  }

  #check(address: string): boolean {
    if (isPublicAddress(address)) return true
    if (isWithin(address, this.#privateTargets)) return false
    throw refused()
  }

  async #within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
    const late = Promise.withResolvers<never>()
    using _timer = this.clock.after(timeoutMs, () =>
      late.reject(new BhorError('channel_unavailable', 'The receiver does not answer in time.')),
    )
    return await Promise.race([work, late.promise])
  }
}

/** A name of a host and nothing that some library would take for an address: `0x7f.1`, `2130706433`, `127.1`. */
function isName(host: string): boolean {
  if (host.length > 253 || !/^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?)+$/i.test(host)) return false
  return !/(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$/i.test(host)
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('error', () =>
      reject(new BhorError('channel_unavailable', 'No connection to the receiver can be made.')),
    )
    socket.once('close', () =>
      reject(new BhorError('channel_unavailable', 'The receiver closed the connection.')),
    )
  })
}

function refused(): BhorError {
  return new BhorError(
    'channel_target_refused',
    'The address is not a public one: it leads into this computer or its own network.',
  )
}
