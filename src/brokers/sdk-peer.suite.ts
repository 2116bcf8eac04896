import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { BrokerRequest } from '../contracts/broker.ts'

/** A request as it looks on the wire, without the order of fields and the headers that every client adds. */
export interface WireRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly form: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** What an official client sends when `use` makes it talk to the given origin, which answers everything with `body`. */
export async function sentBy(
  use: (origin: string) => unknown,
  body = '{"status":"success","data":{}}',
): Promise<WireRequest> {
  const requests: WireRequest[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    let sent = ''
    for await (const chunk of request) sent += chunk
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const headers = request.headers as Record<string, string | undefined>
    requests.push({
      method: request.method ?? '',
      path: url.pathname,
      query: fieldsOf(url.searchParams),
      form: fieldsOf(new URLSearchParams(sent)),
      headers,
    })
    response.setHeader('content-type', 'application/json').end(body)
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const address = server.address()
    assert.ok(typeof address === 'object' && address)
    await use(`http://127.0.0.1:${address.port}`)
    assert.equal(requests.length, 1, 'the client sends one request')
    return requests[0]!
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

/** Our request has the method, path, query and form of the peer's, and the same value in each of `headerNames`. */
export function assertSameCall(
  ours: BrokerRequest,
  peer: WireRequest,
  headerNames: readonly string[] = [],
): void {
  const { body, query = [], method, path, headers = {} } = ours
  assert.ok(!body || 'form' in body)
  assert.deepEqual(
    { method, path, query: pairs(query), form: pairs(body?.form ?? []) },
    { method: peer.method, path: peer.path, query: peer.query, form: peer.form },
  )
  for (const name of headerNames) assert.equal(headers[name], peer.headers[name], name)
}

const pairs = (list: readonly (readonly [string, string])[]) =>
  fieldsOf(new URLSearchParams(list.map(([name, value]) => [name, value])))

function fieldsOf(params: URLSearchParams): Record<string, string> {
  const names = [...params.keys()]
  assert.equal(new Set(names).size, names.length, 'each field is sent once')
  return Object.fromEntries(params)
}
