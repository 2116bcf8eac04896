import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Delivery } from '../contracts/alerts.ts'
import { BhorError, toBhorError } from '../core/errors.ts'
import type { Dialled, Dialler } from './dialler.ts'

/** From the first look at a name to the last byte of an answer. */
export const sendTimeoutMs = 15_000
/** Nobody has more to say to an alert. */
const longestAnswerBytes = 256 * 1024

export interface HttpCall {
  readonly method: 'GET' | 'POST'
  /** Looked at by {@link webTarget} before. */
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs?: number
  /** Ends the waiting at once. */
  readonly signal?: AbortSignal
}
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/**
 * An address as somebody wrote it, if something may be sent there.
 *
 * @param what it is, for the sentence: `The webhook’s address`
 * @throws BhorError `channel_invalid`, `channel_target_refused`; neither quotes it, for it may hold a secret
 */
export function webTarget(dialler: Dialler, text: string, what: string): URL {
  const url = URL.parse(text)
  if (!url || text.trim() !== text || !/^https?:$/.test(url.protocol))
    throw new BhorError('channel_invalid', `${what} is not a web address.`, {
      hint: 'Write https://host/path.',
    })
  if (url.username !== '' || url.password !== '' || /^[a-z]+:\/*[^/?#]*@/i.test(text))
    throw new BhorError('channel_target_refused', `${what} has a user or password in it.`, {
      hint: 'Leave out what stands before the @. A receiver that needs a token takes it as a secret of the channel.',
    })
  if (url.hash !== '')
    throw new BhorError('channel_invalid', `${what} has a part behind a #, which nobody would get.`, {
      hint: 'Leave it out.',
    })
  dialler.refuseWritten(bareHost(url))
  return url
}

/**
 * One request and its whole answer, whatever its status. No redirect is followed, nothing is repeated.
 *
 * @throws BhorError `channel_…`; with the fact `mayHaveIt` where the receiver may have got it
 */
export async function ask(dialler: Dialler, call: HttpCall): Promise<HttpAnswer> {
  const { url, timeoutMs = sendTimeoutMs, signal } = call
  const isTls = url.protocol === 'https:'
  const port = Number(url.port || (isTls ? 443 : 80))
  // A wait may be long; to be connected is not.
  const dialled = await dialler.dial({ host: bareHost(url), port }, Math.min(timeoutMs, sendTimeoutMs))
  const { socket } = dialled
  const late = Promise.withResolvers<never>()
  const stop = () => late.reject(unavailable('Nobody waits for the answer any more.', progress.wasSent))
  const progress = { wasSent: false }
  using _timer = dialler.clock.after(timeoutMs, () =>
    late.reject(unavailable('The receiver does not answer in time.', progress.wasSent)),
  )
  try {
    signal?.addEventListener('abort', stop)
    if (signal?.aborted) stop()
    const stream = await Promise.race([isTls ? secured(socket, bareHost(url)) : plain(dialled), late.promise])
    progress.wasSent = true
    return await Promise.race([exchange(stream, call), late.promise])
  } finally {
    signal?.removeEventListener('abort', stop)
    socket.destroy()
  }
}

/** How a failed request ends a delivery. */
export function deliveryOf(error: unknown): Exclude<Delivery, { outcome: 'delivered' }> {
  const { code, message, hint, retryable, retryAfterMs, facts } = toBhorError(error)
  if (!retryable) return { outcome: 'refused', code, text: message, hint }
  return {
    outcome: 'retry',
    code,
    text: message,
    ...(retryAfterMs === undefined ? {} : { afterMs: retryAfterMs }),
    ...(facts.mayHaveIt === true ? { mayHaveIt: true } : {}),
  }
}

/** What a status says where the receiver has no words of its own. Undefined for one that says that all is well. */
export function faultOf({ status, headers }: HttpAnswer): BhorError | undefined {
  if (status >= 200 && status < 300) return undefined
  const said = `The receiver answers ${status}.`
  if (status >= 300 && status < 400)
    return new BhorError('channel_redirect', `${said} bhor follows no redirect.`)
  if (status === 401 || status === 407) return new BhorError('channel_login_refused', said)
  if (status === 429 || status === 408 || status >= 500)
    return new BhorError('channel_unavailable', said, retryAfter(headers['retry-after']))
  return new BhorError('channel_receiver_refused', said)
}

export function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

/** A receiver that is away asks for no pause at all at times: nobody would give it one. */
const leastWaitMs = 1_000
const mostWaitMs = 60 * 60_000

function retryAfter(text: string | undefined): { retryAfterMs?: number } {
  return text !== undefined && /^\d{1,6}$/.test(text)
    ? { retryAfterMs: Math.min(Math.max(Number(text) * 1000, leastWaitMs), mostWaitMs) }
    : {}
}

/** What is not protected stays in a network of one's own. */
async function plain({ socket, isPublic }: Dialled): Promise<Socket> {
  if (!isPublic) return socket
  throw new BhorError(
    'channel_unprotected',
    'The address begins with http://, and whoever is on the way could read along.',
    {
      hint: 'Write https://.',
    },
  )
}

function secured(socket: Socket, host: string): Promise<TLSSocket> {
  const { connect } = process.getBuiltinModule('node:tls')
  const isAddress = process.getBuiltinModule('node:net').isIP(host) !== 0
  return new Promise((resolve, reject) => {
    const tls = connect({ socket, host, servername: isAddress ? '' : host, ALPNProtocols: ['http/1.1'] })
    tls.once('secureConnect', () => resolve(tls))
    tls.on('error', (error: NodeJS.ErrnoException) => reject(certificateFault(error)))
  })
}

/** What is wrong with the other side’s certificate, or with the line. Of a mail server only OpenSSL’s words come through. */
export function certificateFault({ code = '', message }: NodeJS.ErrnoException): BhorError {
  if (code === 'CERT_HAS_EXPIRED' || /certificate has expired/i.test(message))
    return new BhorError('channel_unprotected', 'The receiver’s certificate has expired.')
  if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS/.test(code) || /certificate/i.test(message))
    return new BhorError(
      'channel_unprotected',
      'The receiver’s certificate is not one that this computer trusts.',
    )
  return /SSL|TLS|EPROTO/.test(code) || /SSL routines|wrong version number/i.test(message)
    ? new BhorError('channel_unprotected', 'The receiver does not speak TLS at this port.')
    : unavailable('The connection to the receiver broke off.', false)
}

function exchange(stream: Socket, { method, url, headers, body }: HttpCall): Promise<HttpAnswer> {
  const { request } = process.getBuiltinModule('node:http')
  return new Promise((resolve, reject) => {
    const broken = () => reject(unavailable('The connection to the receiver broke off.', true))
    const sent = request({
      method,
      path: `${url.pathname}${url.search}`,
      headers: {
        'user-agent': 'bhor',
        ...headers,
        host: url.host,
        ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      },
      createConnection: () => stream,
    })
    sent.on('error', broken)
    sent.on('upgrade', broken)
    sent.on('response', (response) => {
      read(response).then(resolve, reject)
    })
    sent.end(body)
  })
}

async function read(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > longestAnswerBytes) throw unavailable('The receiver answers without an end.', true)
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof BhorError ? error : unavailable('The connection to the receiver broke off.', true)
  }
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(response.headers))
    if (typeof value === 'string') headers[name] = value
  return { status: response.statusCode ?? 0, headers, text: Buffer.concat(chunks).toString('utf8') }
}

function unavailable(text: string, mayHaveIt: boolean): BhorError {
  return new BhorError('channel_unavailable', text, mayHaveIt ? { facts: { mayHaveIt } } : {})
}
