import type { BrokerReply, BrokerRequest, Values } from './broker.ts'

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
  /** The browser comes back with tokens and no code: such an address is never taken out of a chat. */
  readonly bringsTokens?: true
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

/**
 * The user approves on the phone; the broker then posts the session to an address that the user has registered for the
 * app, or a poll finds it. Where it is posted, `request` carries as `notifier_url` to which address the broker will post,
 * if it says so: another one than the account's own is refused at once.
 */
export interface ApprovalLogin {
  readonly kind: 'approval'
  readonly request: Step
  /** How long bhor waits; at most an hour. */
  readonly approvalTtlMs: number
  /** Reads what was posted: nobody has signed it. Throws `BhorError` `bad_token_shape` on a wrong shape. */
  readNotification?(body: unknown): NotificationReading
  readonly poll?: Step
}

export type NotificationReading =
  | {
      readonly kind: 'granted'
      /** The app that it is for, by its API key. */
      readonly apiKey: string
      /** With the person, and with the times that the broker says. */
      readonly grant: Grant & {
        readonly userId: string
        readonly grantedAt: Temporal.Instant
        readonly expiresAt: Temporal.Instant
      }
    }
  | { readonly kind: 'incomplete'; readonly missing: string }

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
  /** Kinds beside `access` that came in a shape that no token has, and are not among the tokens. */
  readonly leftOut?: readonly string[]
  /** The broker's id of the person who logged in; checked against the account. Undefined only where the reply has none. */
  readonly userId?: string
  readonly profile?: Profile
  /** When the broker says that it was granted; else it counts from when it was asked for. */
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
