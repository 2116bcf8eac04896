import { type Context, Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import type { App } from '../app/open.ts'
import { fullRights } from '../app/open.ts'
import { BhorError, toBhorError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { printable } from '../core/redact.ts'
import { Secret } from '../core/secret.ts'
import { entryOf, type Principal } from '../session/context.ts'
import type { DeskSessions } from './desk-sessions.ts'
import type { Door } from './gate.ts'
import { problemResponse, securityHeaders } from './problem.ts'
import { readBody } from './read-body.ts'
import { type Route, routes } from './routes.ts'

export interface ApiOptions {
  readonly app: App
  readonly sessions: DeskSessions
  readonly log?: (
    level: 'info' | 'warn' | 'error',
    text: string,
    facts?: Readonly<Record<string, unknown>>,
  ) => void
}
/** How a request came in; `library` is the caller's own process. */
export interface Bindings {
  readonly door: Door | 'library'
}
type RouteContext = Context<{ Bindings: Bindings }>

export const cookieName = 'bhor_desk'
const credentialNames =
  /^(key|token|access_?token|api_?key|api_?secret|authorization|client_?key|csrf|session)$/i
const credentialValue = /bhor_[A-Za-z0-9_-]{43}/

/** The `/v1` API as a function from request to response, for every door alike. */
export function buildApi({ app, sessions, log = () => {} }: ApiOptions): Hono<{ Bindings: Bindings }> {
  const api = new Hono<{ Bindings: Bindings }>()
  for (const route of routes) {
    api.on(route.method, route.path.replace(/\{(\w+)\}/g, ':$1'), (c) => answer(c, route, app, sessions))
  }
  api.get('/openapi.json', async () => {
    const { openApiDocument } = await import('./openapi.ts')
    return Response.json(openApiDocument(), { headers: securityHeaders })
  })
  api.notFound((c) => {
    const allowed = routes.filter((route) => isPathOf(route, c.req.path)).map((route) => route.method)
    const requestId = newId('req', app.random)
    if (allowed.length === 0)
      return problemResponse(new BhorError('not_found', 'There is nothing at this address.'), requestId)
    const response = problemResponse(
      new BhorError('method_not_allowed', 'This address does not take this method.'),
      requestId,
    )
    response.headers.set('allow', [...new Set(allowed)].join(', '))
    return response
  })
  api.onError((cause) => {
    const error = toBhorError(cause)
    const requestId = newId('req', app.random)
    if (error.code === 'internal') log('error', 'A request failed inside bhor.', { requestId, err: cause })
    return problemResponse(error, requestId)
  })
  return api
}

async function answer(c: RouteContext, route: Route, app: App, sessions: DeskSessions): Promise<Response> {
  const query = await readQuery(c, route, app)
  const principal = await identify(c, route, app, sessions)
  if (!mayCall(principal, route)) {
    throw new BhorError('scope_missing', `This needs the right "${route.scope}".`, {
      facts: { scope: route.scope },
    })
  }
  const headers: Record<string, string> = { ...securityHeaders, 'content-type': 'application/json' }
  const result = await route.run({
    app,
    sessions,
    door: c.env.door,
    principal,
    params: c.req.param(),
    query,
    body: route.body ? await checkedBody(c.req.raw, route.body) : undefined,
    signal: c.req.raw.signal,
    cookie: getCookie(c, cookieName) ?? '',
    setCookie: (value, maxAgeMs) => {
      const maxAge = Math.floor(maxAgeMs / 1000)
      headers['set-cookie'] =
        `${cookieName}=${value.reveal()}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${maxAge}`
    },
  })
  if (result instanceof Secret) return new Response(result.reveal(), { headers })
  if (route.contentType)
    return new Response(String(result), { headers: { ...headers, 'content-type': route.contentType } })
  if (!route.answer) return new Response(null, { status: 204, headers: securityHeaders })
  return new Response(JSON.stringify(result), { status: route.status ?? 200, headers })
}

/** Who asks. The credential alone decides; nothing in the body, the query or another header can name somebody else. */
async function identify(c: RouteContext, route: Route, app: App, sessions: DeskSessions): Promise<Principal> {
  if (c.env.door === 'library') return fullRights('library')
  if (c.env.door === 'socket') return app.operator
  const authorization = c.req.header('authorization')
  if (authorization !== undefined) {
    const [, presented] = /^Bearer (\S+)$/.exec(authorization) ?? []
    if (presented === undefined)
      throw new BhorError('key_malformed', 'The Authorization header is not "Bearer <client key>".')
    return app.desk.keys.authenticate(presented)
  }
  const isOwnPage = c.req.header('sec-fetch-site') === 'same-origin'
  if (route.scope === 'anyone') {
    if (!isOwnPage) throw new BhorError('cross_site_blocked', 'Only the desk’s own page may do this.')
    return { actor: { kind: 'desk', id: '' }, scopes: new Set(), accountIds: null }
  }
  const cookie = getCookie(c, cookieName)
  const page = c.req.header('x-bhor-session')
  if (cookie === undefined && page === undefined) {
    if (isOwnPage) throw new BhorError('sign_in_needed', 'You are not signed in.')
    throw new BhorError('key_missing', 'No client key was sent.')
  }
  // Browsers have sent Sec-Fetch-Site since 2023; whoever leaves it out is no page of ours.
  if (!isOwnPage)
    throw new BhorError('cross_site_blocked', 'Only the desk’s own page may use a signed-in session.')
  const { id } = sessions.check(cookie ?? '', page ?? '', !route.isWaiting)
  return fullRights('desk', id)
}

function mayCall(principal: Principal, route: Route): boolean {
  const { kind } = principal.actor
  switch (route.scope) {
    case 'anyone':
      return kind !== 'key'
    case 'operator':
      return kind === 'operator' || kind === 'library'
    case 'person':
      return kind !== 'key'
    default:
      return principal.scopes.has('admin') || principal.scopes.has(route.scope)
  }
}

async function readQuery(c: RouteContext, route: Route, app: App): Promise<Record<string, string>> {
  const query: Record<string, string> = {}
  const all = c.req.queries()
  for (const [name, values] of Object.entries(all)) {
    const value = values.join(' ')
    if (credentialNames.test(name) || credentialValue.test(value) || credentialValue.test(c.req.path))
      await refuseCredential(app, value)
    if (!route.query?.includes(name)) {
      throw new BhorError(
        'unknown_field',
        `The query parameter "${printable(name, 40)}" is not known here.`,
        { facts: { field: printable(name, 40) } },
      )
    }
    if (values.length > 1)
      throw new BhorError('duplicate_field', `The query parameter ${name} is given twice.`)
    query[name] = value
  }
  if (credentialValue.test(c.req.path)) await refuseCredential(app, c.req.path)
  return query
}

/** A key in an address is in logs and histories by now: the audit names it, so that it can be revoked. */
async function refuseCredential(app: App, text: string): Promise<never> {
  const presented = credentialValue.exec(text)?.[0]
  const holder =
    presented === undefined ? undefined : await app.desk.keys.authenticate(presented).catch(() => undefined)
  const actor = holder?.actor ?? { kind: 'key', id: '' }
  const { context } = app.desk
  await context.audit.record(
    entryOf(context, actor, undefined, {
      action: 'key.refused',
      result: 'refused',
      code: 'credential_in_url',
      detail: { why: 'in_url' },
    }),
  )
  throw new BhorError('credential_in_url', 'A credential stands in the address.')
}

async function checkedBody(request: Request, name: NonNullable<Route['body']>): Promise<unknown> {
  const body = await readBody(request)
  const { bodies } = await import('./schemas.ts')
  const checked = bodies[name].safeParse(body)
  if (checked.success) return checked.data
  const issue = checked.error.issues[0]!
  if (issue.code === 'unrecognized_keys') {
    const field = printable(issue.keys[0] ?? '', 40)
    throw new BhorError('unknown_field', `The field "${field}" is not known here.`, { facts: { field } })
  }
  const field = issue.path.join('.')
  throw new BhorError('bad_field', `The field ${field || 'body'} is missing or wrong: ${issue.message}.`, {
    facts: { field },
  })
}

function isPathOf(route: Route, path: string): boolean {
  const pattern = route.path.split('/')
  const parts = path.split('/')
  return (
    pattern.length === parts.length &&
    pattern.every((segment, i) => segment.startsWith('{') || segment === parts[i])
  )
}
