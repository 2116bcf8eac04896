import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

/** A stream of ticks as Kite has it, as far as a connection is concerned: the token counts at the handshake alone. */
export interface TickServer extends AsyncDisposable {
  /** `ws://127.0.0.1:…/` */
  readonly root: string
  /** The tokens of the connections that stand. */
  connected(): string[]
  /** The tokens of all handshakes, those that were refused with a `!`. */
  readonly handshakes: readonly string[]
  /** What the clients have sent, as JSON. */
  readonly said: readonly string[]
  /** Cuts all connections. */
  cut(): void
  /** Whether a token is let in. */
  accepts: (token: string) => boolean
}

const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
/** One byte, as Kite sends it each second. */
const heartbeat = Buffer.from([0x82, 1, 0])

export async function startTickServer(): Promise<TickServer> {
  const open = new Map<Duplex, string>()
  const handshakes: string[] = []
  const said: string[] = []
  const server = createServer()
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    const token = new URL(request.url ?? '/', 'ws://x').searchParams.get('access_token') ?? ''
    socket.on('error', () => {})
    if (!ticks.accepts(token)) {
      handshakes.push(`!${token}`)
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n')
      return
    }
    handshakes.push(token)
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}${magic}`)
      .digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    )
    socket.write(heartbeat)
    open.set(socket, token)
    socket.on('close', () => open.delete(socket))
    socket.on('data', (frame: Buffer) => {
      for (const { opcode, text } of framesIn(frame)) {
        if (opcode === 1) said.push(text)
        if (opcode === 8) socket.end(Buffer.from([0x88, 0]))
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const ticks: TickServer = {
    root: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    connected: () => [...open.values()],
    handshakes,
    said,
    cut() {
      for (const socket of open.keys()) socket.destroy()
    },
    accepts: () => true,
    async [Symbol.asyncDispose]() {
      ticks.cut()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return ticks
}

/** The masked frames of a client, each short. */
function* framesIn(bytes: Buffer): Generator<{ opcode: number; text: string }> {
  for (let at = 0; at + 6 <= bytes.length; ) {
    const long = (bytes[at + 1]! & 127) === 126
    const length = long ? bytes.readUInt16BE(at + 2) : bytes[at + 1]! & 127
    const head = at + (long ? 4 : 2)
    const mask = bytes.subarray(head, head + 4)
    const data = bytes.subarray(head + 4, head + 4 + length).map((byte, i) => byte ^ mask[i % 4]!)
    yield { opcode: bytes[at]! & 15, text: Buffer.from(data).toString('utf8') }
    at = head + 4 + length
  }
}
