import { deskAddress } from '../config/desk-address.ts'
import { clientEnvironment, socketPath } from '../config/home.ts'
import { refuseOtherHandsOn } from '../config/other-hands.ts'
import type { NetError } from '../contracts/net.ts'
import { BhorError } from '../core/errors.ts'
import { type ApiClient, exchange, isNobodyThere, readReply } from './wire.ts'

/** The desk to talk to: the one that BHOR_URL names, else this user's own server, whether it runs or not. */
export function serverClient(): ApiClient {
  const { home, url, key } = clientEnvironment()
  if (url !== undefined) return overUrl(url, key)
  const path = socketPath(home)
  // Before anything is sent: who could have put another socket here, could read API secrets.
  refuseOtherHandsOn(path, `The socket ${path}`)
  return overSocket(path)
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

function overSocket(path: string): ApiClient {
  return {
    where: 'socket',
    async request(method, target, body) {
      try {
        return readReply(await exchange({ path }, method, target, { body }))
      } catch (error) {
        if (!isClosedToUs(error)) throw error
        throw new BhorError('server_unreachable', `The bhor server at unix:${path} is another user’s.`, {
          hint: 'Run this as that user, or set BHOR_HOME.',
        })
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
  return {
    where: 'url',
    async request(method, target, body) {
      try {
        if (url.protocol === 'https:') return await overTls(url, key, method, target, body)
        const host = url.hostname.replace(/^\[|\]$/g, '')
        return readReply(
          await exchange({ host, port: Number(url.port || 80) }, method, target, { body, key }),
        )
      } catch (error) {
        const why = (error as Partial<NetError>).reason
        if (why === undefined && !isNobodyThere(error)) throw error
        throw new BhorError('server_unreachable', `No bhor server answers at ${url.origin}.`, {
          ...(why === 'tls' ? { hint: 'The certificate there is not accepted.' } : {}),
        })
      }
    },
    async [Symbol.asyncDispose]() {},
  }
}

async function overTls(
  url: URL,
  key: string,
  method: string,
  target: string,
  body: unknown,
): Promise<unknown> {
  const { systemNet } = await import('../net/system.ts')
  const { status, text } = await systemNet.send({
    method: method as 'GET',
    url: url.origin + target,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeoutMs: 30_000,
  })
  return readReply({ status, text })
}
