import { createRequire } from 'node:module'
import type { CallKind, HandOut } from '../contracts/api.ts'
import type { Bhor } from '../contracts/client.ts'
import { official } from './official.ts'

type Done = (error: unknown, data?: unknown, response?: unknown) => void
/** Path, method, parameters of path and query, headers, form, body, names of authentications, content types, accepts, type. */
type CallParts = readonly [path: string, method: string, ...rest: unknown[]]

/** An `ApiClient` of `upstox-js-sdk`, to be given to its Api classes; the package itself has no types. */
export interface UpstoxClient {
  basePath: string
  orderBasePath: string
  readonly authentications: { readonly OAUTH2: { accessToken?: string } }
  callApi(...call: [...CallParts, Done | undefined]): unknown
}
interface Sdk {
  readonly ApiClient: new () => UpstoxClient
}

/**
 * The official client of Upstox for an account, from the package `upstox-js-sdk` that the user has installed. It follows
 * new sessions by itself: every call goes with the one that counts when it is sent, keeps to Upstox' limits, and is done
 * again where that is safe; see `Bhor.withSession`. Its callbacks get what they get from the official client, or bhor's
 * error where there is no session.
 *
 * Give it to each Api class: the package keeps the client that was made last as the one for all that are given none.
 * Its streamers take the token of that one, too, but go to the real broker whatever the account.
 *
 * @param bhor of `openBhor()` or of `connect()`
 * @throws BhorError `sdk_missing`, `session_…`
 *
 * @example
 * ```ts
 * const client = await upstox(bhor, 'personal')
 * new UpstoxClient.UserApi(client).getProfile('2.0', (error, data) => console.log(error ?? data))
 * ```
 */
export async function upstox(bhor: Bhor, account: string): Promise<UpstoxClient> {
  const { ApiClient } = await official<Sdk>('upstox-js-sdk', async () =>
    createRequire(import.meta.url)('upstox-js-sdk'),
  )
  const client = new ApiClient()
  const use = ({ accessToken, hosts }: HandOut) => {
    client.authentications.OAUTH2.accessToken = accessToken
    client.basePath = hosts.api ?? client.basePath
    client.orderBasePath = hosts.orders ?? client.orderBasePath
  }
  use(await bhor.session(account))
  // The streamers do not call: they read the token when they connect.
  bhor.on('session.started', (told) => {
    if (told.account === account) void bhor.session(account).then(use, () => {})
  })
  const send = client.callApi.bind(client)
  client.callApi = (...call) => {
    const done = call.at(-1) as Done | undefined
    const parts = call.slice(0, -1) as unknown as CallParts
    if (ofLogin.test(parts[0])) return send(...call)
    const sent = (session: HandOut) => {
      // It reads them before it gives way: no other call comes between.
      use(session)
      return new Promise<readonly [unknown, unknown]>((resolve, reject) => {
        send(...parts, (error, data, response) => (error ? reject(error) : resolve([data, response])))
      })
    }
    void told(bhor.withSession(account, sent, { kind: kindOf(parts) }), done)
    return undefined
  }
  return client
}

async function told(calling: Promise<readonly [unknown, unknown]>, done: Done | undefined): Promise<void> {
  let outcome: Parameters<Done>
  try {
    outcome = [null, ...(await calling)]
  } catch (error) {
    outcome = [error, null, (error as { response?: unknown } | null)?.response]
  }
  done?.(...outcome)
}

/** Those of the login need no session, and make none here: bhor logs in. */
const ofLogin = /\/login\//

/** Margins and the like are computed from what is posted. */
function kindOf([path, method]: CallParts): CallKind {
  return method.toUpperCase() === 'GET' || /\/(charges|margin)\b/.test(path) ? 'read' : 'order'
}
