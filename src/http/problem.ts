import type { Problem } from '../contracts/api.ts'
import { type BhorError, type ErrorCode, errorTable } from '../core/errors.ts'
import { redact } from '../core/redact.ts'

/** An error as problem+json. The cause stays inside. */
export function problemOf(error: BhorError, requestId: string): Problem {
  return {
    type: `urn:bhor:error:${error.code}`,
    title: titleOf(error.code),
    status: error.httpStatus,
    code: error.code,
    detail: redact(error.message),
    hint: redact(error.hint),
    requestId,
    ...(Object.keys(error.facts).length > 0 ? { facts: { ...error.facts } } : {}),
  }
}

/** Name, value, name, value, …: what Node writes out fastest. */
export type HeaderLines = readonly string[]

/** An answer as plain values: what every door sends in its own way. */
export interface Reply {
  readonly status: number
  readonly headers: HeaderLines
  /** null where there is no body. */
  readonly text: string | null
}

/** The complete answer. */
export function problemReply(error: BhorError, requestId: string): Reply {
  const headers: Record<string, string> = { ...securityHeaders, 'content-type': 'application/problem+json' }
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000))
  else if (error.retryable) headers['retry-after'] = '5'
  return {
    status: error.httpStatus,
    headers: linesOf(headers),
    text: JSON.stringify(problemOf(error, requestId)),
  }
}

/** On every answer of every route. */
export const securityHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
} as const

export function linesOf(headers: Readonly<Record<string, string>>): HeaderLines {
  return Object.entries(headers).flat()
}

function titleOf(code: ErrorCode): string {
  return code in errorTable ? code.replaceAll('_', ' ') : 'internal'
}
