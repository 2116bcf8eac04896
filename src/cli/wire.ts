import type { Socket } from 'node:net'
import { version } from '../app/version.ts'
import { BhorError, type ErrorCode, errorTable } from '../core/errors.ts'

// Not imported: the ESM imports of node:net and node:http cost more than the whole rest of a `bhor token`.
const net = process.getBuiltinModule('node:net')

/** The desk's API as the command line uses it, wherever it is. */
export interface ApiClient extends AsyncDisposable {
  /** `socket`: a server of this user. `url`: BHOR_URL. `here`: no server runs, this process does the work. */
  readonly where: 'socket' | 'url' | 'here'
  /** The answer's JSON; undefined for 204. @throws BhorError with the server's own code */
  request(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<unknown>
  /** An answer that goes on, as it comes; it ends when the server ends it. @throws BhorError with the server's own code */
  stream(path: string, options: StreamOptions): AsyncGenerator<string, void>
}

export interface StreamOptions {
  /** More headers of the request. */
  readonly headers?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

interface TlsPlace {
  readonly host: string
  readonly port: number
  readonly isTls: true
}
/** Where a server answers. */
export type Where = { readonly path: string } | Omit<TlsPlace, 'isTls'> | TlsPlace

export interface Reply {
  readonly status: number
  readonly text: string
}

/** What the server said, or its problem as the error that it is. */
export function readReply({ status, text }: Reply): unknown {
  if (status >= 200 && status < 300) return text === '' ? undefined : parsedAnswer(text)
  const problem = parsedProblem(text)
  throw new BhorError(
    codeOf(text) ?? 'server_unreachable',
    problem?.detail ?? `The server answered with HTTP ${status}.`,
    {
      ...(problem ? { hint: problem.hint } : {}),
      ...(problem?.facts ? { facts: problem.facts } : {}),
    },
  )
}

function parsedAnswer(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BhorError('server_unreachable', 'The server broke off its answer.')
  }
}

interface ParsedProblem {
  readonly code: ErrorCode
  readonly detail: string
  readonly hint: string
  readonly facts?: Record<string, string | number | boolean>
}

function parsedProblem(text: string): ParsedProblem | undefined {
  const problem = jsonOf(text) as ParsedProblem | null
  return typeof problem?.code === 'string' ? problem : undefined
}

/** null for what is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** A broker that is slow takes up to 30 s, waiting for news 25 s. */
const answerWithinMs = 60_000

/** The errors of a connection that say: nobody is there. Also as the cause of one in our words. */
export function isNobodyThere(error: unknown): boolean {
  const { code = '' } = ((error as Error).cause ?? error) as NodeJS.ErrnoException
  return ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'ENOTDIR', 'EINVAL', 'ENAMETOOLONG'].includes(code)
}

/** What only a server that knows the key can answer. */
export interface Question {
  readonly target: string
  /** The `proof` of the right answer. */
  readonly answer: string
}

export interface ExchangeOptions {
  readonly body?: unknown
  readonly key?: string | undefined
  /** Asked first, on the same connection: without the right answer nothing else is sent. */
  readonly question?: Question
  readonly timeoutMs?: number
  readonly signal?: AbortSignal | undefined
}

/**
 * One HTTP/1.1 request over a Unix socket or loopback TCP, on a connection of its own. Small on purpose: `bhor token`
 * runs in front of every script.
 *
 * @throws BhorError `server_unreachable`, `server_unproven`; the system's own error where nobody listens
 */
export function exchange(
  where: Where,
  method: string,
  path: string,
  { body, key, question, signal, timeoutMs = answerWithinMs }: ExchangeOptions = {},
): Promise<Reply> {
  const text = body === undefined ? '' : JSON.stringify(body)
  const bodyHeaders = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
  }
  const request = headOf(where, method, path, key, text === '' ? {} : bodyHeaders)
  return new Promise((resolve, reject) => {
    // Not ended: Node's server would take a half-closed connection for a caller who has gone.
    let isConnected = false
    let asked = question
    const fail = (error: BhorError) => {
      socket.destroy()
      reject(error)
    }
    const socket = net.connect(where, () => {
      isConnected = true
      socket.write(asked ? questionOf(where, asked) : `${request}${text}`)
    })
    signal?.addEventListener('abort', () => {
      socket.destroy()
      reject(new BhorError('cancelled', 'Nobody waits for the answer any more.'))
    })
    let answer = ''
    // One character a byte: the cut between two chunks can go through the middle of one.
    socket.setEncoding('latin1')
    socket.setTimeout(timeoutMs, () =>
      fail(new BhorError('server_unreachable', 'The server is there, but does not answer.')),
    )
    socket.on('data', (chunk) => {
      answer += chunk
      if (!asked) return
      const reply = parseReply(answer, false)
      if (!reply && answer.length < longestProof) return
      const fault = proofFault(asked, reply)
      if (fault) return fail(fault)
      asked = undefined
      answer = ''
      socket.write(`${request}${text}`)
    })
    socket.on('error', (error) => {
      // Before the connection stands, whoever asked makes sense of it; after it, the server has gone.
      if (!isConnected) reject(error)
      else reject(new BhorError('server_unreachable', 'The server broke off its answer.', { cause: error }))
    })
    socket.on('end', () => {
      const reply = parseReply(answer, true)
      const fault = asked && reply && proofFault(asked, reply)
      if (fault) fail(fault)
      else if (reply && !asked) resolve(reply)
      else reject(new BhorError('server_unreachable', 'The server broke off its answer.'))
    })
  })
}

/** Longer than any answer of ours to the question. */
export const longestProof = 16 * 1024

/** Why the key is not sent; undefined after the right answer. Nothing that an unproven server says is repeated. */
export function proofFault(question: Question, reply: Reply | undefined): BhorError | undefined {
  const said = reply?.status === 200 ? (jsonOf(reply.text) as { proof?: unknown } | null) : null
  if (said?.proof === question.answer) return undefined
  const code = reply && (reply.status >= 500 || reply.status === 429) && codeOf(reply.text)
  return new BhorError(code || 'server_unproven')
}

function codeOf(text: string): ErrorCode | undefined {
  const code = parsedProblem(text)?.code
  return code !== undefined && Object.hasOwn(errorTable, code) ? code : undefined
}

/** The first lines of a request. */
export function headOf(
  where: Where,
  method: string,
  path: string,
  key: string | undefined,
  headers: Readonly<Record<string, string>>,
): string {
  const host =
    'path' in where ? 'bhor' : `${where.host.includes(':') ? `[${where.host}]` : where.host}:${where.port}`
  const all = {
    host,
    connection: 'close',
    'bhor-version': version,
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}

/** The question by which a server proves itself; the connection stays for what comes behind it. */
export function questionOf(where: Where, { target }: Question): string {
  return headOf(where, 'GET', target, undefined, { connection: 'keep-alive' })
}

/** A connection to a server, over TLS with its certificate checked where that is asked for. */
export function connected(where: Where): Socket {
  if (!isTls(where)) return net.connect(where)
  const { host, port } = where
  const name = net.isIP(host) === 0 ? { servername: host } : {}
  return process.getBuiltinModule('node:tls').connect({ host, port, ...name })
}

export function isTls(where: Where): where is TlsPlace {
  return 'isTls' in where
}

/** @param hasEnded the connection did: a body without a length is whole */
export function parseReply(answer: string, hasEnded: boolean): Reply | undefined {
  const end = answer.indexOf('\r\n\r\n')
  const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)
  if (end < 0 || !status) return undefined
  const head = answer.slice(0, end)
  const bytes = Buffer.from(answer.slice(end + 4), 'latin1')
  const body = bodyOf(head, bytes, hasEnded)
  return body && { status: Number(status[1]), text: body.toString('utf8') }
}

function bodyOf(head: string, bytes: Buffer, hasEnded: boolean): Buffer | undefined {
  if (/\r\ntransfer-encoding:[ \t]*chunked/i.test(head)) return joinChunks(bytes)
  const length = Number(/\r\ncontent-length:[ \t]*(\d+)/i.exec(head)?.[1] ?? Number.NaN)
  return hasEnded || bytes.length >= length ? bytes : undefined
}

function joinChunks(bytes: Buffer): Buffer | undefined {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const size = lineEnd < 0 ? Number.NaN : Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (Number.isNaN(size)) return undefined
    if (size === 0) return Buffer.concat(parts)
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
}
