import type { ServerResponse } from 'node:http'

/** Name, value, name, value, …: what Node writes out fastest. */
export type HeaderLines = readonly string[]

/** An answer as plain values: what every door sends in the same way. */
export interface Reply {
  readonly status: number
  readonly headers: HeaderLines
  /** null where there is no body. */
  readonly body: string | Uint8Array | null
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

/** Of a HEAD request Node leaves the body away. */
export function send(response: ServerResponse, { status, headers, body }: Reply): void {
  if (body === null) {
    response.writeHead(status, [...headers]).end()
    return
  }
  const length = Buffer.byteLength(body)
  response.writeHead(status, [...headers, 'content-length', String(length)])
  // As many bytes as letters: then all of it is ASCII, which Node copies where it would encode.
  if (typeof body === 'string') response.end(body, length === body.length ? 'latin1' : 'utf8')
  else response.end(body)
}

/** The same where Node gives only the bare connection, which it ends. */
export function rawText({ status, headers, body }: Reply): string {
  const length = Buffer.byteLength(body ?? '')
  const all = [...headers, 'content-length', String(length)]
  const lines = [`HTTP/1.1 ${status} Refused`]
  for (let at = 0; at + 1 < all.length; at += 2) lines.push(`${all[at]}: ${all[at + 1]}`)
  return [...lines, '', body].join('\r\n')
}
