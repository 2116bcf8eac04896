import { deskAddress } from '../config/desk-address.ts'
import { clientEnvironment, socketPath } from '../config/home.ts'
import { refuseOtherHandsOn } from '../config/other-hands.ts'
import type { NetError, NetRequest } from '../contracts/net.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import { proofQuestion } from './server-proof.ts'
import { streamed } from './stream.ts'
import { type ApiClient, exchange, isNobodyThere, proofFault, type Question, readReply } from './wire.ts'

/** The desk to talk to: the one that BHOR_URL names, else this user's own server, whether it runs or not. */
export function serverClient(): ApiClient {
  const { home, url, key } = clientEnvironment()
  if (url !== undefined) return overUrl(url, key)
  const path = socketPath(home)
  // Before anything is sent: who could have put another socket here, could read API secrets.
  refuseOtherHandsOn(path, `The socket ${path}`)
  return socketClient(path)
}

/** The same, but only if it answers. */
export async function runningServer(): Promise<ApiClient | undefined> {
  const client = serverClient()
  if (client.where === 'url') return client
  try {
    await client.request('GET', '/healthz')
    return client
  } catch (error) {
    if (isNobodyThere(error)) return undefined
    throw error
  }
}

/** The server that a command cannot do without. @throws BhorError `server_unreachable` */
export async function neededServer(): Promise<ApiClient> {
  const server = await runningServer()
  if (server) return server
  throw nobodyAt(socketPath(clientEnvironment().home))
}

function nobodyAt(path: string, cause?: unknown): BhorError {
  const text = `No bhor server at unix:${path}.`
  return new BhorError('server_unreachable', text, cause === undefined ? {} : { cause })
}

/** The server that listens at this socket. */
export function socketClient(path: string): ApiClient {
  const inOurWords = (cause: unknown) => {
    if (isClosedToUs(cause))
      return new BhorError('server_unreachable', `The bhor server at unix:${path} is another user’s.`, {
        hint: 'Run this as that user, or set BHOR_HOME.',
        cause,
      })
    return isNobodyThere(cause) ? nobodyAt(path, cause) : cause
  }
  return {
    where: 'socket',
    async request(method, target, body, signal) {
      try {
        return readReply(await exchange({ path }, method, target, { body, signal }))
      } catch (error) {
        throw inOurWords(error)
      }
    },
    async *stream(target, options) {
      try {
        yield* streamed({ path }, target, options)
      } catch (error) {
        throw inOurWords(error)
      }
    },
    async [Symbol.asyncDispose]() {},
  }
}

function isClosedToUs(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')
}

function overUrl(address: string, key: string | undefined): ApiClient {
  const url = deskAddress(address)
  if (key === undefined) throw new BhorError('key_missing', 'BHOR_URL is set, but BHOR_KEY is not.')
  if (!/^bhor_[A-Za-z0-9_-]{43}$/.test(key))
    throw new BhorError('key_malformed', `BHOR_KEY is not a client key (${key.length} characters).`)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isTls = url.protocol === 'https:'
  const nobody = (isCertificate = false) =>
    new BhorError('server_unreachable', `No bhor server answers at ${url.origin}.`, {
      ...(isCertificate ? { hint: 'The certificate there is not accepted.' } : {}),
    })
  return {
    where: 'url',
    async request(method, target, body, signal) {
      const question = proofQuestion(key, url.origin)
      try {
        if (isTls) return await overTls(url, { key, question, method, target, body })
        const where = { host, port: Number(url.port || 80) }
        return readReply(await exchange(where, method, target, { body, key, question, signal }))
      } catch (error) {
        const why = (error as Partial<NetError>).reason
        if (why === undefined && !isNobodyThere(error)) throw error
        throw nobody(why === 'tls')
      }
    },
    async *stream(target, options) {
      const port = Number(url.port || (isTls ? 443 : 80))
      try {
        yield* streamed({ host, port, ...(isTls ? { isTls } : {}) }, target, {
          ...options,
          key,
          question: proofQuestion(key, url.origin),
        })
      } catch (error) {
        if (isBhorError(error)) throw error
        throw nobody(/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test((error as NodeJS.ErrnoException).code ?? ''))
      }
    },
    async [Symbol.asyncDispose]() {},
  }
}

/** Each connection proves by its certificate whose it is, so the question need not be asked on the same one. */
async function overTls(
  url: URL,
  request: {
    readonly key: string
    readonly question: Question
    readonly method: string
    readonly target: string
    readonly body: unknown
  },
): Promise<unknown> {
  const { key, question, method, target, body } = request
  const { systemNet } = await import('../net/system.ts')
  const send = (more: Pick<NetRequest, 'method' | 'headers'> & { target: string; body?: string }) => {
    const { target, ...rest } = more
    return systemNet.send({ ...rest, url: url.origin + target, timeoutMs: 30_000 })
  }
  const fault = proofFault(question, await send({ method: 'GET', target: question.target, headers: {} }))
  if (fault) throw fault
  const { status, text } = await send({
    method: method as 'GET',
    target,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return readReply({ status, text })
}
