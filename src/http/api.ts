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
    api.on(route.method, route.path.replace(/\{(\w+)\}/g, ':$1'), async (c) =>
      responseOf(await answerOf(requestOf(c), route, parts)),
    )
  }
  api.get('/openapi.json', async () => {
    const { openApiDocument } = await import('./openapi.ts')
    return Response.json(openApiDocument(), { headers: securityHeaders })
  })
  api.notFound((c) => {
    const allowed = routes.filter((route) => isPathOf(route, c.req.path)).map((route) => route.method)
    const requestId = newId('req', parts.app.random)
    if (allowed.length === 0)
      return responseOf(
        problemReply(new BhorError('not_found', 'There is nothing at this address.'), requestId),
      )
    const { status, headers, text } = problemReply(
      new BhorError('method_not_allowed', 'This address does not take this method.'),
      requestId,
    )
    return responseOf({ status, text, headers: { ...headers, allow: [...new Set(allowed)].join(', ') } })
  })
  api.onError((cause) => responseOf(failureOf(cause, parts)))
  return api
}

function requestOf(c: RouteContext): Parameters<typeof answerOf>[0] {
  return {
    door: c.env.door,
    path: c.req.path,
    params: c.req.param(),
    queries: c.req.queries(),
    cookie: getCookie(c, cookieName),
    header: (name) => c.req.header(name),
    get signal() {
      return c.req.raw.signal
    },
    readBody: () => readBody(c.req.raw),
  }
}

function responseOf({ status, headers, text }: Reply): Response {
  return new Response(text, { status, headers })
}

function isPathOf(route: Route, path: string): boolean {
  const pattern = route.path.split('/')
  const parts = path.split('/')
  return (
    pattern.length === parts.length &&
    pattern.every((segment, i) => segment.startsWith('{') || segment === parts[i])
  )
}
