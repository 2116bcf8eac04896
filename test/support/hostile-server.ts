import { createServer, type Server, type Socket } from 'node:net'

/** A server that speaks raw bytes, for answers that no proper one gives. */
export interface HostileServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** What each connection has sent, as text. */
  readonly received: string[]
}

/** Calls `behave` with each connection, once its first bytes are there; or at once with `onConnect`. */
export async function openHostileServer(
  behave: (socket: Socket, request: string) => void,
  options: { readonly onConnect?: boolean } = {},
): Promise<HostileServer> {
  const received: string[] = []
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    const at = received.push('') - 1
    let hasActed = false
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // The client leaves in the middle of most of these.
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      received[at] += chunk.toString('latin1')
      if (hasActed || options.onConnect) return
      hasActed = true
      behave(socket, received[at] ?? '')
    })
    if (options.onConnect) behave(socket, '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
