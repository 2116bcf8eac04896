import type { IncomingMessage, ServerResponse } from 'node:http'
import { parse as parseCookies } from 'hono/utils/cookie'
import type { HeaderName } from './access.ts'
import { type ApiParts, answerOf, cookieName, failureOf, type RouteRequest } from './answer.ts'
import type { Door } from './gate.ts'
import { type Reply, securityHeaders } from './problem.ts'
import { type Route, routes } from './routes.ts'

/**
 * Reads are answered on Node's own request and response: what stands between programs and their tokens shall not
 * pay for making a `Request` and a `Response`, and a desk that only hands out never loads Node's fetch (15 MB).
 * Rights, query, actions and errors are those of every other request; see `answerOf`.
 *
 * @returns a function that says whether it takes a request; what it does not take is for the API as a whole
 */
export function directAnswers(
  parts: ApiParts,
): (incoming: IncomingMessage, response: ServerResponse, door: Door) => boolean {
  const checks: Readonly<Record<string, () => Promise<void>>> = {
    '/healthz': async () => {},
    '/readyz': readiness(parts),
  }
  const reads = routes.filter(({ method, body }) => method === 'GET' && !body).map(compiled)
  return (incoming, response, door) => {
    const { method, url = '' } = incoming
    const queryAt = url.indexOf('?')
    const path = queryAt < 0 ? url : url.slice(0, queryAt)
    const check = checks[path]
    if (check && (method === 'GET' || method === 'HEAD')) {
      void send(response, parts, check().then(isFine))
      return true
    }
    if (method !== 'GET') return false
    for (const { route, pattern } of reads) {
      const match = pattern.exec(path)
      if (!match) continue
      const request = new DirectRequest(incoming, response, door, path, queryAt, match.groups ?? noParams)
      void send(response, parts, answerOf(request, route, parts))
      return true
    }
    return false
  }
}

/** Proving that the store can be written writes to it, and anybody may ask: one answer serves for a while. */
const readinessHoldsMs = 5_000

function readiness({ app }: ApiParts): () => Promise<void> {
  let provenAtMs = Number.NEGATIVE_INFINITY
  return async () => {
    const nowMs = app.clock.monotonicMs()
    if (nowMs - provenAtMs < readinessHoldsMs) return
    await app.store.check()
    provenAtMs = nowMs
  }
}

const noParams: Readonly<Record<string, string>> = Object.freeze({})

/** Plain names only: a path that needs decoding is for the API as a whole. */
function compiled(route: Route): { route: Route; pattern: RegExp } {
  return { route, pattern: new RegExp(`^${route.path.replace(/\{(\w+)\}/g, '(?<$1>[A-Za-z0-9_-]+)')}$`) }
}

function isFine(): Reply {
  return {
    status: 200,
    headers: { ...securityHeaders, 'content-type': 'application/json' },
    text: '{"status":"ok"}',
  }
}

class DirectRequest implements RouteRequest {
  readonly door: Door
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly #incoming: IncomingMessage
  readonly #response: ServerResponse
  readonly #queryAt: number

  constructor(
    incoming: IncomingMessage,
    response: ServerResponse,
    door: Door,
    path: string,
    queryAt: number,
    params: Readonly<Record<string, string>>,
  ) {
    this.#incoming = incoming
    this.#response = response
    this.#queryAt = queryAt
    this.door = door
    this.path = path
    this.params = params
  }
  get search(): string {
    return this.#queryAt < 0 ? '' : (this.#incoming.url ?? '').slice(this.#queryAt + 1)
  }
  get cookie(): string | undefined {
    const { cookie } = this.#incoming.headers
    return cookie === undefined ? undefined : parseCookies(cookie, cookieName)[cookieName]
  }
  get signal(): AbortSignal {
    const gone = new AbortController()
    this.#response.once('close', () => gone.abort())
    return gone.signal
  }
  header(name: HeaderName): string | undefined {
    return this.#incoming.headers[name] as string | undefined
  }
  async readBody(): Promise<Record<string, never>> {
    return {}
  }
}

async function send(response: ServerResponse, parts: ApiParts, answer: Promise<Reply>): Promise<void> {
  let reply: Reply
  try {
    reply = await answer
  } catch (cause) {
    reply = failureOf(cause, parts)
  }
  const { status, headers, text } = reply
  const lines = linesOf(headers)
  response.writeHead(
    status,
    text === null ? lines : [...lines, 'content-length', String(Buffer.byteLength(text))],
  )
  response.end(text)
}

const knownLines = new WeakMap<Reply['headers'], readonly string[]>()

/** Name, value, name, value, …: what Node writes out fastest. Most answers share one set of headers. */
function linesOf(headers: Reply['headers']): string[] {
  const lines = knownLines.get(headers) ?? Object.entries(headers).flat()
  knownLines.set(headers, lines)
  return lines as string[]
}
