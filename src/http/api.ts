import { type Context, Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import { BhorError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { type ApiParts, answerOf, cookieName, failureOf } from './answer.ts'
import type { Door } from './gate.ts'
import { problemReply, type Reply, securityHeaders } from './problem.ts'
import { readBody } from './read-body.ts'
import { type Route, routes } from './routes.ts'

/** How a request came in; `library` is the caller's own process. */
export interface Bindings {
  readonly door: Door | 'library'
}
type RouteContext = Context<{ Bindings: Bindings }>

/** The `/v1` API as a function from request to response, for every door alike. */
export function buildApi(parts: ApiParts): Hono<{ Bindings: Bindings }> {
  const api = new Hono<{ Bindings: Bindings }>()
  for (const route of routes) {
    api.on(route.method, route.path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
      // Hono runs a GET route for HEAD: a hand-out would be recorded of which nothing leaves.
      if (c.req.raw.method !== route.method) return responseOf(wrongMethod(c.req.path, parts))
      return responseOf(await answerOf(requestOf(c), route, parts))
    })
  }
  api.get('/openapi.json', async () => {
    const { openApiDocument } = await import('./openapi.ts')
    return Response.json(openApiDocument(), { headers: securityHeaders })
  })
  api.notFound((c) => {
    if (methodsAt(c.req.path).length > 0) return responseOf(wrongMethod(c.req.path, parts))
    const error = new BhorError('not_found', 'There is nothing at this address.')
    return responseOf(problemReply(error, newId('req', parts.app.random)))
  })
  api.onError((cause) => responseOf(failureOf(cause, parts)))
  return api
}

function requestOf(c: RouteContext): Parameters<typeof answerOf>[0] {
  return {
    door: c.env.door,
    path: c.req.path,
    params: c.req.param(),
    search: new URL(c.req.url).search.slice(1),
    cookie: getCookie(c, cookieName),
    header: (name) => c.req.header(name),
    get signal() {
      return c.req.raw.signal
    },
    readBody: () => readBody(c.req.raw),
  }
}

function responseOf({ status, headers, text }: Reply): Response {
  const pairs: [string, string][] = []
  for (let at = 0; at + 1 < headers.length; at += 2) pairs.push([headers[at]!, headers[at + 1]!])
  return new Response(text, { status, headers: pairs })
}

function wrongMethod(path: string, { app }: ApiParts): Reply {
  const error = new BhorError('method_not_allowed', 'This address does not take this method.')
  const { status, headers, text } = problemReply(error, newId('req', app.random))
  return { status, text, headers: [...headers, 'allow', methodsAt(path).join(', ')] }
}

/** Open to everybody, without a row in the route table. */
const openPaths = ['/healthz', '/readyz', '/openapi.json']

function methodsAt(path: string): string[] {
  if (openPaths.includes(path)) return ['GET']
  return [...new Set(routes.filter((route) => isPathOf(route, path)).map((route) => route.method))]
}

function isPathOf(route: Route, path: string): boolean {
  const pattern = route.path.split('/')
  const parts = path.split('/')
  return (
    pattern.length === parts.length &&
    pattern.every((segment, i) => (segment.startsWith('{') ? parts[i] !== '' : segment === parts[i]))
  )
}
