import type { ErrorCode } from '../core/errors.ts'
import type { WallClock } from '../core/ist.ts'
import type { CallLimits } from './api.ts'
import type { EnvironmentNames, Link, OpenQuestion, Recogniser, Snippet } from './broker-home.ts'
import type { Grant, LoginMethod, Profile } from './broker-login.ts'
import type { PortfolioCalls } from './broker-portfolio.ts'

export type * from './broker-home.ts'
export type * from './broker-login.ts'
export type * from './broker-portfolio.ts'
export type { DayOrder, FundsView, Holding, Position } from './portfolio.ts'

/**
 * A broker as data and pure functions: what to send, and how to read what comes back. No adapter does I/O,
 * reads a clock or keeps state; one engine (`session/broker-call.ts`) does the sending for all of them.
 *
 * Values in here are plain strings, because a request must hold the secret that it sends; the engine reveals
 * them as late as possible and lets no request or reply out of its hands.
 */
export interface Broker {
  /** Lower case; the same word in the command line, in URLs, in the docs and as the folder. */
  readonly id: string
  readonly name: string
  /** The day on which the facts below were last compared with the broker's documentation, `YYYY-MM-DD`. */
  readonly verifiedOn: string
  /** Where the user registers the app, and the words that this page uses. */
  readonly console: { readonly url: string; readonly registerHint: string }
  /**
   * Default base URLs by role, without a slash at the end. Every one can be overridden in the configuration
   * (`hosts.<broker>.<role>`). `{name}` stands for a public field of the account: see `hostsFor`.
   */
  readonly hosts: Readonly<Record<string, string>>
  /** The same roles at the broker's own public sandbox, for accounts of kind `broker-sandbox`. */
  readonly sandboxHosts?: Readonly<Record<string, string>>
  /** The app that the broker has published for everybody at its sandbox, secret and all; taken where none is named. */
  readonly sandboxApp?: Values
  /** What the app registered at the broker consists of. Field `apiKey` always exists. */
  readonly app: Readonly<Record<string, FieldSpec>>
  /** What an account needs beside its app: client code, PIN, TOTP seed. Empty for Kite and Upstox. */
  readonly account: Readonly<Record<string, FieldSpec>>
  /** The name and shape of the broker's user id, e.g. `{ label: 'Client id', pattern: /^[A-Z0-9]{2,12}$/ }`. */
  readonly userId: FieldSpec
  /** The public account field that is this very id (a client code): the account is that person's before any login. */
  readonly userIdField?: string
  /**
   * The base URLs that this broker may give with a session, anchored. A grant with another one is refused: a reply must
   * not be able to send the token anywhere else. The account's own hosts are always right.
   */
  readonly sessionUrls?: RegExp
  /** The ways in; the first one is the default. */
  readonly logins: readonly LoginMethod[]
  /** Every token that a session can hold, by kind. `access` always exists. */
  readonly tokens: Readonly<Record<string, TokenSpec>>
  /**
   * What a hand-out may hold: the token itself; ready headers only, where a token alone is of no use; nothing, where
   * every request must be signed with a secret, so that only the proxy can send it.
   */
  readonly handsOut: 'token' | 'headers' | 'proxy only'
  /** When the session ends. The engine turns the rule into an instant. */
  readonly expiry: ExpiryRule
  /** When bhor asks by itself whether a session lives, in India's time, before anybody trades; 08:45 when left out. */
  readonly looks?: readonly WallClock[]
  /** Tokens that were granted between the end of the day and this hour may be ended by the broker's morning flush. */
  readonly flushedBy?: WallClock
  /** `one per app`: a new login kills the session that any program of this app holds (Kite, Dhan). */
  readonly liveSessions: 'one per app' | 'one per user' | 'many'
  /**
   * What this broker compares with the address that the user has registered: `orders` and nothing else (when left
   * out), or the `session` too, which it grants or serves from that address alone.
   */
  readonly addressCheck?: 'orders' | 'session'
  readonly probe: Probe
  readonly renewal?: Renewal
  readonly logout?: Logout
  /** What the client has; left out where nobody has written that down for this broker yet. */
  readonly portfolio?: PortfolioCalls
  /** The headers (or query, or body signature) that make a request an authenticated one. */
  sign(request: BrokerRequest, session: SignContext): BrokerRequest
  /** Reads a reply that is not a success, or that only looks like one. Total: never throws. */
  classify(reply: BrokerReply, at: CallSite): Verdict
  /** Which API routes place, change or cancel orders; `*` stands for one path segment. */
  readonly orders: readonly RoutePattern[]
  /** How often bhor itself may probe, and how fast an app may call. */
  readonly limits: {
    readonly probesPerMinute: number
    readonly ordersPerSecond: number
    readonly callsPerSecond: number
    /** More exactly, by kind of call, for programs that bhor keeps to them. */
    readonly calls?: CallLimits
  }
  /** Where people look things up. */
  readonly links?: readonly Link[]
  /** The first lines of a program by language; the session's hand-out stands in the variable `session`. */
  readonly snippets?: Readonly<Partial<Record<'python' | 'node', Snippet>>>
  /** Names of environment variables that people use for this broker. */
  readonly environment?: EnvironmentNames
  /** Files of others that hold this broker's accounts. */
  readonly recognises?: readonly Recogniser[]
  /** What nobody documents, for `bhor doctor --learn`. */
  readonly openQuestions?: readonly OpenQuestion[]
  /** bhor's own refusal as this broker would say it, for programs that only know its way. Total: never throws. */
  errorReply?(code: ErrorCode, message: string): Pick<BrokerReply, 'status' | 'json'>
}

/** `POST /orders/*` */
export type RoutePattern = `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`

/** One field that a person fills in. */
export interface FieldSpec {
  readonly label: string
  /** Sealed in the store, masked on screen, never taken as a command-line argument. */
  readonly secret: boolean
  /** Anchored. A value that does not match is refused before anything is stored or sent. */
  readonly pattern: RegExp
  /** One sentence: where the user finds it. */
  readonly help: string
  readonly optional?: true
}

/** Values by field name or variable name, revealed. */
export type Values = Readonly<Record<string, string>>

// ── Requests and replies ────────────────────────────────────────────────────────────────────────────────

export interface BrokerRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** A role in {@link Broker.hosts}, or `session` for the base URL that the broker gave with this session (Kotak). */
  readonly host: string
  /** Starts with `/`, already encoded, without a query. */
  readonly path: string
  /** In the order in which they are sent. */
  readonly query?: readonly (readonly [name: string, value: string])[]
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: RequestBody
}

export type RequestBody =
  | { readonly form: readonly (readonly [name: string, value: string])[] }
  | { readonly json: unknown }
  | { readonly text: string; readonly contentType: string }

export interface BrokerReply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** The parsed body; `undefined` when it is not JSON (an HTML error page, an empty body). */
  readonly json: unknown
}

/** What kind of call a reply answers: the same 403 means another thing at another door. */
export type CallSite = 'prelude' | 'exchange' | 'renewal' | 'probe' | 'logout' | 'api'

/**
 * What a reply says, in bhor's words.
 *
 * - `ok`: a success
 * - `expired`: this session is dead (expired, killed by another login, logged out elsewhere)
 * - `bad_grant`: the one-time code is used, expired or not ours; the session, if any, is untouched
 * - `app_invalid`: key, secret, checksum or redirect URL are wrong; repeating it cannot help
 * - `user_not_enabled`: this client may not use this app
 * - `needs_human`: a person must do something at the broker first (approve, open the app, re-activate)
 * - `ip_not_allowed`: the token lives, this computer's address is refused
 * - `not_permitted`: the token lives, but is of a kind that may not do this
 * - `rate_limited`: slow down
 * - `locked`: the broker has locked the user
 * - `rejected`: understood and refused (a bad order, a bad parameter); says nothing about the session
 * - `closed`: the broker is closed at this hour; says nothing about the session
 * - `transient`: the broker is down, answered nonsense, or does not know what became of the request; says nothing
 *   about the session, and of an order not whether it was placed
 */
export const verdictKinds = [
  'ok',
  'expired',
  'bad_grant',
  'app_invalid',
  'user_not_enabled',
  'needs_human',
  'ip_not_allowed',
  'not_permitted',
  'rate_limited',
  'locked',
  'rejected',
  'closed',
  'transient',
] as const
export type VerdictKind = (typeof verdictKinds)[number]

export interface Verdict {
  readonly kind: VerdictKind
  /** The broker's own code, e.g. `TokenException`, `UDAPI100050`. */
  readonly brokerCode?: string
  /** The broker's own words, as sent. The engine makes them printable before anybody sees them. */
  readonly brokerMessage?: string
  readonly retryAfterMs?: number
}

// ── The life of a session ───────────────────────────────────────────────────────────────────────────────

export interface TokenSpec {
  /** May this token place orders? A token that may not is handed out only when asked for by kind. */
  readonly canOrder: boolean
  /** Anchored; what does not match is not stored. */
  readonly pattern: RegExp
  /** The rule of the session when left out. */
  readonly expiry?: ExpiryRule
  /** Used by bhor only, never handed out (a refresh token). */
  readonly internal?: boolean
}

/** A rule that gives an instant. The engine never lets a session outlive any part of it. */
export type ExpiryRule =
  /** The first such time in India strictly after the grant. */
  | { readonly kind: 'daily_at'; readonly time: WallClock }
  | { readonly kind: 'after'; readonly ms: number }
  /** The `exp` claim of the token of this kind, where it is a JWT and has one; else no bound. */
  | { readonly kind: 'jwt_exp'; readonly token: string }
  /** {@link Grant.expiresAt}; else no bound. */
  | { readonly kind: 'as_granted' }
  | { readonly kind: 'earliest'; readonly of: readonly ExpiryRule[] }

/** What signing and session calls may use. */
export interface SignContext {
  readonly app: Values
  readonly account: Values
  readonly tokens: Values
  readonly userId: string
  readonly baseUrl?: string
  readonly now: Temporal.Instant
}

/** One cheap authenticated read that tells whether the session lives, and whose it is. */
export interface Probe {
  request(session: SignContext): BrokerRequest
  /** Only called with a reply classified `ok`. Throws `BhorError` `bad_token_shape` on a wrong shape. */
  read(reply: BrokerReply): Profile
}

/** A call whose success says all (logout). The request is complete: it is not signed again. */
export interface Call {
  request(session: SignContext): BrokerRequest
}

export interface Logout extends Call {
  /**
   * What it ends: the session of the token that it is sent with (when left out), or all that this user has with the app.
   * Then a token that bhor drops is not logged out while the user has another session.
   */
  readonly ends?: 'token' | 'user'
}

/** A new token without a human. Only called when the session holds the token kind `needs`. */
export interface Renewal {
  readonly needs: string
  /** The broker gives no such token today; one that came all the same would be used. */
  readonly isForeseen?: true
  request(session: SignContext): BrokerRequest
  read(reply: BrokerReply, session: SignContext): Grant
}

/** Checks an adapter's shape at compile time and keeps its literal types. */
export function defineBroker<const Definition extends Broker>(definition: Definition): Definition {
  return definition
}
