import type { ServerResponse } from 'node:http'
import { parse as parseCookies } from 'hono/utils/cookie'
import type { HeaderName } from './access.ts'
import { type ApiParts, answerOf, cookieName, failureOf, type RouteRequest } from './answer.ts'
import type { Admitted, Door, Headers } from './gate.ts'
import type { Handler } from './guard.ts'
import { linesOf, type Reply, securityHeaders } from './problem.ts'
import { type Route, routes } from './routes.ts'

/**
 * Reads are answered on Node's own request and response: what stands between programs and their tokens shall not
 * pay for making a `Request` and a `Response`, and a desk that only hands out never loads Node's fetch (15 MB).
 * Rights, query, actions and errors are those of every other request; see `answerOf`.
 *
 * @returns a function that says who answers a request; what it does not know is for the API as a whole
 */
export function directAnswers(parts: ApiParts): (admitted: Admitted) => Handler | undefined {
  const checks = new Map<string, () => Promise<void>>([
    ['/healthz', async () => {}],
    ['/readyz', readiness(parts)],
  ])
  const readAt = pathFinder(routes.filter(({ method, body }) => method === 'GET' && !body))
  return (admitted) => {
    const { method, path } = admitted
    const check = checks.get(path)
    if (check && (method === 'GET' || method === 'HEAD')) {
      return (_request, response) =>
        send(
          response,
          parts,
          check().then(() => fine),
        )
    }
    const read = method === 'GET' ? readAt(path) : undefined
    if (!read) return undefined
    const { route, params } = read
    return (_request, response) =>
      send(response, parts, answerOf(new DirectRequest(response, admitted, params), route, parts))
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

interface Found {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}
const noParams: Found['params'] = Object.freeze({})

/** Plain names only: a path that needs decoding is for the API as a whole. */
function pathFinder(candidates: readonly Route[]): (path: string) => Found | undefined {
  const patterns = candidates.map((route) => ({
    route,
    pattern: new RegExp(`^${route.path.replace(/\{(\w+)\}/g, '(?<$1>[A-Za-z0-9_-]+)')}$`),
  }))
  return (path) => {
    for (const { route, pattern } of patterns) {
      const match = pattern.exec(path)
      if (match) return { route, params: match.groups ?? noParams }
    }
    return undefined
  }
}

const fine: Reply = {
  status: 200,
  headers: linesOf({ ...securityHeaders, 'content-type': 'application/json' }),
  text: '{"status":"ok"}',
}

class DirectRequest implements RouteRequest {
  readonly door: Door
  readonly path: string
  readonly search: string
  readonly params: Readonly<Record<string, string>>
  readonly #response: ServerResponse
  readonly #headers: Headers

  constructor(
    response: ServerResponse,
    { door, path, search, headers }: Admitted,
    params: Readonly<Record<string, string>>,
  ) {
    this.#response = response
    this.#headers = headers
    this.door = door
    this.path = path
    this.search = search
    this.params = params
  }
  get cookie(): string | undefined {
    const cookie = this.#headers.get('cookie')
    return cookie === undefined ? undefined : parseCookies(cookie, cookieName)[cookieName]
  }
  get signal(): AbortSignal {
    const gone = new AbortController()
    this.#response.once('close', () => gone.abort())
    return gone.signal
  }
  header(name: HeaderName): string | undefined {
    return this.#headers.get(name)
  }
  async readBody(): Promise<Record<string, never>> {
    return {}
  }
}

function send(response: ServerResponse, parts: ApiParts, answer: Promise<Reply>): void {
  void answer.then(
    (reply) => write(response, reply),
    (cause) => write(response, failureOf(cause, parts)),
  )
}

function write(response: ServerResponse, { status, headers, text }: Reply): void {
  if (text === null) {
    response.writeHead(status, [...headers]).end()
    return
  }
  const length = Buffer.byteLength(text)
  response.writeHead(status, [...headers, 'content-length', String(length)])
  // As many bytes as letters: then all of it is ASCII, which Node copies where it would encode.
  response.end(text, length === text.length ? 'latin1' : 'utf8')
}
