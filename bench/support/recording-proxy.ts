import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

const tokenNames =
  /^(access_token|refresh_token|public_token|enctoken|extended_token|request_token|code|checksum)$/

/** Stands between bhor and a simulated broker and keeps every token that passes, in either direction. */
export interface RecordingProxy extends AsyncDisposable {
  readonly origin: string
  readonly tokens: ReadonlySet<string>
}

export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const tokens = new Set<string>()
  const keep = (name: string, value: unknown) => {
    if (tokenNames.test(name) && typeof value === 'string' && value !== '') tokens.add(value)
  }
  const server = createServer((incoming, outgoing) => {
    const sent: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => sent.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(sent)
      const url = new URL(incoming.url ?? '/', target)
      for (const [name, value] of [...url.searchParams, ...new URLSearchParams(body.toString())])
        keep(name, value)
      const { method, headers } = incoming
      const relayed = request(url, { method, headers, agent: false }, (answer) => {
        const got: Buffer[] = []
        answer.on('data', (chunk: Buffer) => got.push(chunk))
        answer.on('error', () => outgoing.destroy())
        answer.on('end', () => {
          const text = Buffer.concat(got)
          keepAll(text.toString(), keep)
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(text)
        })
      })
      relayed.on('error', () => outgoing.destroy())
      relayed.end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokens,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function keepAll(text: string, keep: (name: string, value: unknown) => void): void {
  try {
    JSON.parse(text, (name, value: unknown) => {
      keep(name, value)
      return value
    })
  } catch {
    // A page, or a broken answer: no tokens to keep.
  }
}
