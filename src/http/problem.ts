import type { Problem } from '../contracts/api.ts'
import { dataWithoutControls, withoutControls } from '../core/control-characters.ts'
import { type BhorError, type ErrorCode, errorTable } from '../core/errors.ts'
import { redact } from '../core/redact.ts'
import { linesOf, type Reply, securityHeaders } from './reply.ts'

/** An error as problem+json. The cause stays inside. */
export function problemOf(error: BhorError, requestId: string): Problem {
  return {
    type: `urn:bhor:error:${error.code}`,
    title: titleOf(error.code),
    status: error.httpStatus,
    code: error.code,
    detail: withoutControls(redact(error.message)),
    hint: withoutControls(redact(error.hint)),
    requestId,
    ...(Object.keys(error.facts).length > 0 ? { facts: dataWithoutControls({ ...error.facts }) } : {}),
  }
}

/**
 * The complete answer.
 *
 * @param said what it says in place of the problem
 */
export function problemReply(
  error: BhorError,
  requestId: string,
  more: Readonly<Record<string, string>> = {},
  said?: (problem: Problem) => object,
): Reply {
  const problem = problemOf(error, requestId)
  const headers: Record<string, string> = {
    ...securityHeaders,
    'content-type': said ? 'application/json' : 'application/problem+json',
    ...more,
  }
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000))
  else if (error.retryable) headers['retry-after'] = '5'
  return {
    status: error.httpStatus,
    headers: linesOf(headers),
    body: JSON.stringify(said ? said(problem) : problem),
  }
}

function titleOf(code: ErrorCode): string {
  return code in errorTable ? code.replaceAll('_', ' ') : 'internal'
}
