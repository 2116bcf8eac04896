// biome-ignore lint/suspicious/noTsIgnore: whoever has not installed it does without its types, here and in what is published
/** @ts-ignore */
import type { Connect } from 'kiteconnect'
import type { CallKind, HandOut } from '../contracts/api.ts'
import type { Bhor, CallFailure } from '../contracts/client.ts'
import { official } from './official.ts'

export { type KiteStream, type KiteStreamOptions, kiteTicker } from './kite-ticker.ts'

export interface KiteOptions {
  /** How long the client waits for an answer; its own seven seconds when left out. */
  readonly timeoutMs?: number
}

/** The one method of the official client through which every request goes. */
type Request = (route: string, method: string, ...rest: unknown[]) => Promise<unknown>
interface Inside {
  api_key: string
  access_token: string | null
  root: string
  readonly requestInstance: { readonly defaults: { baseURL?: string } }
  request: Request
}
interface Sdk {
  readonly KiteConnect: new (params: Readonly<Record<string, unknown>>) => Connect
}

/** Those of the login need no session, and make none here: bhor logs in. */
const ofLogin = /^api\.token/
const kinds: readonly (readonly [RegExp, CallKind])[] = [
  [/^market\.quote/, 'quote'],
  [/^market\.historical/, 'historical'],
]

/**
 * The official client of Kite Connect for an account, from the package `kiteconnect` that the user has installed. It
 * follows new sessions by itself: every call goes with the one that counts when it is sent, keeps to Kite's limits, and is
 * done again where that is safe; see `Bhor.withSession`.
 *
 * @param bhor of `openBhor()` or of `connect()`
 * @throws BhorError `sdk_missing`, `session_…`
 *
 * @example
 * ```ts
 * const client = await kite(bhor, 'personal')
 * console.log((await client.getProfile()).user_name)
 * ```
 */
export async function kite(bhor: Bhor, account: string, options: KiteOptions = {}): Promise<Connect> {
  const sdk = await official<Sdk>('kiteconnect', () => import('kiteconnect'))
  const first = await bhor.session(account)
  const { timeoutMs } = options
  const client = new sdk.KiteConnect({
    api_key: first.apiKey,
    root: first.baseUrl,
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
  })
  const inside = client as unknown as Inside
  const use = ({ apiKey, accessToken, baseUrl }: HandOut) => {
    inside.api_key = apiKey
    inside.access_token = accessToken
    inside.root = baseUrl
    inside.requestInstance.defaults.baseURL = baseUrl
  }
  use(first)
  const send: Request = inside.request.bind(client)
  inside.request = (route, method, ...rest) => {
    if (ofLogin.test(route)) return send(route, method, ...rest)
    const call = (session: HandOut) => {
      // It reads them before it gives way: no other call comes between.
      use(session)
      return send(route, method, ...rest)
    }
    return bhor.withSession(account, call, { kind: kindOf(route, method), failureOf })
  }
  return client
}

function kindOf(route: string, method: string): CallKind {
  const [, kind] = kinds.find(([pattern]) => pattern.test(route)) ?? []
  if (kind) return kind
  // Margins and contract notes are computed from what is posted.
  return method === 'GET' || route.startsWith('order.margins') || route === 'order.contract_note'
    ? 'read'
    : 'order'
}

/** The client throws the body of the answer, without its status, and words of its own where there was none. */
function failureOf(thrown: unknown): CallFailure | undefined {
  const { error_type: type, message } = thrown as { error_type?: unknown; message?: unknown }
  const words = typeof message === 'string' ? message : ''
  if (type === 'TokenException') {
    const body = JSON.stringify({ status: 'error', error_type: type, message: words })
    return { kind: 'refused', status: 403, body }
  }
  if (type !== 'NetworkException') return undefined
  if (/too many requests/i.test(words)) return { kind: 'throttled' }
  const [, code] = /^No response from server with error code: (\w+)/.exec(words) ?? []
  return { kind: code !== undefined && neverSent.has(code) ? 'not sent' : 'unknown' }
}

const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])
