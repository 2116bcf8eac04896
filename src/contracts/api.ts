import type { ErrorCode } from '../core/errors.ts'
import type { AccountKind, SessionStart } from './store.ts'

/** The wire types of `/v1`, shared by server, command line, client library and dashboard. Times are ISO 8601 in UTC. */

/** The rights of a client key. `use`: be served by the proxy. `admin` holds all others. */
export const scopes = ['status', 'use', 'read-token', 'login', 'admin'] as const
export type Scope = (typeof scopes)[number]

/** What is true about an account now; derived, never stored. */
export const sessionStatuses = ['none', 'login_pending', 'active', 'expiring', 'expired', 'revoked'] as const
export type SessionStatus = (typeof sessionStatuses)[number]

export interface AccountView {
  id: string
  /** The name: `personal`, `papa`. */
  account: string
  label: string
  broker: string
  brokerName: string
  kind: AccountKind
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
  startedBy: SessionStart
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
export interface HandOut {
  account: string
  broker: string
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

export interface AddAccount {
  account: string
  label?: string
  broker: string
  kind?: 'live' | 'sandbox'
  /** Left out for a sandbox account: bhor registers an app at its simulator. */
  apiKey?: string
  apiSecret?: string
  /** The broker's user id, when it shall be pinned before the first login. */
  userId?: string
  redirectUrl?: string
  postbackUrl?: string
  phoneNumber?: string
  password?: string
}
export type EditAccount = Partial<Omit<AddAccount, 'broker' | 'kind'>>

export interface LoginStart {
  /** `cli` and `desk` only for the record. */
  via?: 'desk' | 'cli' | 'api'
}
export interface LoginStarted {
  login: string
  account: string
  /** Open this in a browser. */
  url: string
  redirectUrl: string
  expiresAt: string
}
export interface LoginView {
  login: string
  account: string
  status: 'open' | 'used' | 'done' | 'failed' | 'cancelled' | 'expired'
  /** An error code when failed or cancelled. */
  outcome: ErrorCode | null
  outcomeText: string | null
  generation: number
}
/** `POST …/login/complete`: the address where the browser ended. */
export interface LoginComplete {
  address: string
}

export interface TestResult {
  account: string
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

export interface BrokerView {
  id: string
  name: string
  console: { url: string; registerHint: string }
  userIdLabel: string
  app: { name: string; label: string; secret: boolean; help: string }[]
  /** What to register at the broker. */
  redirectUrl: string
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

/**
 * The routes, by name. `{account}` is an account's name. Bodies and answers by the types above.
 *
 * ```
 * GET    /v1/brokers                              BrokerView[]
 * GET    /v1/accounts                             AccountView[]
 * POST   /v1/accounts                  AddAccount → AccountView (201)
 * GET    /v1/accounts/{account}                   AccountView
 * PATCH  /v1/accounts/{account}       EditAccount → AccountView
 * DELETE /v1/accounts/{account}                   204
 * POST   /v1/accounts/{account}/login  LoginStart → LoginStarted (201)
 * GET    /v1/accounts/{account}/login/{login}     LoginView
 * DELETE /v1/accounts/{account}/login/{login}     204 (cancel)
 * POST   /v1/accounts/{account}/login/complete  LoginComplete → AccountView
 * GET    /v1/accounts/{account}/session?min_life=20m&kind=access   HandOut
 * DELETE /v1/accounts/{account}/session           AccountView (logout)
 * POST   /v1/accounts/{account}/test              TestResult
 * POST   /v1/accounts/{account}/renew             AccountView
 * GET    /v1/keys                                 KeyView[]
 * POST   /v1/keys                          AddKey → KeyAdded (201)
 * DELETE /v1/keys/{key}                           KeyView
 * GET    /v1/audit?limit=50&account=&before=      AuditView[]
 * GET    /v1/audit/verify                         AuditCheck
 * GET    /v1/doctor                               DoctorFinding[]
 * GET    /v1/config                               every option with value, source and meaning; secrets masked
 * POST   /v1/desk/link                            { url, expiresAt }  (operator only: a new sign-in link)
 * POST   /v1/desk/sign-in    { token } → { csrf, expiresAt } and a cookie
 * GET    /v1/desk/me                              { signedIn: true, expiresAt, url }
 * POST   /v1/desk/sign-out                        204
 * GET    /v1/changes?after=<n>                    { version: n }, answers when something changed or after 25 s
 * ```
 */
export const apiRoot = '/v1'
