import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Door } from './doors.ts'
import type { HeaderLines } from './reply.ts'

/** What every request begins with; Node's own has it. */
export interface Head {
  readonly method?: string | undefined
  /** The request target as sent. */
  readonly url?: string | undefined
  readonly rawHeaders: HeaderLines
}

/** Where a request came from: a connection, or this very process with the whole body in hand. */
export type Source = { readonly message: IncomingMessage; readonly response: ServerResponse } | string

const noSource = ''
const onceOnly = new Set([
  'host',
  'authorization',
  'content-length',
  'content-type',
  'transfer-encoding',
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
  cookie(name: string): string | undefined {
    const found = this.header('cookie')
      ?.split(';')
      .find((pair) => pair.trimStart().startsWith(`${name}=`))
    return found?.trim().slice(name.length + 1)
  }
  /** Aborts when the caller has gone. Made when asked for: few routes wait. */
  signal(): AbortSignal {
    const gone = new AbortController()
    if (typeof this.source !== 'string') this.source.response.once('close', () => gone.abort())
    return gone.signal
  }
}
