import type { ErrorCode } from '../core/errors.ts'

/** The wire types of `/v1`, shared by server, command line, client library and dashboard. Times are ISO 8601 in UTC. */

/** The rights of a client key. `use`: be served by the proxy. `admin` holds all others. */
export const scopes = ['status', 'use', 'read-token', 'login', 'pause', 'portfolio', 'admin'] as const
export type Scope = (typeof scopes)[number]

/** What is true about an account now; derived, never stored. */
export const sessionStatuses = ['none', 'login_pending', 'active', 'expiring', 'expired', 'revoked'] as const
export type SessionStatus = (typeof sessionStatuses)[number]

/** `sandbox`: at bhor's own simulator. `broker-sandbox`: at the broker's own test house. */
export type Kind = 'live' | 'sandbox' | 'broker-sandbox'

/** Which account an answer is about; part of every such answer. */
export interface About {
  /** The name: `personal`, `papa`. */
  account: string
  broker: string
  kind: Kind
}

export interface AccountView extends About {
  id: string
  label: string
  brokerName: string
  /** The public fields of its app, by the names of the broker's manifest. */
  app: Record<string, string>
  /** The public fields of the account itself. */
  fields: Record<string, string>
  /** The names of the secret fields that are stored. */
  secrets: string[]
  settings: AccountSettings
  apiKey: string
  /** Secrets are only ever said to be there. */
  hasSecret: boolean
  userId: string | null
  redirectUrl: string
  postbackUrl: string | null
  hasPassword: boolean
  hasPhoneNumber: boolean
  status: SessionStatus
  /** One plain sentence: what is so, since when, and what to do. */
  statusText: string
  generation: number
  session: SessionView | null
  login: { id: string; expiresAt: string } | null
  lastLoginAt: string | null
  lastProbe: { at: string; verdict: 'valid' | 'invalid' | 'unknown'; code: string } | null
  lastFault: { at: string; code: string; detail: string } | null
  createdAt: string
  updatedAt: string
}

export interface SessionView {
  id: string
  generation: number
  userId: string
  userName: string
  userShortname: string
  email: string
  userType: string
  broker: string
  exchanges: string[]
  products: string[]
  orderTypes: string[]
  startedBy: 'login' | 'renewal' | 'import' | 'approval'
  loginTime: string
  expiresAt: string
  /** Milliseconds that remain now; 0 when over. */
  expiresInMs: number
  /** The hours between grant and end, the `ttl` of the source documents. */
  ttlHours: number
  tokenKinds: string[]
  endedAt: string | null
  endReason: 'replaced' | 'expired' | 'revoked' | 'logged_out' | null
}

/** `GET /v1/accounts/{account}/session`: everything that a program needs to call the broker. */
export interface HandOut extends About {
  generation: number
  tokenKind: string
  accessToken: string
  apiKey: string
  userId: string
  /** Where to call, e.g. `https://api.kite.trade`. */
  baseUrl: string
  /** Every origin of this broker by role. */
  hosts: Record<string, string>
  /** Ready-made headers of an authenticated request. */
  headers: Record<string, string>
  issuedAt: string
  expiresAt: string
}

export interface AccountSettings {
  group?: string
  egress?: { from: string }
}

export interface AddAccount {
  account: string
  label?: string
  broker: string
  kind?: Kind
  /** What the broker's manifest names for an app. Left out for a sandbox account: bhor registers one at its simulator. */
  app?: Record<string, string>
  /** What the broker's manifest names for an account. */
  fields?: Record<string, string>
  settings?: AccountSettings
  /** The older name of `app.apiKey`. */
  apiKey?: string
  /** The older name of `app.apiSecret`. */
  apiSecret?: string
  /** The broker's user id, when it shall be pinned before the first login. */
  userId?: string
  redirectUrl?: string
  postbackUrl?: string
  /** The older name of `fields.phoneNumber`. */
  phoneNumber?: string
  /** The older name of `fields.password`. */
  password?: string
}
export type EditAccount = Partial<Omit<AddAccount, 'broker' | 'kind'>>

/** How a login goes: on the broker's page, by values that are sent, by approval on a phone, by a pasted token. */
export const loginKinds = ['redirect', 'direct', 'approval', 'pasted'] as const
export type LoginKind = (typeof loginKinds)[number]

/** What a login asks a human for. */
export interface PromptView {
  name: string
  label: string
  kind: 'pin' | 'password' | 'totp' | 'otp' | 'text'
  /** Typed without echo. */
  secret: boolean
}

export interface LoginStart {
  /** `cli` and `desk` only for the record. */
  via?: 'desk' | 'cli' | 'api'
  /** One of the broker's ways in; the first of them when left out. */
  method?: string
}
export type LoginStatus = 'open' | 'used' | 'done' | 'failed' | 'cancelled' | 'expired'
export interface LoginStarted extends About {
  login: string
  method: LoginKind
  status: LoginStatus
  /** Open this in a browser; null where no page is needed. */
  url: string | null
  /** To be answered with `POST …/login/{login}/answers`. */
  asks: PromptView[]
  redirectUrl: string
  expiresAt: string
}
export interface LoginView extends About {
  login: string
  status: LoginStatus
  /** What it waits for from a human. */
  asks: PromptView[]
  expiresAt: string
  /** An error code when failed or cancelled. */
  outcome: ErrorCode | null
  outcomeText: string | null
  generation: number
}
/** `POST …/login/{login}/answers`: by the names of what was asked. */
export interface LoginAnswers {
  answers: Record<string, string>
}
/** `POST …/login/complete`: the address where the browser ended. */
export interface LoginComplete {
  address: string
}

export interface TestResult extends About {
  generation: number
  verdict: 'valid' | 'invalid' | 'unknown'
  code: ErrorCode | 'ok'
  text: string
  hint: string | null
  profile: { userId: string; userName: string; email: string } | null
  tookMs: number
}

export interface KeyView {
  id: string
  name: string
  scopes: Scope[]
  /** Account names; null for all. */
  accounts: string[] | null
  createdAt: string
  expiresAt: string | null
  revokedAt: string | null
}
export interface AddKey {
  name: string
  scopes: Scope[]
  accounts?: string[]
  expiresInDays?: number
}
/** The only time that the key is shown. */
export interface KeyAdded extends KeyView {
  key: string
}

export interface AuditView {
  seq: number
  at: string
  actor: string
  action: string
  account: string | null
  result: 'ok' | 'refused' | 'failed'
  code: string | null
  detail: Record<string, string | number | boolean>
}
export type AuditCheck =
  | { intact: true; records: number }
  | { intact: false; seq: number; fault: string; text: string; records: number }

export interface DoctorFinding {
  check: string
  ok: boolean
  text: string
  hint: string | null
}

/** One field that a person fills in. */
export interface FieldView {
  name: string
  label: string
  secret: boolean
  help: string
  optional: boolean
}

export interface BrokerView {
  id: string
  name: string
  console: { url: string; registerHint: string }
  /** What the broker calls the id of a person. `field`: the account field that is this very id. */
  userId: { label: string; help: string; field: string | null }
  app: FieldView[]
  /** What the broker needs to know of an account. */
  account: FieldView[]
  /** What bhor keeps for the user beside it, whatever the broker. */
  kept: FieldView[]
  /** The ways in; the first one is the default. */
  logins: { kind: LoginKind; asks: PromptView[] }[]
  /** What to register at the broker. */
  redirectUrl: string
  links: { kind: 'login' | 'console' | 'docs' | 'forum' | 'status'; label: string; url: string }[]
  /** Lines for the broker’s official client by language; the hand-out stands in the variable `session`. */
  snippets: { python?: SnippetView; node?: SnippetView }
  /** How an authenticated request looks, with names in place of values; null where only the proxy can send one. */
  headerFormat: string | null
  /** The path of the cheapest authenticated call. */
  probePath: string | null
}
export interface SnippetView {
  install: string
  imports: string
  use: string
}

/** problem+json. */
export interface Problem {
  type: string
  title: string
  status: number
  code: ErrorCode
  detail: string
  hint: string
  requestId: string
  facts?: Record<string, string | number | boolean>
}

/** One option of the configuration; secrets are masked. */
export interface ConfigOption {
  name: string
  env: string
  value: string
  source: 'flag' | 'environment' | 'file' | 'default'
  help: string
}

/** A one-time link that signs in to the dashboard. */
export interface Link {
  url: string
  expiresAt: string
}
export interface SignIn {
  /** What stands behind `#sign-in=` in the link. */
  token: string
}
/** One half of a sign-in, kept by the page; the other is a cookie. */
export interface SignedIn {
  csrf: string
  expiresAt: string
}
export interface Me {
  signedIn: true
  expiresAt: string | null
  url: string
}
/** Where the changes stand; see `GET /v1/changes`. */
export interface Version {
  version: number
}
