import { BhorError, toBhorError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { printable } from '../core/redact.ts'
import { Secret } from '../core/secret.ts'
import { type AccessParts, identify, readQuery } from './access.ts'
import { problemReply } from './problem.ts'
import { readBody } from './read-body.ts'
import { linesOf, type Reply, securityHeaders } from './reply.ts'
import type { HttpRequest } from './request.ts'
import type { ListedRoute } from './routes/all.ts'
import { ReadyAnswer } from './routes/route.ts'
import type { Params, Row } from './table.ts'

/** What answers are made from. */
export interface ApiParts extends AccessParts {
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
  const takesBody = method === 'POST' || method === 'PATCH'
  const answer = async (request: HttpRequest, params: Params): Promise<Reply> => {
    const query = await readQuery(request, params, route, parts)
    const principal = await identify(request, route, parts)
    const body = takesBody ? await checkedBody(request, route.body) : undefined
    const { app, signIns } = parts
    const result = await route.run({ app, signIns, principal, request, params, query, body })
    if (isEmpty) return { status: 204, headers: bareHeaders, body: null }
    const ready = result instanceof ReadyAnswer ? result : undefined
    const said = ready ? ready.body : result
    return {
      status,
      headers: ready?.setCookie === undefined ? headers : [...headers, 'set-cookie', ready.setCookie],
      body: said instanceof Secret ? said.reveal() : typeof said === 'string' ? said : JSON.stringify(said),
    }
  }
  return { method, path, answer }
}

const bareHeaders = linesOf(securityHeaders)

/** What is answered where something was thrown. */
export function failureOf(cause: unknown, { app, log }: ApiParts): Reply {
  const error = toBhorError(cause)
  const requestId = newId('req', app.random)
  if (error.code === 'internal') log?.('error', 'A request failed inside bhor.', { requestId, err: cause })
  return problemReply(error, requestId)
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
