import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

type Done = (error: Error | null, data?: unknown) => void

/** What of the official Kite client the tests call; its own types are CommonJS without an ES export. */
export interface KiteClient {
  getLoginURL(): string
  generateSession(requestToken: string, apiSecret: string): Promise<Record<string, unknown>>
  renewAccessToken(refreshToken: string, apiSecret: string): Promise<Record<string, unknown>>
  invalidateAccessToken(accessToken: string): Promise<unknown>
  getProfile(): Promise<Record<string, unknown>>
  getMargins(): Promise<Record<string, unknown>>
  getHoldings(): Promise<unknown[]>
  getPositions(): Promise<Record<string, unknown>>
  placeOrder(variety: string, order: Record<string, unknown>): Promise<{ order_id: string }>
  getOrders(): Promise<Record<string, unknown>[]>
}

/** kiteconnect, as a user constructs it. */
export function kiteClient(options: { api_key: string; access_token?: string; root: string }): KiteClient {
  const { KiteConnect } = require('kiteconnect') as { KiteConnect: new (options: unknown) => KiteClient }
  return new KiteConnect(options)
}

interface UpstoxApi {
  [method: string]: (...args: [...unknown[], Done]) => void
}

/** upstox-js-sdk on another host: it has no constructor option for it, so the base paths are set afterwards. */
export function upstoxClient(root: string, accessToken?: string) {
  const sdk = require('upstox-js-sdk') as Record<string, new (client: unknown) => UpstoxApi> & {
    ApiClient: new () => {
      basePath: string
      orderBasePath: string
      authentications: { OAUTH2: { accessToken?: string } }
    }
  }
  const client = new sdk.ApiClient()
  client.basePath = root
  client.orderBasePath = root
  if (accessToken !== undefined) client.authentications.OAUTH2.accessToken = accessToken
  const call = (api: string, method: string, ...args: unknown[]) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const instance = new sdk[api]!(client)
      instance[method]!(...args, (error, data) =>
        error ? reject(error) : resolve(data as Record<string, unknown>),
      )
    })
  return { call }
}

/**
 * pykiteconnect, played: it cannot be installed here. It joins its root and each route with Python's `urljoin`,
 * which drops a path from the root, as `URL` does with a path that starts with a slash.
 */
export function pykiteClient(options: { apiKey: string; accessToken?: string; root: string }) {
  const headers = {
    'user-agent': 'Kiteconnect-python/5.2.0',
    'x-kite-version': '3',
    ...(options.accessToken && { authorization: `token ${options.apiKey}:${options.accessToken}` }),
  }
  return async (method: string, route: string, params: Record<string, string> = {}) => {
    const url = new URL(route, options.root)
    const isForm = method === 'POST' || method === 'PUT'
    if (!isForm) for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value)
    const body = isForm ? new URLSearchParams(params) : null
    const response = await fetch(url, { method, headers, body, redirect: 'manual' })
    const { data, ...rest } = (await response.json()) as Record<string, unknown>
    return { httpStatus: response.status, data: data as Record<string, unknown>, ...rest }
  }
}
