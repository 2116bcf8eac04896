import type { CallFailure } from '../contracts/client.ts'

/** Of these the connection never stood. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])
/** Of these too, where it was the connecting that failed. */
const neverConnected = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'])
const brokenOff = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ESOCKETTIMEDOUT', 'ETIME'])

/** What bhor takes of a refusal. */
const longestBody = 16 * 1024

interface Thrown {
  readonly name?: unknown
  readonly code?: unknown
  readonly syscall?: unknown
  readonly status?: unknown
  readonly statusCode?: unknown
  readonly body?: unknown
  readonly text?: unknown
  readonly data?: unknown
  readonly headers?: unknown
  readonly response?: Thrown | null
  readonly cause?: Thrown | null
}

/** What a client threw: the errors of axios, superagent, got, undici, fetch and of Node itself. */
export function failureOfThrown(thrown: unknown): CallFailure | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined
  const error = thrown as Thrown
  const from = error.response ?? error
  const status = [from.status, from.statusCode, error.status].find((each) => typeof each === 'number')
  if (status !== undefined)
    return failureOfStatus(status as number, bodyOf(from), headerOf(from, 'retry-after'))
  const parts = [error, error.cause].filter((part) => typeof part === 'object' && part !== null)
  const code = parts.map((part) => part?.code).find((each) => typeof each === 'string') as string | undefined
  if (code !== undefined) {
    if (neverSent.has(code)) return { kind: 'not sent' }
    const isConnecting = parts.some((part) => part?.syscall === 'connect')
    if (neverConnected.has(code) && isConnecting) return { kind: 'not sent' }
    if (brokenOff.has(code) || neverConnected.has(code) || code.startsWith('UND_ERR_'))
      return { kind: 'unknown' }
  }
  const isFetch = error.name === 'TypeError' && error.cause !== undefined
  return error.name === 'TimeoutError' || isFetch ? { kind: 'unknown' } : undefined
}

/** What a call gave that went through, where that is an answer of `fetch`. */
export async function failureOfAnswer(answer: unknown): Promise<CallFailure | undefined> {
  if (typeof Response !== 'function' || !(answer instanceof Response) || answer.ok) return undefined
  const isWanted = answer.status === 401 || answer.status === 403
  const body = isWanted && !answer.bodyUsed ? await answer.clone().text() : undefined
  return failureOfStatus(answer.status, body, answer.headers.get('retry-after'))
}

function failureOfStatus(
  status: number,
  body: string | undefined,
  retryAfter: string | null | undefined,
): CallFailure | undefined {
  // A session is refused with one of these; the broker's own words, which the desk reads, say whether it was.
  if (status === 401 || status === 403)
    return { kind: 'refused', status, ...(body === undefined ? {} : { body: body.slice(0, longestBody) }) }
  if (status === 429) {
    const seconds = Number(retryAfter ?? Number.NaN)
    return { kind: 'throttled', ...(seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}) }
  }
  return status >= 500 || status === 408 ? { kind: 'unknown' } : undefined
}

function bodyOf({ text, body, data }: Thrown): string | undefined {
  const found = [text, body, data].find((part) => part !== undefined && part !== null && part !== '')
  if (typeof found === 'string') return found
  if (typeof found !== 'object') return undefined
  try {
    return JSON.stringify(found)
  } catch {
    return undefined
  }
}

function headerOf({ headers }: Thrown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined
  const { get } = headers as { get?: unknown }
  const value =
    typeof get === 'function' ? get.call(headers, name) : (headers as Record<string, unknown>)[name]
  return typeof value === 'string' ? value : undefined
}
