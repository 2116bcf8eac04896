import { type Net, NetError, type NetReply, type NetRequest } from '../contracts/net.ts'
import { systemClock } from '../core/clock.ts'

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
  const { request: open } = url.protocol === 'https:' ? process.getBuiltinModule('node:https') : http
  const body = request.body === undefined ? undefined : Buffer.from(request.body)
  const headers = { ...request.headers, ...(body ? { 'content-length': String(body.length) } : {}) }
  let wasSent = false
  let isTimedOut = false
  const fail = (reason: NetError['reason'], cause?: unknown) =>
    reject(new NetError(wasSent ? 'unknown' : 'not_sent', reason, cause))
  let call: ReturnType<typeof open>
  try {
    const from = request.egress ? { localAddress: request.egress.from } : {}
    call = open(url, { method: request.method, headers, agent: false, timeout: connectTimeoutMs, ...from })
  } catch (error) {
    // A header that no header can be, or an address that none is.
    const isEgress = (error as NodeJS.ErrnoException).code === 'ERR_INVALID_IP_ADDRESS'
    fail(isEgress ? 'egress' : 'protocol', withoutRequest(error as NodeJS.ErrnoException))
    return
  }
  const stop = (reason: NetError['reason']) => {
    isTimedOut = reason === 'timeout'
    fail(reason)
    call.destroy()
  }
  const deadline = systemClock.after(request.timeoutMs, () => stop('timeout'))
  call.on('socket', (socket) => {
    // From the connection on the broker may have seen the request, even if our side then reports an error.
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      wasSent = true
      call.setTimeout(0)
    })
  })
  call.on('timeout', () => stop('timeout'))
  call.on('error', (error: NodeJS.ErrnoException) => {
    deadline[Symbol.dispose]()
    if (!isTimedOut) fail(reasonOf(error), withoutRequest(error))
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
      fail(reasonOf(error), withoutRequest(error))
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

function firstHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let i = 0; i + 1 < raw.length; i += 2) headers[raw[i]!.toLowerCase()] ??= raw[i + 1]!
  return headers
}

function reasonOf(error: NodeJS.ErrnoException): NetError['reason'] {
  const code = error.code ?? ''
  if (/^(EADDRNOTAVAIL|ERR_INVALID_IP_ADDRESS)$/.test(code)) return 'egress'
  if (/^(ENOTFOUND|EAI_)/.test(code)) return 'dns'
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EACCES|EPERM)$/.test(code)) return 'refused'
  if (/^(ETIMEDOUT|ESOCKETTIMEDOUT)$/.test(code)) return 'timeout'
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code)) return 'tls'
  if (/^HPE_|ERR_HTTP/.test(code)) return 'protocol'
  return 'reset'
}

/** Node hangs addresses and headers on some of its errors; only the code may go on. */
function withoutRequest(error: NodeJS.ErrnoException): Error {
  return new Error(`network error ${error.code ?? 'unknown'}`)
}
