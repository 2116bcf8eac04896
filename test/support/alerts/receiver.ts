import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { selfSigned } from '../self-signed.ts'

export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}
export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Takes the request and never answers. */
  readonly hangs?: boolean
  /** Takes the request and closes the connection. */
  readonly breaks?: boolean
}

/** An HTTP server on loopback that keeps what it gets and answers as it is told. */
export interface Receiver extends AsyncDisposable {
  readonly port: number
  readonly url: string
  readonly received: Received[]
  /** How it answers from now on; given a function, each request by itself. */
  answer(reply: Reply | ((request: Received) => Reply)): void
  stop(): Promise<void>
  /** At the same port again. */
  start(): Promise<void>
}

export async function startReceiver(
  reply: Reply | ((request: Received) => Reply) = {},
  options: { readonly tls?: { readonly key: string; readonly cert: string } | true } = {},
): Promise<Receiver> {
  const received: Received[] = []
  let answer = reply
  const tls = options.tls === true ? selfSigned : options.tls
  const make = (): Server => {
    const server = tls ? createTlsServer({ key: tls.key, cert: tls.cert }) : createServer()
    server.on('request', (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request
        const got = { method, path, headers, body: Buffer.concat(chunks).toString('utf8') }
        received.push(got)
        const {
          status = 200,
          headers: more = {},
          body = '',
          hangs,
          breaks,
        } = typeof answer === 'function' ? answer(got) : answer
        if (breaks) return void request.socket.destroy()
        if (!hangs) response.writeHead(status, more).end(body)
      })
    })
    return server as Server
  }
  let server = make()
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  const receiver: Receiver = {
    port,
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    received,
    answer(next) {
      answer = next
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
    async start() {
      server = make()
      await listen(port)
    },
    async [Symbol.asyncDispose]() {
      if (server.listening) await receiver.stop()
    },
  }
  return receiver
}
