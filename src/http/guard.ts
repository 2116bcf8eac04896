import { BhorError, type ErrorCode } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Random } from '../core/random.ts'
import { problemReply } from './problem.ts'
import type { Reply } from './reply.ts'
import type { HttpRequest } from './request.ts'

export interface Refusal {
  readonly code: ErrorCode
  readonly detail: string
  readonly hint?: string
  /** The connection cannot be trusted to be in step any more. */
  readonly closes?: boolean
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
const bodiless = new Set(['GET', 'HEAD', 'DELETE'])
const longestTarget = 8192
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const plainTarget = /^\/(?!\/)[^\u0000-\u0020\u007f\\#]*$/
/** `.` and `..` are resolved by much of what reads a path, which would serve another one than was looked at. */
const dotSegment = /\/\.{1,2}(?:\/|$)/
const hiddenPath = /%(?:2e|2f|5c|25|0[0-9a-f]|1[0-9a-f]|7f)/i

/**
 * Looks at a request before any route does, and at every event by which Node can deliver one. Node itself accepts
 * two Host headers (and takes the first), absolute targets, TRACE, and a body on GET.
 *
 * @param own the exact `host:port` values that are ours
 * @returns undefined for a request that may pass
 */
export function refusalOf(request: HttpRequest, own: readonly string[]): Refusal | undefined {
  const { method } = request
  if (request.isAmbiguous)
    return { code: 'bad_framing', detail: 'A header that may stand once stands twice.', closes: true }
  if (!methods.has(method))
    return { code: 'method_not_allowed', detail: 'This method is not served.', closes: true }
  if (!isPlain(request)) {
    return { code: 'bad_target', detail: 'The request target is not a plain path.', closes: true }
  }
  const length = request.header('content-length')
  const coding = request.header('transfer-encoding')
  const hasBody = (length ?? '0') !== '0' || coding !== undefined
  if (hasBody && bodiless.has(method))
    return { code: 'bad_framing', detail: `${method} takes no body here.`, closes: true }
  if (length !== undefined && coding !== undefined) {
    return { code: 'bad_framing', detail: 'Two framings in one request.', closes: true }
  }
  if (coding !== undefined && coding.toLowerCase() !== 'chunked')
    return { code: 'bad_framing', detail: 'Only chunked is served as a transfer encoding.', closes: true }
  if (request.header('expect') !== undefined)
    return { code: 'bad_framing', detail: 'Expect is not served.', closes: true }
  return request.door.isForBrowsers ? refusalOfBrowser(request, own) : undefined
}

function refusalOfBrowser(request: HttpRequest, own: readonly string[]): Refusal | undefined {
  const host = request.header('host')
  if (host === undefined || !own.includes(host)) {
    return {
      code: 'host_not_allowed',
      detail: 'The Host header is not the address of this desk.',
      hint: `Use http://${own[0]}`,
      closes: true,
    }
  }
  const origin = request.header('origin')
  if (origin !== undefined && origin !== `http://${host}`)
    return { code: 'cross_site_blocked', detail: 'Another web page made this request.' }
  const site = request.header('sec-fetch-site')
  if (site === undefined || site === 'same-origin') return undefined
  // A person who follows a link or types the address: pages and the broker's redirect, never the API.
  const isNavigation =
    request.method === 'GET' &&
    request.header('sec-fetch-mode') === 'navigate' &&
    request.header('sec-fetch-dest') === 'document'
  if (isNavigation && !request.path.startsWith('/v1/')) return undefined
  if (site === 'none' && request.method === 'GET') return undefined
  return { code: 'cross_site_blocked', detail: 'Another web page made this request.' }
}

function isPlain({ target, path }: HttpRequest): boolean {
  if (target.length > longestTarget) return false
  return plainTarget.test(target) && !hiddenPath.test(path) && !dotSegment.test(path)
}

/** The answer to whoever is refused. */
export function refusalReply({ code, detail, hint, closes }: Refusal, random: Random): Reply {
  const error = new BhorError(code, detail, hint === undefined ? {} : { hint })
  return problemReply(error, newId('req', random), {
    ...(code === 'method_not_allowed' ? { allow: 'GET, POST, PATCH, DELETE' } : {}),
    ...(closes ? { connection: 'close' } : {}),
  })
}
