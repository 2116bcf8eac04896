import type { WallClock } from '../core/ist.ts'

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
  /** Default origins by role. Every one can be overridden in the configuration (`hosts.<broker>.<role>`). */
  readonly hosts: Readonly<Record<string, string>>
  /** What the app registered at the broker consists of. Field `apiKey` always exists. */
  readonly app: Readonly<Record<string, FieldSpec>>
  /** What an account needs beside its app: client code, PIN, TOTP seed. Empty for Kite and Upstox. */
  readonly account: Readonly<Record<string, FieldSpec>>
  /** The name and shape of the broker's user id, e.g. `{ label: 'Client id', pattern: /^[A-Z0-9]{2,12}$/ }`. */
  readonly userId: FieldSpec
  /** The ways in; the first one is the default. */
  readonly logins: readonly LoginMethod[]
  /** Every token that a session can hold, by kind. `access` always exists. */
  readonly tokens: Readonly<Record<string, TokenSpec>>
  /** When the session ends. The engine turns the rule into an instant. */
  readonly expiry: ExpiryRule
  /** `one per app`: a new login kills the session that any program of this app holds (Kite, Dhan). */
  readonly liveSessions: 'one per app' | 'one per user' | 'many'
  readonly probe: Probe
  readonly renewal?: Renewal
  readonly logout?: Call
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
  }
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
  readonly optional?: boolean
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
export type VerdictKind =
  | 'ok'
  | 'expired'
  | 'bad_grant'
  | 'app_invalid'
  | 'user_not_enabled'
  | 'needs_human'
  | 'ip_not_allowed'
  | 'not_permitted'
  | 'rate_limited'
  | 'locked'
  | 'rejected'
  | 'closed'
  | 'transient'

export interface Verdict {
  readonly kind: VerdictKind
  /** The broker's own code, e.g. `TokenException`, `UDAPI100050`. */
  readonly brokerCode?: string
  /** The broker's own words, as sent. The engine makes them printable before anybody sees them. */
  readonly brokerMessage?: string
  readonly retryAfterMs?: number
}

// ── Logging in ──────────────────────────────────────────────────────────────────────────────────────────

/** What a step may use. All revealed, all gone after the call. */
export interface StepContext {
  readonly app: Values
  readonly account: Values
  /** Exactly as registered at the broker. */
  readonly redirectUrl: string
  /** What the redirect, the human and the steps before brought: `request_token`, `code`, `totp`, `otp_token`, … */
  readonly vars: Values
  readonly now: Temporal.Instant
}

/** One request of a login and the reading of its reply. */
export interface Step {
  readonly name: string
  /** What a human (or a stored seed) gives before this step; the answers land in `vars` under the same names. */
  readonly asks?: readonly Prompt[]
  request(context: StepContext): BrokerRequest
  /** Only called with a reply that {@link Broker.classify} calls `ok`. Throws `BhorError` `bad_token_shape` on a wrong shape. */
  read(reply: BrokerReply, context: StepContext): StepResult
}

export interface Prompt {
  readonly name: string
  readonly label: string
  readonly kind: 'pin' | 'password' | 'totp' | 'otp' | 'text'
  /** Where the answer comes from when the user has stored it: an account field (a PIN), or a seed to compute it from. */
  readonly storedIn?: string
}

/** A step ends the login with a grant, or carries values to the next step (`next` names another than the one below). */
export type StepResult = { readonly grant: Grant } | { readonly carry: Values; readonly next?: string }

export type LoginMethod = RedirectLogin | DirectLogin | ApprovalLogin | PastedLogin

/** The user logs in on the broker's own page, which sends the browser back with a one-time code. */
export interface RedirectLogin {
  readonly kind: 'redirect'
  /** A call before the redirect (Dhan: consent id); what it carries is available to `loginUrl`. */
  readonly prelude?: readonly Step[]
  /** The page to open. `state` is ours: 256 random bits, signed, single use. */
  loginUrl(context: StepContext & { readonly state: string }): Pick<BrokerRequest, 'host' | 'path' | 'query'>
  /** `echoed`: the broker brings our state back. `none`: correlate by the one pending login of this app, and by the user id. */
  readonly state: 'echoed' | 'none'
  readonly callbackMethod: 'GET' | 'POST'
  /** How long the one-time code lives at the broker. */
  readonly grantTtlMs: number
  /** Reads where the browser ended. Values that occur more than once, or are too long, are refused before. */
  readCallback(callback: CallbackInput): CallbackReading
  readonly steps: readonly Step[]
}

export interface CallbackInput {
  /** Everything that came, decoded: the query, and the form for POST. */
  readonly params: Values
  /** Undecoded, for brokers whose codes hold a literal `+` (Sharekhan). */
  readonly rawQuery: string
}

export type CallbackReading =
  /** `secretVars` names the one-time codes among `vars`: hashed in the intent, never logged. */
  | {
      readonly kind: 'granted'
      readonly state?: string
      readonly vars: Values
      readonly secretVars: readonly string[]
    }
  | { readonly kind: 'refused'; readonly state?: string; readonly brokerMessage?: string }
  | { readonly kind: 'incomplete'; readonly state?: string; readonly missing: string }
  /** Not the redirect at all, but a page that people paste by mistake, with what to do instead. */
  | { readonly kind: 'wrong_page'; readonly hint: string }

/** No browser: PIN and TOTP, or an OTP that the first step makes the broker send. */
export interface DirectLogin {
  readonly kind: 'direct'
  readonly steps: readonly Step[]
}

/** The user approves on the phone; the broker then posts the session to a notifier URL, or a poll finds it. */
export interface ApprovalLogin {
  readonly kind: 'approval'
  readonly request: Step
  readonly approvalTtlMs: number
  readNotification?(
    body: unknown,
  ): { readonly vars: Values } | { readonly kind: 'incomplete'; readonly missing: string }
  readonly poll?: Step
}

/** The user copies a token from the broker's site. */
export interface PastedLogin {
  readonly kind: 'pasted'
  readonly asks: readonly Prompt[]
  read(vars: Values): Grant
}

/** What a login or a renewal brings. */
export interface Grant {
  /** By kind; `access` always exists, empty strings are left out. Each value matches its {@link TokenSpec.pattern}. */
  readonly tokens: Values
  /** The broker's id of the person who logged in; checked against the account. Undefined only where the reply has none. */
  readonly userId?: string
  readonly profile?: Profile
  /** When the broker says that it was granted; else the engine's own clock counts. */
  readonly grantedAt?: Temporal.Instant
  /** Where the broker names the end itself; an upper bound beside {@link Broker.expiry}. */
  readonly expiresAt?: Temporal.Instant
  /** The base URL that belongs to this session (Kotak). */
  readonly baseUrl?: string
}

/** Who a session belongs to, as far as the broker tells. */
export interface Profile {
  /** Empty where the probe's answer names nobody (Kotak, Definedge). */
  readonly userId: string
  readonly userName?: string
  readonly userShortname?: string
  readonly email?: string
  readonly userType?: string
  readonly broker?: string
  readonly exchanges?: readonly string[]
  readonly products?: readonly string[]
  readonly orderTypes?: readonly string[]
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

/** A new token without a human. Only called when the session holds the token kind `needs`. */
export interface Renewal {
  readonly needs: string
  request(session: SignContext): BrokerRequest
  read(reply: BrokerReply, session: SignContext): Grant
}

/** Checks an adapter's shape at compile time and keeps its literal types. */
export function defineBroker<const Definition extends Broker>(definition: Definition): Definition {
  return definition
}
