import type { ServerResponse } from 'node:http'

/** Name, value, name, value, …: what Node writes out fastest. */
export type HeaderLines = readonly string[]

/** A body that is written as it comes. */
export interface Flow {
  pour(response: ServerResponse): void
}

/** An answer as plain values: what every door sends in the same way. */
export interface Reply {
  readonly status: number
  readonly headers: HeaderLines
  /** null where there is no body. */
  readonly body: string | Uint8Array | Flow | null
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

const keptTersely = ['allow', 'retry-after', 'connection']

/** The same without a word: a status, and what the protocol needs. Another name's request finds nothing. */
export function tersely({ status, headers }: Reply): Reply {
  const kept: Record<string, string> = { ...securityHeaders }
  for (let at = 0; at + 1 < headers.length; at += 2)
    if (keptTersely.includes(headers[at]!)) kept[headers[at]!] = headers[at + 1]!
  return { status: status === 421 ? 404 : status, headers: linesOf(kept), body: '' }
}

/** Of a HEAD request Node leaves the body away. */
export function send(response: ServerResponse, { status, headers, body }: Reply): void {
  if (body === null) {
    response.writeHead(status, [...headers]).end()
    return
  }
  if (isFlow(body)) {
    response.writeHead(status, [...headers])
    body.pour(response)
    return
  }
  const length = Buffer.byteLength(body)
  response.writeHead(status, [...headers, 'content-length', String(length)])
  // As many bytes as letters: then all of it is ASCII, which Node copies where it would encode.
  if (typeof body === 'string') response.end(body, length === body.length ? 'latin1' : 'utf8')
  else response.end(body)
}

export function isFlow(body: Reply['body']): body is Flow {
  return typeof body === 'object' && body !== null && 'pour' in body
}

/** The same where Node gives only the bare connection, which it ends. */
export function rawText({ status, headers, body }: Reply): string {
  const text = typeof body === 'string' ? body : ''
  const length = Buffer.byteLength(text)
  const all = [...headers, 'content-length', String(length)]
  const lines = [`HTTP/1.1 ${status} Refused`]
  for (let at = 0; at + 1 < all.length; at += 2) lines.push(`${all[at]}: ${all[at + 1]}`)
  return [...lines, '', text].join('\r\n')
}
