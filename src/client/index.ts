import type { Bhor } from '../contracts/client.ts'
import { type Clock, foregroundClock, systemClock } from '../core/clock.ts'
import { isBare, isUnprotected, webAddress } from '../core/web-address.ts'
import { BhorError, type Fault } from './errors.ts'
import { httpLine } from './http-line.ts'
import type { Place } from './node-wire.ts'
import { Program } from './program.ts'

export type {
  AccountGate,
  AccountView,
  AddAccount,
  CallKind,
  CallLimits,
  GateCause,
  GateReason,
  HandOut,
  LoginStarted,
  SessionStatus,
  SessionView,
  TestResult,
} from '../contracts/api.ts'
export type { Bhor, CallFailure, CallWish, SessionWish, WaitWish } from '../contracts/client.ts'
export type { AccountState, FeedEvent, FeedEventName, FeedEvents } from '../contracts/events.ts'
export type { Clock } from '../core/clock.ts'
export type { ErrorCode } from '../core/errors.ts'
export { BhorError, isBhorError } from './errors.ts'

export interface ConnectOptions {
  /**
   * The desk: `http://127.0.0.1:7878`, an https address, or `unix:` and the path of its socket. Left out, in Node:
   * `BHOR_URL`, else the socket of this user’s own server.
   */
  readonly url?: string
  /** A client key with the rights `read-token` and `status`; `BHOR_KEY` when left out, in Node. A socket needs none. */
  readonly key?: string
  /** For tests. */
  readonly clock?: Clock
}

const fault: Fault = (code, message, parts) => new BhorError(code, message, parts)
const unix = 'unix:'
const keyShape = /^bhor_[A-Za-z0-9_-]{43}$/

/**
 * A program's bhor, from a desk. Nothing is asked before it is needed. It has no dependencies, and runs in browsers too
 * where a page may talk to the desk.
 *
 * @throws BhorError `config_invalid` for an address over which a key could be read, `key_missing`, `key_malformed`
 *
 * @example
 * ```ts
 * await using bhor = await connect()
 * const { accessToken, apiKey } = await bhor.session('personal', { minLife: '20m' })
 * ```
 */
export async function connect(options: ConnectOptions = {}): Promise<Bhor> {
  const line = httpLine(await wireFor(options), fault)
  const { clock } = options
  return new Program({ line, clock: clock ?? systemClock, waitingClock: clock ?? foregroundClock })
}

async function wireFor({ url, key }: ConnectOptions) {
  // Each loads its own way only.
  const isNode = typeof process === 'object' && typeof process.getBuiltinModule === 'function'
  if (!isNode) {
    if (url === undefined) throw fault('config_invalid', 'Say where the desk is: connect({ url, key }).')
    const { fetchWire } = await import('./fetch-wire.ts')
    return fetchWire(deskOrigin(url).origin, checkedKey(key), fault)
  }
  const { nodeWire, ownSocket } = await import('./node-wire.ts')
  return nodeWire(await placeFor(ownSocket, url, key), fault)
}

async function placeFor(
  ownSocket: (path: string) => Promise<Place>,
  url: string | undefined,
  key: string | undefined,
): Promise<Place> {
  if (url?.startsWith(unix)) return ownSocket(url.slice(unix.length))
  if (url !== undefined && key !== undefined) return { url: deskOrigin(url), key: checkedKey(key) }
  const { clientEnvironment, socketPath } = await import('../config/home.ts')
  const environment = clientEnvironment()
  const address = url ?? environment.url
  if (address !== undefined) return { url: deskOrigin(address), key: checkedKey(key ?? environment.key) }
  return ownSocket(socketPath(environment.home))
}

function deskOrigin(text: string): URL {
  const url = webAddress(text)
  if (!url) throw fault('config_invalid', 'The desk’s address is not an http address.')
  if (isUnprotected(url)) {
    const hint = 'Use https, or http to 127.0.0.1.'
    throw fault('config_invalid', 'The client key would go over the network unprotected.', { hint })
  }
  if (isBare(url)) return url
  const hint = 'Write only https://host:port.'
  throw fault('config_invalid', 'The desk’s address must have no user, path or query.', { hint })
}

function checkedKey(key: string | undefined): string {
  if (key === undefined)
    throw fault('key_missing', 'A client key is needed: connect({ url, key }).', {
      hint: 'Make one: bhor keys add.',
    })
  if (keyShape.test(key)) return key
  throw fault('key_malformed', `That is not a client key (${key.length} characters).`, {
    hint: 'A client key looks like bhor_ and 43 characters.',
  })
}
