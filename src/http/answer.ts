import { BhorError, toBhorError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { printable } from '../core/redact.ts'
import { Secret } from '../core/secret.ts'
import { type AccessParts, identify, readQuery } from './access.ts'
import { EventStream, type EventStreams } from './event-streams.ts'
import { problemReply } from './problem.ts'
import { readBody } from './read-body.ts'
import { linesOf, type Reply, securityHeaders } from './reply.ts'
import type { HttpRequest } from './request.ts'
import type { ListedRoute } from './routes/all.ts'
import { ReadyAnswer } from './routes/route.ts'
import type { Params, Row } from './table.ts'

/** What answers are made from. */
export interface ApiParts extends AccessParts {
  readonly streams: EventStreams
  readonly log?: (
    level: 'info' | 'warn' | 'error',
    text: string,
    facts?: Readonly<Record<string, unknown>>,
  ) => void
}

/** A route of the API as a row: who asks, then query and body, then the action, which decides about rights. */
export function rowOf(route: ListedRoute, parts: ApiParts): Row {
  const { method, path, contentType = 'application/json', status = 200 } = route
  const headers = linesOf({ ...securityHeaders, 'content-type': contentType })
  const isEmpty = route.answer === undefined && route.contentType === undefined
  const takesBody = method === 'POST' || method === 'PUT' || method === 'PATCH'
  const streamHeaders = [...headers, 'connection', 'close']
  const answer = async (request: HttpRequest, params: Params): Promise<Reply> => {
    const query = await readQuery(request, params, route, parts)
    const principal = await identify(request, route, parts)
    const body = takesBody ? await checkedBody(request, route.body) : undefined
    const { app, signIns, returns, drafts, addresses, streams } = parts
    const shared = { app, signIns, returns, drafts, addresses, streams }
    const call = { ...shared, principal, request, params, query, body }
    const result = await route.run(call)
    if (result instanceof EventStream) return { status, headers: streamHeaders, body: result }
    const ready = result instanceof ReadyAnswer ? result : undefined
    const cookie = ready?.setCookie === undefined ? [] : ['set-cookie', ready.setCookie]
    if (isEmpty) return { status: 204, headers: [...bareHeaders, ...cookie], body: null }
    const said = ready ? ready.body : result
    return {
      status,
      headers: ready?.setCookie === undefined ? headers : [...headers, ...cookie],
      body: said instanceof Secret ? said.reveal() : typeof said === 'string' ? said : JSON.stringify(said),
    }
  }
  const { failure } = route
  if (!failure) return { method, path, answer }
  const told: Row['answer'] = (request, params) =>
    answer(request, params).catch((cause: unknown) => failureOf(cause, parts, failure))
  return { method, path, answer: told }
}

const bareHeaders = linesOf(securityHeaders)

/** What is answered where something was thrown. */
export function failureOf(cause: unknown, { app, log }: ApiParts, said?: ListedRoute['failure']): Reply {
  const error = toBhorError(cause)
  const requestId = newId('req', app.random)
  if (error.code === 'internal') log?.('error', 'A request failed inside bhor.', { requestId, err: cause })
  return problemReply(error, requestId, {}, said?.of)
}

async function checkedBody(request: HttpRequest, name: ListedRoute['body']): Promise<unknown> {
  const body = await readBody(request)
  if (name === undefined) {
    const [first] = Object.keys(body)
    if (first !== undefined) throw unknownField(first)
    return undefined
  }
  const { schemas } = await import('./schemas.ts')
  const checked = schemas[name].safeParse(body)
  if (checked.success) return checked.data
  const issue = checked.error.issues[0]!
  if (issue.code === 'unrecognized_keys') throw unknownField(issue.keys[0] ?? '')
  const field = issue.path.join('.')
  throw new BhorError('bad_field', `The field ${field || 'body'} is missing or wrong: ${issue.message}.`, {
    facts: { field },
  })
}

function unknownField(name: string): BhorError {
  const field = printable(name, 40)
  return new BhorError('unknown_field', `The field "${field}" is not known here.`, { facts: { field } })
}
