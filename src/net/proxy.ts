import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { type EgressProxy, NetError, type NetReason } from '../contracts/net.ts'
import { systemClock } from '../core/clock.ts'
import type { Secret } from '../core/secret.ts'

/** Where a connection goes: a name, or an address without brackets. */
export interface Destination {
  readonly host: string
  readonly port: number
}

/** For the proxy and the way behind it, which may be a long one. */
const proxyTimeoutMs = 10_000

// Not imported: see `system.ts`.
const http = process.getBuiltinModule('node:http')
const net = process.getBuiltinModule('node:net')

/**
 * A connection through a proxy. The name of the destination is resolved there, never here.
 *
 * @throws NetError `not_sent` with a `proxy…` reason; neither it nor its cause holds the login
 */
export async function throughProxy({ url, login }: EgressProxy, to: Destination): Promise<Socket> {
  const address = URL.parse(url)
  if (!address) throw new NetError('not_sent', 'proxy_invalid')
  const { protocol, hostname, port } = address
  const isSocks = protocol === 'socks5:'
  const socket = net.connect({ host: bareHost(hostname), port: Number(port || (isSocks ? 1080 : 80)) })
  // Whoever waits for it is told; between two of them nobody listens.
  socket.on('error', () => {})
  const late = Promise.withResolvers<never>()
  const deadline = systemClock.after(proxyTimeoutMs, () => late.reject(new NetError('not_sent', 'proxy')))
  try {
    await Promise.race([connected(socket), late.promise])
    const handshake = isSocks ? socksHandshake : connectHandshake
    await Promise.race([handshake(socket, to, login), late.promise])
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    deadline[Symbol.dispose]()
  }
}

/** An address in a URL stands in brackets. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', ({ code }: NodeJS.ErrnoException) =>
      reject(new NetError('not_sent', 'proxy', new Error(`network error ${code ?? 'unknown'}`))),
    )
  })
}

/** RFC 9110, section 9.3.6. */
function connectHandshake(socket: Socket, { host, port }: Destination, login?: Secret): Promise<void> {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const credentials = login && `Basic ${Buffer.from(login.reveal()).toString('base64')}`
  const headers = { host: authority, ...(credentials ? { 'proxy-authorization': credentials } : {}) }
  return new Promise((resolve, reject) => {
    const call = http.request({ method: 'CONNECT', path: authority, headers, createConnection: () => socket })
    call.on('connect', (answer, _socket, head) => {
      const reason = reasonOfAnswer(answer, head.length > 0)
      if (reason) reject(new NetError('not_sent', reason))
      else resolve()
    })
    call.on('error', ({ code = '' }: NodeJS.ErrnoException) =>
      reject(new NetError('not_sent', code.startsWith('HPE_') ? 'proxy_invalid' : 'proxy')),
    )
    call.end()
  })
}

/** What an answer to CONNECT means; undefined when the way is open. Web servers answer too, even with a 200. */
function reasonOfAnswer(
  { statusCode = 0, headers }: IncomingMessage,
  saysMore: boolean,
): NetReason | undefined {
  if (statusCode === 407 || statusCode === 401) return 'proxy_login'
  if (statusCode >= 200 && statusCode < 300) {
    const hasBody = Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined
    return hasBody || saysMore || /html/i.test(headers['content-type'] ?? '') ? 'proxy_invalid' : undefined
  }
  const isRefusal = [403, 429, 500, 502, 503, 504].includes(statusCode)
  return isRefusal ? 'proxy_refused' : 'proxy_invalid'
}

/** RFC 1928 and 1929; the destination goes as a name. */
async function socksHandshake(socket: Socket, destination: Destination, login?: Secret): Promise<void> {
  const { SocksClient } = await import('socks')
  const proxy = { host: 'proxy', port: 1, type: 5, ...(login ? loginParts(login) : {}) } as const
  try {
    await SocksClient.createConnection({
      command: 'connect',
      proxy,
      destination,
      existing_socket: socket,
      timeout: proxyTimeoutMs * 2,
    })
  } catch (error) {
    // Its error holds the login: only the reason may go on.
    throw new NetError('not_sent', reasonOfSocks((error as Error).message))
  }
}

function loginParts(login: Secret): { readonly userId: string; readonly password: string } {
  const text = login.reveal()
  const at = text.indexOf(':')
  return { userId: text.slice(0, at), password: text.slice(at + 1) }
}

function reasonOfSocks(message: string): NetReason {
  if (/authentication failed|no accepted authentication/i.test(message)) return 'proxy_login'
  if (/rejected connection/i.test(message)) return 'proxy_refused'
  if (/invalid/i.test(message)) return 'proxy_invalid'
  return 'proxy'
}
