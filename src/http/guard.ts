import { BhorError, type ErrorCode } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Random } from '../core/random.ts'
import type { Addresses } from './addresses.ts'
import type { Door } from './doors.ts'
import { keyFramePath } from './key-frame.ts'
import { problemReply } from './problem.ts'
import { type Reply, tersely } from './reply.ts'
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

/** The names that are ours. */
export type OwnAddresses = Pick<Addresses, 'originOf' | 'plain'>

/**
 * Looks at a request before any route does, and at every event by which Node can deliver one. Node itself accepts
 * two Host headers (and takes the first), absolute targets, TRACE, and a body on GET.
 *
 * @returns undefined for a request that may pass
 */
export function refusalOf(request: HttpRequest, own: OwnAddresses): Refusal | undefined {
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
  if (request.hasBody && bodiless.has(method))
    return { code: 'bad_framing', detail: `${method} takes no body here.`, closes: true }
  if (length !== undefined && coding !== undefined) {
    return { code: 'bad_framing', detail: 'Two framings in one request.', closes: true }
  }
  if (coding !== undefined && coding.toLowerCase() !== 'chunked')
    return { code: 'bad_framing', detail: 'Only chunked is served as a transfer encoding.', closes: true }
  const refusal = request.door.isForBrowsers ? refusalOfBrowser(request, own) : undefined
  return refusal ?? refusalOfExpectation(request)
}

function refusalOfExpectation(request: HttpRequest): Refusal | undefined {
  const expected = request.header('expect')?.toLowerCase()
  if (expected === undefined || expected === '100-continue') return undefined
  return { code: 'expectation_failed', detail: 'The header Expect asks for what is not done.', closes: true }
}

function refusalOfBrowser(request: HttpRequest, own: OwnAddresses): Refusal | undefined {
  const ownOrigin = own.originOf(request.header('host') ?? '')
  if (ownOrigin === undefined) {
    return {
      code: 'host_not_allowed',
      detail: 'The Host header is not the address of this desk.',
      // Never the page's: it must not be told to whoever asks.
      hint: `For the page: bhor desk. Programs use http://${own.plain}`,
      closes: true,
    }
  }
  const origin = request.header('origin')
  if (origin !== undefined && origin !== ownOrigin)
    return { code: 'cross_site_blocked', detail: 'Another web page made this request.' }
  const site = request.header('sec-fetch-site')
  if (site === undefined || site === 'same-origin') return undefined
  // A person who follows a link or types the address: pages and the broker's redirect, never the API.
  const isNavigation =
    request.method === 'GET' &&
    request.header('sec-fetch-mode') === 'navigate' &&
    request.header('sec-fetch-dest') === 'document'
  if (isNavigation && !request.path.startsWith('/v1/')) return undefined
  if (site === 'same-site' && isKeyFrame(request)) return undefined
  if (site === 'none' && request.method === 'GET') return undefined
  return { code: 'cross_site_blocked', detail: 'Another web page made this request.' }
}

/** A page of ours shows it; which one, its own policy says. */
function isKeyFrame(request: HttpRequest): boolean {
  const isFrame =
    request.header('sec-fetch-mode') === 'navigate' && request.header('sec-fetch-dest') === 'iframe'
  return isFrame && request.method === 'GET' && request.path === keyFramePath
}

function isPlain({ target, path }: HttpRequest): boolean {
  if (target.length > longestTarget) return false
  return plainTarget.test(target) && !hiddenPath.test(path) && !dotSegment.test(path)
}

/** The answer to whoever is refused. */
export function refusalReply(
  { code, detail, hint, closes }: Refusal,
  random: Random,
  { isTerse }: Pick<Door, 'isTerse'>,
): Reply {
  const error = new BhorError(code, detail, hint === undefined ? {} : { hint })
  const reply = problemReply(error, newId('req', random), {
    ...(code === 'method_not_allowed' ? { allow: 'GET, POST, PUT, PATCH, DELETE' } : {}),
    ...(closes ? { connection: 'close' } : {}),
  })
  return isTerse ? tersely(reply) : reply
}
