import type { IncomingMessage } from 'node:http'
import type { Actor } from '../contracts/audit.ts'
import type { Exchange } from './connection.ts'
import type { Door } from './doors.ts'
import type { HeaderLines } from './reply.ts'

/** What every request begins with; Node's own has it. */
export interface Head {
  readonly method?: string | undefined
  /** The request target as sent. */
  readonly url?: string | undefined
  readonly rawHeaders: HeaderLines
}

/** A request that came over a connection. */
export interface Arrived extends Exchange {
  /**
   * Says who is behind the connection, undefined for nobody who counts.
   *
   * @throws BhorError `rate_limited` where the caller has too many
   */
  shown(actor: Actor | undefined): void
}

/** Where a request came from: a connection, or this very process with the whole body in hand. */
export type Source = Arrived | string

const noSource = ''
const onceOnly = new Set([
  'host',
  'authorization',
  'content-length',
  'content-type',
  'transfer-encoding',
  'expect',
  'origin',
  'cookie',
  'sec-fetch-site',
  'sec-fetch-mode',
  'x-bhor-session',
])

/** A request, whatever brought it. Its headers are read once: what the guard looked at is what is served. */
export class HttpRequest {
  readonly door: Door
  readonly method: string
  readonly target: string
  /** As sent, without the query. */
  readonly path: string
  /** The query as sent, without its `?`; empty without one. */
  readonly search: string
  /** A header that may stand once stands twice. */
  readonly isAmbiguous: boolean
  readonly source: Source
  #isContinued = false
  /** Lower-case names; of a name that stands twice the first. */
  readonly #headers = new Map<string, string>()

  constructor(door: Door, { method = '', url = '', rawHeaders }: Head, source: Source = noSource) {
    const queryAt = url.indexOf('?')
    this.door = door
    this.method = method
    this.target = url
    this.path = queryAt < 0 ? url : url.slice(0, queryAt)
    this.search = queryAt < 0 ? '' : url.slice(queryAt + 1)
    this.source = source
    let isAmbiguous = false
    for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
      const name = rawHeaders[at]!.toLowerCase()
      if (!this.#headers.has(name)) this.#headers.set(name, rawHeaders[at + 1]!)
      else if (onceOnly.has(name)) isAmbiguous = true
    }
    this.isAmbiguous = isAmbiguous
  }

  /** By its name in lower case. */
  header(name: string): string | undefined {
    return this.#headers.get(name)
  }
  get hasBody(): boolean {
    return (this.header('content-length') ?? '0') !== '0' || this.header('transfer-encoding') !== undefined
  }
  /** Its sender waits to hear whether to send the body. */
  get isBodyOwed(): boolean {
    const { source } = this
    if (typeof source === 'string' || !source.awaitsContinue || this.#isContinued) return false
    return this.hasBody && !source.message.complete
  }
  /** The body, to be read; undefined without a connection. A sender that waits to be asked for it is asked. */
  body(): IncomingMessage | undefined {
    const { source } = this
    if (typeof source === 'string') return undefined
    if (this.isBodyOwed) {
      this.#isContinued = true
      source.response.writeContinue()
    }
    return source.message
  }
  /** Says who asks, as its credential tells; see {@link Arrived.shown}. */
  shownBy(actor: Actor | undefined): void {
    if (typeof this.source !== 'string') this.source.shown(actor)
  }
  /** Those whose name begins so, as they came: a browser sends several of one name when they were set for several paths. */
  cookies(prefix: string): readonly { readonly name: string; readonly value: string }[] {
    const pairs = this.header('cookie')?.split(';') ?? []
    return pairs.flatMap((untrimmed) => {
      const pair = untrimmed.trim()
      const end = pair.indexOf('=')
      return end >= 0 && pair.startsWith(prefix)
        ? [{ name: pair.slice(0, end), value: pair.slice(end + 1) }]
        : []
    })
  }
  /** Aborts when the caller has gone. Made when asked for: few routes wait. */
  signal(): AbortSignal {
    const gone = new AbortController()
    if (typeof this.source !== 'string') this.source.response.once('close', () => gone.abort())
    return gone.signal
  }
}
