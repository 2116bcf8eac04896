import type { RequestOptions } from 'node:https'
import type { Duplex } from 'node:stream'
import {
  type EgressProxy,
  type Net,
  NetError,
  type NetReason,
  type NetReply,
  type NetRequest,
} from '../contracts/net.ts'
import { systemClock } from '../core/clock.ts'
import { bareHost, throughProxy } from './proxy.ts'

/** An answer larger than this is no answer of a login API. */
const longestReplyBytes = 2 * 1024 * 1024
const connectTimeoutMs = 5_000

// Not imported: the ESM import of node:http brings Node's own fetch with it, 15 MB that nobody here uses.
const http = process.getBuiltinModule('node:http')

/**
 * The real network: HTTP/1.1 over TCP or TLS with certificate checks, no redirects, no retries, no compression.
 *
 * @see {@link NetError} for what is known after a failure
 */
export const systemNet: Net = {
  send(request) {
    return new Promise((resolve, reject) => send(request, resolve, reject))
  },
}

function send(
  request: NetRequest,
  resolve: (reply: NetReply) => void,
  reject: (error: NetError) => void,
): void {
  // Not new URL(): its error holds the address, which can hold a token.
  const url = URL.parse(request.url)
  if (!url || !/^https?:$/.test(url.protocol)) {
    reject(new NetError('not_sent', 'protocol'))
    return
  }
  const isTls = url.protocol === 'https:'
  const { request: open } = isTls ? process.getBuiltinModule('node:https') : http
  const body = request.body === undefined ? undefined : Buffer.from(request.body)
  const headers = { ...request.headers, ...(body ? { 'content-length': String(body.length) } : {}) }
  let wasSent = false
  let isTimedOut = false
  const fail = (reason: NetReason, cause?: unknown) =>
    reject(new NetError(wasSent ? 'unknown' : 'not_sent', reason, cause))
  let call: ReturnType<typeof open>
  try {
    const way = wayOut(request, url)
    call = open(url, { method: request.method, headers, timeout: connectTimeoutMs, ...way })
  } catch (error) {
    // A header that no header can be, or an address that none is.
    const isEgress = (error as NodeJS.ErrnoException).code === 'ERR_INVALID_IP_ADDRESS'
    fail(isEgress ? 'egress' : 'protocol', withoutRequest(error as NodeJS.ErrnoException))
    return
  }
  const stop = (reason: NetReason) => {
    isTimedOut = reason === 'timeout'
    fail(reason)
    call.destroy()
  }
  const deadline = systemClock.after(request.timeoutMs, () => stop('timeout'))
  call.on('socket', (socket) => {
    // From the connection on the broker may have seen the request, even if our side then reports an error.
    const connected = () => {
      wasSent = true
      call.setTimeout(0)
    }
    // One that came through a proxy is connected already.
    if (!isTls && isProxied(request)) connected()
    else socket.once(isTls ? 'secureConnect' : 'connect', connected)
  })
  call.on('timeout', () => stop('timeout'))
  call.on('error', (error: NodeJS.ErrnoException) => {
    deadline[Symbol.dispose]()
    if (error instanceof NetError) reject(error)
    else if (!isTimedOut) fail(reasonOf(error, request), withoutRequest(error))
  })
  let hasResponse = false
  call.on('close', () => {
    if (hasResponse) return
    // An answer that switches to another protocol closes the connection without any error.
    deadline[Symbol.dispose]()
    fail('protocol')
  })
  call.on('response', (response) => {
    hasResponse = true
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > longestReplyBytes) return stop('too_large')
      chunks.push(chunk)
    })
    response.on('error', (error: NodeJS.ErrnoException) => {
      deadline[Symbol.dispose]()
      fail(reasonOf(error, request), withoutRequest(error))
    })
    response.on('end', () => {
      deadline[Symbol.dispose]()
      if (!response.complete) return fail('reset')
      resolve({
        status: response.statusCode ?? 0,
        headers: firstHeaders(response.rawHeaders),
        text: Buffer.concat(chunks).toString('utf8'),
      })
    })
  })
  call.end(body)
}

/** How the connection is made: from a source address, through a proxy, or directly. Always a new one. */
function wayOut({ egress, family }: NetRequest, url: URL): RequestOptions {
  if (egress && 'proxy' in egress) {
    return {
      createConnection(_options, done) {
        void handOver(egress.proxy, url, done)
        return undefined
      },
    }
  }
  return {
    agent: false,
    ...(family ? { family } : {}),
    ...(egress ? { localAddress: egress.from } : {}),
  }
}

async function handOver(
  proxy: EgressProxy,
  url: URL,
  done: (error: Error | null, stream: Duplex) => void,
): Promise<void> {
  const made = await proxied(proxy, url).catch((error: Error) => error)
  if (made instanceof Error) done(made, undefined as never)
  else done(null, made)
}

/** The certificate is that of the destination: a proxy sees no more of a call than its name. */
async function proxied(proxy: EgressProxy, { protocol, hostname, port }: URL): Promise<Duplex> {
  const host = bareHost(hostname)
  const isTls = protocol === 'https:'
  const socket = await throughProxy(proxy, { host, port: Number(port || (isTls ? 443 : 80)) })
  if (!isTls) return socket
  const isAddress = process.getBuiltinModule('node:net').isIP(host) !== 0
  const tls = process.getBuiltinModule('node:tls')
  const secured = tls.connect({ socket, host, servername: isAddress ? '' : host })
  secured.setTimeout(connectTimeoutMs)
  return secured
}

function firstHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let i = 0; i + 1 < raw.length; i += 2) headers[raw[i]!.toLowerCase()] ??= raw[i + 1]!
  return headers
}

function isProxied({ egress }: NetRequest): boolean {
  return egress !== undefined && 'proxy' in egress
}

function reasonOf(error: NodeJS.ErrnoException, request: NetRequest): NetReason {
  const code = error.code ?? ''
  // What comes through a proxy instead of TLS is the proxy's own.
  if (isProxied(request) && notTls.test(error.message)) return 'proxy_invalid'
  if (/^(EADDRNOTAVAIL|ERR_INVALID_IP_ADDRESS)$/.test(code)) return 'egress'
  if (/^(ENOTFOUND|EAI_)/.test(code)) return 'dns'
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EACCES|EPERM)$/.test(code)) return 'refused'
  if (/^(ETIMEDOUT|ESOCKETTIMEDOUT)$/.test(code)) return 'timeout'
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO|EPROTO/.test(code)) return 'tls'
  if (/^HPE_|ERR_HTTP/.test(code)) return 'protocol'
  return 'reset'
}

/** OpenSSL’s words for another protocol; the code is `EPROTO` where the call was being written. */
const notTls = /:(?:wrong version number|packet length too long|http request):/i

/** Node hangs addresses and headers on some of its errors; only the code may go on. */
function withoutRequest(error: NodeJS.ErrnoException): Error {
  return new Error(`network error ${error.code ?? 'unknown'}`)
}
