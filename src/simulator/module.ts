import type { WallClock } from '../core/ist.ts'
import type { Answer } from './answer.ts'
import type { SimulatedApp } from './apps.ts'
import type { Call } from './call.ts'
import type { CallWindow } from './limits.ts'
import type { Params } from './routes.ts'
import type { SimulatedSession } from './sessions.ts'
import type { SimulatedUser } from './users.ts'
import type { LoginUnderway, World } from './world.ts'

/** What a broker refuses in its own words, whoever finds it: the frame or a fault. */
export type Refusal =
  | 'no_path'
  | 'no_method'
  | 'dead_token'
  | 'unknown_app'
  /** The person may not log in through this app. */
  | 'not_enabled'
  | 'rate_limited'
  /** Another address is registered. */
  | 'ip_refused'
  /** No address is registered. */
  | 'ip_unset'
  | 'closed_at_night'
  | 'unavailable'

/** One call on its way through the broker. */
export interface Visit {
  readonly world: World
  readonly call: Call
  readonly params: Params
}

/** A call with a live token. */
export interface GuardedVisit extends Visit {
  readonly session: SimulatedSession
  readonly user: SimulatedUser
}

/** `METHOD /path`, where `:name` stands for one segment, and who answers. */
export type RouteTable<V> = Readonly<Record<`${string} /${string}`, (visit: V) => Answer>>

/** The pages of a login in the browser. */
export interface LoginPages {
  /** The page and its form. */
  readonly path: string
  /** A colour for buttons. */
  readonly accent: string
  /** Whose login this address opens and what the redirect will need of it, or a refusal. */
  open(visit: Visit):
    | {
        readonly app: SimulatedApp
        readonly carried?: Readonly<Record<string, string>>
        /** The only one who may log in here; everybody when left out. */
        readonly onlyUserId?: string
      }
    | Answer
  /** Where the browser goes when the person has logged in; `sendBack` is the usual answer. */
  granted(world: World, app: SimulatedApp, login: LoginUnderway): Answer
  /** What the redirect carries when the person cancels. */
  cancelled(login: LoginUnderway): Iterable<readonly [string, string]>
}

/**
 * A simulated broker: data and small functions. The frame has the sockets, users, apps, login pages, sessions,
 * limits, orders and faults; a module says in which paths, fields and words this broker speaks of them.
 *
 * @example
 * ```ts
 * export const simulator: SimulatedBrokerModule = { id: 'demo', name: 'Demo', hostRoles: ['api'], … }
 * await using brokers = await startSimulator({ port: 0, modules: [simulator] })
 * ```
 */
export interface SimulatedBrokerModule {
  /** As the adapter's. */
  readonly id: string
  readonly name: string
  /** The roles of its hosts, as the adapter names them. */
  readonly hostRoles: readonly string[]
  /** Known from the start. The persons of apps get ids and PINs of the same shape. */
  readonly demoUser: Omit<SimulatedUser, 'broker'>
  /** Sessions die at the first such time in India after they were made. */
  readonly dayEnds: WallClock
  readonly liveSessions: 'one per app' | 'one per user' | 'many'
  /** How long one-time codes of a login live. */
  readonly codeTtlMs: number
  /** `POST /session/token`: where a login becomes a session. */
  readonly exchanges: readonly string[]
  /** `POST /approvals/*`: where a person answers what the broker asks on the phone. */
  readonly approvals?: readonly string[]
  /** `POST /orders/*`: the calls that place, change or cancel orders; `*` stands for any characters. */
  readonly orders: readonly string[]
  /** When the fault `closed_at_night` strikes, and which calls (as in `orders`). */
  readonly night?: { readonly from: WallClock; readonly to: WallClock; readonly calls: readonly string[] }
  readonly login?: LoginPages
  /** What the person of an app logs in with, by the names of the adapter's account fields; nothing when left out. */
  accountOf?(user: SimulatedUser): Readonly<Record<string, string>>
  /** Answered without a token. */
  readonly open: RouteTable<Visit>
  /** Answered to a live token. */
  readonly guarded: RouteTable<GuardedVisit>
  /** What the call shows of the token that it is made with: the token, its kind, the API key where the call names it. */
  tokenOf(call: Call): Partial<Pick<SimulatedSession, 'kind' | 'apiKey' | 'accessToken'>> | undefined
  /** A refusal of what this token may not do. */
  bars?(session: SimulatedSession, call: Call): Answer | undefined
  /** Which limits count this call, and under which name. */
  limitOf?(session: SimulatedSession, call: Call, isOrder: boolean): readonly [string, readonly CallWindow[]]
  /** `status` is what a fault asks for. */
  refuse(why: Refusal, at: { readonly isOrder?: boolean; readonly status?: number }): Answer
}
