import { version } from '../app/version.ts'
import { BhorError, type ErrorCode, errorTable } from '../core/errors.ts'

// Not imported: the ESM imports of node:net and node:http cost more than the whole rest of a `bhor token`.
const net = process.getBuiltinModule('node:net')

/** The desk's API as the command line uses it, wherever it is. */
export interface ApiClient extends AsyncDisposable {
  /** `socket`: a server of this user. `url`: BHOR_URL. `here`: no server runs, this process does the work. */
  readonly where: 'socket' | 'url' | 'here'
  /** The answer's JSON; undefined for 204. @throws BhorError with the server's own code */
  request(method: string, path: string, body?: unknown): Promise<unknown>
}

export interface Reply {
  readonly status: number
  readonly text: string
}

/** What the server said, or its problem as the error that it is. */
export function readReply({ status, text }: Reply): unknown {
  if (status >= 200 && status < 300) return text === '' ? undefined : parsedAnswer(text)
  const problem = parsedProblem(text)
  const code = problem && Object.hasOwn(errorTable, problem.code) ? problem.code : 'server_unreachable'
  throw new BhorError(code, problem?.detail ?? `The server answered with HTTP ${status}.`, {
    ...(problem ? { hint: problem.hint } : {}),
    ...(problem?.facts ? { facts: problem.facts } : {}),
  })
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
  try {
    const problem = JSON.parse(text) as ParsedProblem
    return typeof problem?.code === 'string' ? problem : undefined
  } catch {
    return undefined
  }
}

/** A broker that is slow takes up to 30 s, waiting for news 25 s. */
const answerWithinMs = 60_000

/** The errors of a connection that say: nobody is there. */
export function isNobodyThere(error: unknown): boolean {
  return ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'ENOTDIR', 'EINVAL', 'ENAMETOOLONG'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  )
}

/**
 * One HTTP/1.1 request over a Unix socket or loopback TCP, on a connection of its own. Small on purpose: `bhor token`
 * runs in front of every script.
 */
export function exchange(
  where: { readonly path: string } | { readonly host: string; readonly port: number },
  method: string,
  path: string,
  options: { readonly body?: unknown; readonly key?: string | undefined; readonly timeoutMs?: number } = {},
): Promise<Reply> {
  const body = options.body === undefined ? '' : JSON.stringify(options.body)
  const hostHeader =
    'path' in where ? 'bhor' : `${where.host.includes(':') ? `[${where.host}]` : where.host}:${where.port}`
  const head = [
    `${method} ${path} HTTP/1.1`,
    `host: ${hostHeader}`,
    'connection: close',
    `bhor-version: ${version}`,
    ...(options.key === undefined ? [] : [`authorization: Bearer ${options.key}`]),
    ...(body === '' ? [] : ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`]),
  ]
  return new Promise((resolve, reject) => {
    // Not ended: Node's server would take a half-closed connection for a caller who has gone.
    let isConnected = false
    const socket = net.connect(where, () => {
      isConnected = true
      socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
    })
    let answer = ''
    // One character a byte: the cut between two chunks can go through the middle of one.
    socket.setEncoding('latin1')
    socket.setTimeout(options.timeoutMs ?? answerWithinMs, () => {
      socket.destroy()
      reject(new BhorError('server_unreachable', 'The server is there, but does not answer.'))
    })
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', (error) => {
      // Before the connection stands, whoever asked makes sense of it; after it, the server has gone.
      if (!isConnected) reject(error)
      else reject(new BhorError('server_unreachable', 'The server broke off its answer.', { cause: error }))
    })
    socket.on('end', () => {
      const reply = parseReply(answer)
      if (reply) resolve(reply)
      else reject(new BhorError('server_unreachable', 'The server broke off its answer.'))
    })
  })
}

function parseReply(answer: string): Reply | undefined {
  const end = answer.indexOf('\r\n\r\n')
  const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)
  if (end < 0 || !status) return undefined
  const head = answer.slice(0, end)
  const rest = answer.slice(end + 4)
  const bytes = Buffer.from(rest, 'latin1')
  const body = /\r\ntransfer-encoding: chunked/i.test(head) ? joinChunks(bytes) : bytes
  return body && { status: Number(status[1]), text: body.toString('utf8') }
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
