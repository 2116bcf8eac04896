import { clientEnvironment, socketPath } from '../config/home.ts'
import { BhorError } from '../core/errors.ts'
import { type ApiClient, exchange, isNobodyThere, readReply } from './wire.ts'

/** Reaches the desk: the one that BHOR_URL names, else this user's server, else none. */
export async function connectToServer(home?: string): Promise<ApiClient | undefined> {
  const environment = clientEnvironment()
  if (environment.url !== undefined && home === undefined) return overUrl(environment.url, environment.key)
  const path = socketPath(home ?? environment.home)
  const isThere = await exchange({ path }, 'GET', '/healthz').then(
    () => true,
    (error: unknown) => {
      if (isNobodyThere(error)) return false
      throw error
    },
  )
  if (!isThere) return undefined
  return {
    where: 'socket',
    request: async (method, target, body) => readReply(await exchange({ path }, method, target, { body })),
    async [Symbol.asyncDispose]() {},
  }
}

function overUrl(address: string, key: string | undefined): ApiClient {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw new BhorError('config_invalid', 'BHOR_URL is not an http address.')
  if (key === undefined) throw new BhorError('key_missing', 'BHOR_URL is set, but BHOR_KEY is not.')
  return {
    where: 'url',
    async request(method, target, body) {
      try {
        if (url.protocol === 'https:') return await overTls(url, key, method, target, body)
        const host = url.hostname.replace(/^\[|\]$/g, '')
        return readReply(await exchange({ host, port: Number(url.port || 80) }, method, target, { body, key }))
      } catch (error) {
        if (isNobodyThere(error)) throw new BhorError('server_unreachable', `No bhor server answers at ${url.origin}.`)
        throw error
      }
    },
    async [Symbol.asyncDispose]() {},
  }
}

async function overTls(url: URL, key: string, method: string, target: string, body: unknown): Promise<unknown> {
  const { systemNet } = await import('../net/system.ts')
  const { status, text } = await systemNet.send({
    method: method as 'GET',
    url: url.origin + target,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeoutMs: 30_000,
  })
  return readReply({ status, text })
}
