import type { App } from '../app/open.ts'
import { BhorError, toBhorError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Json } from '../core/json.ts'
import { printable } from '../core/redact.ts'
import { Secret } from '../core/secret.ts'
import type { Principal } from '../session/context.ts'
import { type AccessParts, type Asked, identify, readQuery, requireRight } from './access.ts'
import type { DeskSessions } from './desk-sessions.ts'
import { type HeaderLines, linesOf, problemReply, type Reply, securityHeaders } from './problem.ts'
import type { Call, Route } from './routes.ts'

export const cookieName = 'bhor_desk'

/** A request for one route. */
export interface RouteRequest extends Asked {
  readonly params: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** The JSON object of the body; see `readBody`. */
  readBody(): Promise<Record<string, Json>>
}

export interface ApiParts extends AccessParts {
  readonly log?: (
    level: 'info' | 'warn' | 'error',
    text: string,
    facts?: Readonly<Record<string, unknown>>,
  ) => void
}

const bareHeaders = linesOf(securityHeaders)
const jsonHeaders = linesOf({ ...securityHeaders, 'content-type': 'application/json' })

/** What a route answers: rights first, then query and body, then the action. @throws BhorError */
export async function answerOf(request: RouteRequest, route: Route, parts: ApiParts): Promise<Reply> {
  // Awaited only where there is something to wait for: each turn costs as much as a look-up.
  const asked = readQuery(request, route, parts)
  const query = asked instanceof Promise ? await asked : asked
  const identified = identify(request, route, parts)
  const principal = identified instanceof Promise ? await identified : identified
  requireRight(principal, route)
  const body = route.body ? await checkedBody(request, route.body) : undefined
  const call = new AnsweredCall(request, parts, principal, query, body)
  const result = await route.run(call)
  const { headers } = call
  if (result instanceof Secret) return { status: 200, headers, text: result.reveal() }
  if (route.contentType)
    return { status: 200, headers: [...bareHeaders, 'content-type', route.contentType], text: String(result) }
  if (!route.answer) return { status: 204, headers: bareHeaders, text: null }
  return { status: route.status ?? 200, headers, text: JSON.stringify(result) }
}

/**
 * A class, because V8 keeps a getter that is written into an object literal, and with it the request that it closes
 * over, until a whole collection: under load each small collection copied what it could not free.
 */
class AnsweredCall implements Call {
  readonly app: App
  readonly sessions: DeskSessions
  readonly principal: Principal
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
  headers: HeaderLines = jsonHeaders
  readonly #request: RouteRequest

  constructor(
    request: RouteRequest,
    { app, sessions }: ApiParts,
    principal: Principal,
    query: Readonly<Record<string, string>>,
    body: unknown,
  ) {
    this.#request = request
    this.app = app
    this.sessions = sessions
    this.principal = principal
    this.query = query
    this.body = body
  }
  get door(): RouteRequest['door'] {
    return this.#request.door
  }
  get params(): Readonly<Record<string, string>> {
    return this.#request.params
  }
  get signal(): AbortSignal {
    return this.#request.signal
  }
  get cookie(): string {
    return this.#request.cookie ?? ''
  }
  setCookie(value: Secret, maxAgeMs: number): void {
    const maxAge = Math.floor(maxAgeMs / 1000)
    const cookie = `${cookieName}=${value.reveal()}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${maxAge}`
    this.headers = [...jsonHeaders, 'set-cookie', cookie]
  }
}

/** What is answered where something was thrown. */
export function failureOf(cause: unknown, { app, log }: ApiParts): Reply {
  const error = toBhorError(cause)
  const requestId = newId('req', app.random)
  if (error.code === 'internal') log?.('error', 'A request failed inside bhor.', { requestId, err: cause })
  return problemReply(error, requestId)
}

async function checkedBody(request: RouteRequest, name: NonNullable<Route['body']>): Promise<unknown> {
  const body = await request.readBody()
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
