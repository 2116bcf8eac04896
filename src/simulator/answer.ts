/** What a simulated broker sends back. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function jsonAnswer(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** `text/csv` without a charset: the official Kite client compares the header literally. */
export function csvAnswer(body: string): Answer {
  return { status: 200, headers: { 'content-type': 'text/csv' }, body }
}

/** No `form-action` in the policy: browsers would apply it to the redirect that follows the form. */
export function htmlAnswer(status: number, body: string): Answer {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
    body,
  }
}

export function redirectAnswer(location: string): Answer {
  return { status: 302, headers: { location, 'cache-control': 'no-store' }, body: '' }
}

/** The address with more parameters behind those that it already has. */
export function withParams(url: string, params: Iterable<readonly [string, string]>): string {
  const target = new URL(url)
  for (const [name, value] of params) target.searchParams.append(name, value)
  return target.href
}
