import type { Egress } from '../../src/contracts/net.ts'
import { tryParseJson } from '../../src/core/json.ts'
import type { Answer } from '../../src/simulator/answer.ts'
import type { Call } from '../../src/simulator/call.ts'
import { adapters } from './brokers.ts'
import type { Life } from './life.ts'
import type { CallWatch, Sent } from './network.ts'
import { holds } from './violation.ts'

interface Flight {
  readonly life: Life
  readonly sentAtMs: number
}

interface Grant {
  readonly code: string
  readonly isOnce: boolean
}

/** After this long nobody can be at an exchange any more, whatever has become of its process. */
const flightMs = 24_000

/** What in a call is good for one session: the code of a login, or the token of a renewal. */
function grantIn(broker: string, { method, path, fields }: Call): Grant | undefined {
  const text = (name: string) => (typeof fields[name] === 'string' ? (fields[name] as string) : '')
  switch (`${method} ${broker}${path}`) {
    case 'POST kite/session/token':
      return { code: text('request_token'), isOnce: true }
    case 'POST upstox/v2/login/authorization/token':
      return { code: text('code'), isOnce: true }
    case 'POST kite/session/refresh_token':
      return { code: text('refresh_token'), isOnce: false }
    case 'POST angel/rest/auth/angelbroking/jwt/v1/generateTokens':
      return { code: text('refreshToken'), isOnce: false }
    case 'POST angel/rest/auth/angelbroking/user/v1/loginByPassword':
      return { code: `login of ${text('clientcode')}`, isOnce: false }
    default:
      return undefined
  }
}

/** What the calls are held against. */
export interface Around {
  /** Whose code that is. */
  accountOf(code: string): string | undefined
  /** The name of the account that holds this access token for live. */
  holderOf(token: string): string | undefined
  /** The only source address by which calls with this app may leave. */
  wayOf(broker: string, apiKey: string): string | undefined
}

/** That a token is refused, and that it is not sent again, are one commit. */
const mostRefusals = 1

/** The app by which a call is made, where it says so. */
function apiKeyIn({ headers, fields, query }: Call): string | undefined {
  const [, ofKite] = /^token ([^:]+):/.exec(headers.authorization ?? '') ?? []
  const named = [headers['x-privatekey'], ofKite, fields.api_key, fields.client_id, query.get('api_key')]
  return named.find((key) => typeof key === 'string') as string | undefined
}

/** Sees every call to a broker: one exchange of an account at a time, and a code once. */
export class Calls implements CallWatch {
  sentCalls = 0
  exchanges = 0
  readonly #flights = new Map<string, Flight>()
  /** Which codes a broker has seen, and of which sending. */
  readonly #seen = new Map<string, object>()
  readonly #around: Around
  /** By refresh token: the processes that have heard that the broker refuses it. */
  readonly #refused = new Map<string, Life[]>()
  /** By account: how often somebody has asked for a renewal, or given a reason for one. */
  readonly #pressed = new Map<string, number>()

  constructor(around: Around) {
    this.#around = around
  }
  /** Somebody asks for a renewal, or has corrected what it is made with. */
  pressed(accountId: string): void {
    this.#pressed.set(accountId, (this.#pressed.get(accountId) ?? 0) + 1)
  }
  sent(life: Life, broker: string, call: Call, egress: Egress | undefined): Sent {
    this.sentCalls++
    const way = this.#around.wayOf(broker, apiKeyIn(call) ?? '')
    holds(
      way === undefined || (egress !== undefined && 'from' in egress && egress.from === way),
      () => `EGRESS ${life.name} ${call.method} ${broker}${call.path} did not leave by ${way}`,
    )
    if (/logout|^\/session\/token$/.test(call.path) && call.method !== 'GET') this.#logout(life, broker, call)
    const grant = grantIn(broker, call)
    if (!grant) return { arrived() {}, heard() {}, over() {} }
    this.exchanges++
    const { code, isOnce } = grant
    const account = this.#around.accountOf(code) ?? code
    const other = this.#flights.get(account)
    const { nowMs } = life.timeline
    holds(
      !other || other.life.isOver || nowMs - other.sentAtMs > flightMs,
      () => `I4 ${life.name} and ${other?.life.name} are both at an exchange of ${account}`,
    )
    const flight = { life, sentAtMs: nowMs }
    this.#flights.set(account, flight)
    return {
      arrived: () => {
        const before = this.#seen.get(code)
        holds(!isOnce || !before || before === flight, () => `I4 a code of ${account} was sent twice`)
        this.#seen.set(code, flight)
      },
      heard: (answer) => this.#heard(life, broker, account, grant, answer),
      over: () => {
        if (this.#flights.get(account) === flight) this.#flights.delete(account)
      },
    }
  }
  /** What bhor holds for live it does not log out: who wants that has it ended here first. */
  #logout(life: Life, broker: string, { headers, query, method }: Call): void {
    if (method === 'POST' && broker === 'kite') return
    const token = query.get('access_token') ?? (headers.authorization ?? '').split(/[ :]/).at(-1) ?? ''
    const holder = this.#around.holderOf(token)
    holds(holder === undefined, () => `I1 ${life.name} logs out the session that ${holder} holds for live`)
  }
  #heard(
    life: Life,
    broker: string,
    account: string,
    { code, isOnce }: Grant,
    { status, headers, body }: Answer,
  ): void {
    if (isOnce || code.startsWith('login of ')) return
    const reply = { status, headers, text: body, json: tryParseJson(body) }
    if (adapters[broker]!.classify(reply, 'renewal').kind !== 'bad_grant') return
    // One that has died since may have had no time to write it down.
    const before = this.#refused.get(code) ?? []
    const refused = before.filter((one) => !one.isOver).length + 1
    this.#refused.set(code, [...before, life])
    holds(
      refused <= mostRefusals + (this.#pressed.get(account) ?? 0),
      () => `I9 a refresh token of ${account} was refused ${refused} times, and is sent again and again`,
    )
  }
}
