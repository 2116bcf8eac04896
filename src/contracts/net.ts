import type { Secret } from '../core/secret.ts'

/** The one way out to a broker: a request as data, a reply as data. Real, simulated and faulty networks look alike. */
export interface Net {
  /**
   * Sends one request and returns whatever came back, whatever its status. It never follows a redirect, never
   * retries, and bounds time and size.
   *
   * @throws NetError when there is no complete reply
   */
  send(request: NetRequest): Promise<NetReply>
}

export interface NetRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Absolute, query included. It can hold secrets: never log it. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** From the start to the last byte of the answer. */
  readonly timeoutMs: number
  /** Directly when left out. What cannot be taken is never replaced by another way in silence. */
  readonly egress?: Egress
  /** Only to addresses of this family; to any when left out. A proxy decides for itself. */
  readonly family?: 4 | 6
}

/** The way by which a request leaves this computer. */
export type Egress =
  /** A source address that this computer has. */
  { readonly from: string } | { readonly proxy: EgressProxy }

export interface EgressProxy {
  /** `http://host:port` for HTTP CONNECT, `socks5://host:port`. It also resolves the names of where calls go. */
  readonly url: string
  /** `user:password` */
  readonly login?: Secret
}

export interface NetReply {
  readonly status: number
  /** Names in lower case; of several headers with one name, the first. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/**
 * How far a request came before it failed, which decides whether a single-use code can still be alive:
 * `not_sent` the broker cannot have seen it; `unknown` it may have acted.
 */
export type NetFailure = 'not_sent' | 'unknown'

/**
 * Why there was no complete reply. Of the way out, all of them with `not_sent`: `egress` this computer has no such
 * source address, `proxy` the proxy does not answer, `proxy_login` it refuses the login, `proxy_refused` it does not
 * open a way to where the request goes, `proxy_invalid` what answers is no such proxy.
 */
export type NetReason =
  | 'dns'
  | 'refused'
  | 'reset'
  | 'timeout'
  | 'tls'
  | 'too_large'
  | 'protocol'
  | 'egress'
  | 'proxy'
  | 'proxy_login'
  | 'proxy_refused'
  | 'proxy_invalid'

/** No complete reply. The message names no URL and no header. */
export class NetError extends Error {
  override readonly name = 'NetError'
  readonly outcome: NetFailure
  readonly reason: NetReason

  constructor(outcome: NetFailure, reason: NetReason, cause?: unknown) {
    super(`No complete reply (${reason}, ${outcome}).`, cause === undefined ? undefined : { cause })
    this.outcome = outcome
    this.reason = reason
  }
}
