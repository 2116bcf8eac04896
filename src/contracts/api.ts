import type { ErrorCode } from '../core/errors.ts'
import type { VerdictKind } from './broker.ts'
import type { DayKind } from './calendar.ts'

/** The wire types of `/v1`, shared by server, command line, client library and dashboard. Times are ISO 8601 in UTC. */

/** The rights of a client key. `use`: be served by the proxy. `admin` holds all others. */
export const scopes = ['status', 'use', 'read-token', 'login', 'pause', 'portfolio', 'admin'] as const
export type Scope = (typeof scopes)[number]

/** What is true about an account now; derived, never stored. */
export const sessionStatuses = [
  'none',
  'login_pending',
  'unconfirmed',
  'active',
  'expiring',
  'expired',
  'revoked',
] as const
export type SessionStatus = (typeof sessionStatuses)[number]

/** True while programs can use the session. */
export function isLive({ status }: { readonly status: SessionStatus }): boolean {
  return status === 'active' || status === 'expiring'
}

/** From so long before its end a session is called `expiring`: time to log in again before a program notices. */
export const expiringWithinMs = 2 * 60 * 60 * 1000

/** What people are shown: to programs an own logout is `revoked` like what the broker ended, to people it is not. */
export const shownStatuses = [...sessionStatuses, 'logged_out'] as const
export type ShownStatus = (typeof shownStatuses)[number]
export function shownStatus({ status, session }: Pick<AccountView, 'status' | 'session'>): ShownStatus {
  return status === 'revoked' && session?.endReason === 'logged_out' ? 'logged_out' : status
}

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
  /** Why a login does not come back to the desk by itself; null where nothing speaks against it. */
  redirectNote: string | null
  postbackUrl: string | null
  hasPassword: boolean
  hasPhoneNumber: boolean
  status: SessionStatus
  /** One plain sentence: what is so, since when, and what to do. */
  statusText: string
  /** Whether a login now would last longer than what there is: before dawn it often does not. */
  loginHelps: boolean
  generation: number
  session: SessionView | null
  /** Who logged in for the first time, by a way by which anybody may come; no token leaves until a person confirms it. */
  unconfirmed: Unconfirmed | null
  /** The newest login that is waited for; of a live session only one that was started after it. */
  login: { id: string; expiresAt: string } | null
  lastLoginAt: string | null
  lastProbe: { at: string; verdict: 'valid' | 'invalid' | 'unknown'; code: string } | null
  lastFault: { at: string; code: string; detail: string } | null
  egress: EgressFacts
  /** May it trade now? */
  gate: GateView
  createdAt: string
  updatedAt: string
}

/** An account that was added or changed. */
export interface StoredAccount extends AccountView {
  /** What else became of it, in sentences: other accounts have another secret, a secret cannot be read yet. */
  notes: string[]
}

export interface Unconfirmed {
  userId: string
  /** As the broker says; may be empty. */
  userName: string
  via: 'porch' | 'telegram'
  at: string
}
/** `POST …/confirm`: this is the right person, from now on the only one. */
export interface Confirm {
  /** As shown, so that nobody confirms another one than he saw. */
  userId: string
}
/** `POST …/hook`: the only time that the address is shown. */
export interface HookAdded extends About {
  /** To be registered at the broker. */
  url: string
  /** Until when the one before still counts; null where there was none. */
  beforeUntil: string | null
}

/** Why a gate is closed, the gravest first, and after `market_closed` what is only good to know. More may come. */
export const gateReasons = [
  'switch_damaged',
  'killed',
  'sealed',
  'paused',
  'store_damaged',
  'store_rolled_back',
  'store_unavailable',
  'audit_unavailable',
  'clock_wrong',
  'clock_doubtful',
  'stopping',
  'session_none',
  'session_expired',
  'session_revoked',
  'logged_out',
  'unconfirmed',
  'session_doubted',
  'unproven',
  'egress_different',
  'egress_unmeasured',
  'market_closed',
  'market_unconfirmed',
  'session_expiring',
] as const
export type GateReason = (typeof gateReasons)[number]

/** May be traded now? Closed when in doubt. */
export interface GateView {
  state: 'open' | 'closed'
  /** The gravest of the causes that close it; null while it is open. */
  reason: GateReason | null
  /** One plain sentence, or some. */
  text: string
  since: string | null
  /** Of an open gate the end of the session; of a closed one when it opens by itself, null where it does not. */
  until: string | null
  /** What opens it; null while it is open. */
  next: string | null
  causes: GateCause[]
}
/** Who is ready for the market, and who still needs a login. */
export interface RollCallView {
  /** The trading day that it is for: `2026-11-30`. */
  date: string
  day: DayKind
  deadline: string
  /** When those who are missing are called next; null when that was the last time. */
  next: string | null
  asOf: string
  ready: number
  /** Those of `unknown` are counted, too. */
  missing: number
  text: string
  accounts: RollCallEntry[]
  /** Names in `roll_call_accounts` that no account has; empty for who sees some accounts only. */
  unknown: string[]
}
/** What the link of a reminder is for. */
export interface LoginPromptView extends About {
  label: string
  brokerName: string
  expiresAt: string
}
export interface RollCallEntry {
  account: string
  label: string
  broker: string
  kind: AccountView['kind']
  generation: number
  /** `renewing`: bhor brings the session by itself. `unproven`: the broker has not said yet that it lives. `blocked`: no login helps. */
  state: 'ready' | 'login' | 'renewing' | 'unproven' | 'blocked'
  text: string
  next: string | null
}
export interface GateCause {
  reason: GateReason
  /** False for what is only good to know. */
  closes: boolean
  text: string
  since: string | null
  until: string | null
  next: string | null
}
export interface AccountGate extends About, GateView {
  generation: number
}
/** `PUT /v1/gate`: `closed` stops trading for all accounts (the kill switch), `open` lifts that and nothing else. */
export interface SetHouseGate {
  state: 'open' | 'closed'
  reason?: string
  /** An instant with its zone; then it ends by itself. */
  until?: string
}
/** `PUT /v1/seal`: the panic button. Only `DELETE /v1/seal` ends it, at the socket. */
export interface SetSeal {
  reason?: string
}
/** While bhor is sealed no token leaves, and nobody logs in or renews. */
export interface SealView {
  /** True also where nobody knows it. */
  sealed: boolean
  since: string | null
  by: string | null
  /** One plain sentence. */
  text: string
}
/** The keys of the vault, and how far a change of them is. */
export interface VaultView {
  /** Where the master key comes from, for people: a file with its path, the keychain, a passphrase. */
  master: string
  /** The data key in use. */
  key: string
  since: string
  /** What is still sealed by keys that were replaced; null where nothing is. */
  rotation: VaultRotation | null
}
export interface VaultRotation {
  /** The keys that were replaced, and are removed when nothing needs them any more. */
  keys: string[]
  /** Rows that hold values under them. */
  left: number
  /** Of them, those of logins that are under way: they are over in a quarter of an hour at most. */
  waiting: number
  /** Of them, those of rows that are damaged: they stay as they are, and so does the key. */
  damaged: number
}
/** `POST /v1/audit/export` */
export interface ExportAudit {
  /** A whole path at the server's computer; a new file in the data folder's `exports` when left out, as the page has to. */
  path?: string
  /** An instant with its zone: records from before. */
  before: string
  /** A file of that name is replaced; at the page none is. */
  replace?: boolean
}
export interface AuditExported {
  path: string
  records: number
  /** The first and the last of them. */
  from: number
  upTo: number
}
/** `POST /v1/vault/master`: another master key. */
export interface ChangeMaster {
  /** `file`: the file that the configuration names. */
  source: 'file' | 'passphrase'
  /** At least 12 characters, for the source `passphrase`. */
  passphrase?: string
}
export interface MasterChanged {
  source: 'file' | 'passphrase'
  /** What has to be done before the next start; null for nothing. */
  hint: string | null
}
/** `POST /v1/backup` */
export interface MakeBackup {
  /** A whole path at the server's computer. */
  path: string
  /** At least 12 characters; the backup opens with nothing else. */
  passphrase: string
  /** A file of that name is replaced; at the page none is. */
  replace?: boolean
}
/** `POST /v1/backup/drill` */
export interface DrillBackup {
  /** A whole path at the server's computer; the last good one when left out. */
  path?: string
  /** The one of the backups that bhor makes by itself when left out. */
  passphrase?: string
}
/** The backups of this store. */
export interface BackupsView {
  running: { since: string; rows: number } | null
  /** The last good one. */
  last: { at: string; path: string; rows: number; bytes: number } | null
  /** The latest one, where it failed. */
  failed: { at: string; code: string; text: string } | null
  /** Where bhor makes one a day by itself; null for nowhere. */
  folder: string | null
  next: string | null
  /** There is a place for one a day, and none of the last two days. */
  tooOld: boolean
  /** One that is tried out just now. */
  drilling: { since: string; path: string } | null
  /** What the last try of one came to. */
  drilled: BackupDrilled | null
}
/** A backup was restored into a folder that is thrown away, and all of it was read. */
export interface BackupDrilled {
  at: string
  path: string
  /** Null where it cannot be restored. */
  found: BackupFound | null
  /** Why it cannot be restored; null where it can. */
  failure: { code: string; text: string } | null
}
export interface BackupFound {
  /** When it was written. */
  at: string
  /** The bhor that wrote it. */
  bhor: string
  rows: number
  /** Of the audit, the whole chain of which was checked. */
  records: number
  /** Whether audit and every row are as bhor wrote them. */
  isIntact: boolean
}
/** `PUT /v1/accounts/{account}/gate`: pauses an account, or lifts that pause and nothing else. */
export interface SetGate extends SetHouseGate {
  /** Refuse tokens that can place orders as well. */
  withhold?: boolean
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
  /** How fast the broker may be called; absent at a desk that is older than this. */
  limits?: CallLimits
}

/** What a call at a broker is, for its limits. */
export const callKinds = ['order', 'quote', 'historical', 'read'] as const
export type CallKind = (typeof callKinds)[number]
/** At most so many calls in so many milliseconds. */
export type CallLimit = readonly [atMost: number, inMs: number]
/** By kind, all of which hold. Orders count for the person, the rest for the app; a kind that is not named counts with `read`. */
export type CallLimits = { [Kind in CallKind]?: readonly CallLimit[] }

export interface AccountSettings {
  group?: string
  egress?: EgressSettings
  /** `logoutAt: '15:45'` in India, `logoutUnusedAfter: '4h'` after the last hand-out. */
  hygiene?: { logoutAt?: string; logoutUnusedAfter?: string }
  /** Of a sandbox account: its app gets refresh tokens. */
  renewable?: boolean
  /** How often bhor itself asks the broker for it; as the broker permits when left out. */
  rateLimit?: { requestsPerSecond: number; burstSize: number }
}
/** What is not named stays; empty text takes away. */
export interface SettingsChange {
  group?: string
  egress?: EgressChange
  /** `logoutAt: '15:45'` in India, `logoutUnusedAfter: '4h'` after the last hand-out; empty text for never. */
  hygiene?: { logoutAt?: string; logoutUnusedAfter?: string }
  /** Null: as the broker permits. */
  rateLimit?: { requestsPerSecond: number; burstSize: number } | null
}
export interface EgressSettings {
  /** The source address that its calls leave from. */
  from?: string
  /** Instead of it: `http://host:port` (HTTP CONNECT) or `socks5://host:port`. */
  proxy?: string
  /** Whether a login of the proxy is stored; it is never shown. */
  hasLogin?: boolean
  /** The addresses that are registered at the broker. */
  registered?: string[]
}
export interface EgressChange {
  from?: string
  proxy?: string
  /** `user:password`; forgotten with the proxy that it is for. */
  proxyLogin?: string
  registered?: string[]
}
/** By which way an account leaves this computer, and how the world sees it. */
export interface EgressFacts {
  /** `direct`, the source address, or the proxy. */
  way: string
  registered: string[]
  standing: 'nothing registered' | 'as registered' | 'different' | 'unmeasured'
  /** Null since the way was changed. */
  measured: {
    at: string
    /** Those that were seen last, IPv4 first. */
    addresses: string[]
    /** Why this time none could be seen: the addresses are of before. */
    code: string | null
    /** When it was last seen by other addresses than before, though nobody had changed the way; null for never. */
    changed: { at: string; before: string[] } | null
  } | null
}
export interface AccountEgress extends About, EgressFacts {}

export interface AddAccount {
  account: string
  label?: string
  broker: string
  kind?: Kind
  /** What the broker's manifest names for an app. Left out for a sandbox account: bhor registers one at its simulator. */
  app?: Record<string, string>
  /** What the broker's manifest names for an account. */
  fields?: Record<string, string>
  settings?: SettingsChange
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
  /** Of a sandbox account with an app of its own: its broker gives that app refresh tokens, from the next login on. */
  renewable?: boolean
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
  method: LoginKind
  /** Who says that he started it: `desk`, `cli` or `api`, or by what it was: `prompt`, `telegram`. */
  via: string
  status: LoginStatus
  /** The broker's page while it is waited for, to whoever is at the desk; null where there is none, and for client keys. */
  url: string | null
  /** What it waits for from a human. */
  asks: PromptView[]
  expiresAt: string
  /** An error code when failed or cancelled. */
  outcome: ErrorCode | null
  outcomeText: string | null
  /** What to do about it. */
  outcomeHint: string | null
  generation: number
}
/** `POST …/login/{login}/answers`: by the names of what was asked. */
export interface LoginAnswers {
  answers: Record<string, string>
}
/** `POST …/prompt`: a link that works once, for whoever is to log in somewhere else. */
export interface LoginLink extends About {
  url: string
  expiresAt: string
}
/** `POST …/login/complete`: the address where the browser ended. */
export interface LoginComplete {
  address: string
}

/** `POST /api/kite-auth/generate-session`, as document 001 has it. */
export interface GenerateSession {
  requestToken: string
  apiKey: string
  apiSecret: string
  /** The name of the account whose session it becomes; nothing is stored without one. */
  accountId?: string
}
export interface SessionGenerated {
  success: true
  data: {
    access_token: string
    user_id: string
    user_name: string
    email: string
    user_type: string
    broker: string
    /** An instant, in UTC. */
    login_time: string
  }
}
/** What that endpoint answers where something is wrong, with the status of the error table. */
export interface SessionNotGenerated {
  success: false
  error: { code: string; message: string; hint: string }
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

/** An open question about the broker, and the call that `bhor doctor --learn` asks it by. */
export interface QuestionView {
  question: string
  /** What is not known. */
  asks: string
  /** `GET https://api.kite.trade/user/profile` */
  call: string
  /** The kind of token that it is asked with; `none` for one that the broker never gave. */
  token: string
}
/** What an answer tells of the broker: nothing in it is a value of the account. */
export interface Learnt extends QuestionView {
  broker: string
  kind: Kind
  askedAt: string
  status: number | null
  /** The broker's own code, where it looks like one. */
  code: string | null
  /** What bhor takes it for. */
  meaning: VerdictKind | null
  contentType: string | null
  /** The names of its headers. */
  headers: string[]
  /** A line for each field: `data.products[]: text`. */
  shape: string[]
  /** Why there is no answer; null where there is one. */
  failure: string | null
}

/** A program tells in which words the broker has refused the session that it was handed. */
export interface RefusalReport {
  /** Of the session that was refused. */
  generation: number
  /** The HTTP status of the broker's answer. */
  status: number
  /** Its body as text, at most 16 KiB. */
  body?: string
  /** Of the request that was refused. */
  method?: string
  /** Of the request that was refused, without its query. */
  path?: string
}
export interface ReportView extends About {
  generation: number
  /** What the broker's words mean. */
  verdict: VerdictKind
  code: ErrorCode | 'ok'
  /** `doubted`: the broker could not be asked yet. `replaced`: there is a newer session to ask for. */
  state: 'alive' | 'doubted' | 'dead' | 'replaced'
}

/** `POST …/compromised`: who had been given the session, and what of it nobody can end. */
export interface Compromised extends AccountView {
  handedTo: {
    kind: string
    /** The id of a client key. */
    key: string | null
    name: string | null
    times: number
    firstAt: string
    lastAt: string
  }[]
  livesOn: { tokenKind: string; until: string }[]
}
/** What nobody has used for the set time. */
export interface Unused {
  sessions: { account: string; since: string }[]
  keys: { id: string; name: string; since: string }[]
}

export interface KeyView {
  id: string
  name: string
  scopes: Scope[]
  /** Account names; null for all. */
  accounts: string[] | null
  /** The id of the key that made it; null for one that a person made. */
  madeBy: string | null
  createdAt: string
  expiresAt: string | null
  revokedAt: string | null
  lastUsedAt: string | null
  /** Hand-outs in the last seven days. */
  uses: number
  /** The same for each account whose session it ever got, as far as that is kept. */
  perAccount: KeyUse[]
  /** It is made for one run of a program, and ends with it. */
  isRun: boolean
}
/** What a key did with one account. */
export interface KeyUse {
  account: string
  lastUsedAt: string
  /** Hand-outs in the last seven days. */
  uses: number
}
/** `POST …/runs` */
export interface StartRun {
  /** What runs, for the list of keys: `python bot.py`. */
  name: string
  /** As `min_life` of a hand-out: `20m`. */
  minLife?: string
}
/** A key that lives as long as its run is held: `GET /v1/events?run=`. The only time that it is shown. */
export interface RunStarted extends About {
  run: string
  key: string
  /** Where this desk answers. */
  url: string
  /** The names of variables by which programs of this broker know the fields of a hand-out, the most common one first. */
  variables: Record<string, string[]>
  session: HandOut
}
export interface AddKey {
  name: string
  scopes: Scope[]
  accounts?: string[]
  expiresInDays?: number
}
/** A revoked key, and those that went with it: what it had made, and what these had made. */
export interface KeyRevoked extends KeyView {
  alsoRevoked: KeyView[]
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
  | {
      intact: true
      records: number
      /** Records up to this one were exported and pruned; absent for none. */
      prunedUpTo?: number
    }
  | { intact: false; seq: number; fault: string; text: string; records: number }

/** How much a finding matters, the gravest first. `note`: nothing is wrong, and it is good to know. */
export const gravities = ['grave', 'warning', 'note', 'fine'] as const
export type Gravity = (typeof gravities)[number]

export interface DoctorFinding {
  check: string
  /** Neither grave nor a warning. */
  ok: boolean
  gravity: Gravity
  text: string
  hint: string | null
  /** What can be typed as it is to mend it; null where it takes more than that. */
  command: string | null
}

export interface RollbackAccepted {
  /** What had been found; null where nothing had gone back. */
  found: string | null
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
  /** Its sandbox accounts can be made renewable. */
  renews: boolean
  /** The broker's own sandbox, and the key of the app that it has published there; null where bhor knows of none. */
  sandbox: { hosts: Record<string, string>; apiKey: string | null } | null
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
  type: 'text' | 'number' | 'flag' | 'path'
  /** Where it can be set for good: in `config.toml`, or only in the environment, as secrets are. */
  place: 'file' | 'environment'
}

/** `plain`: a link to 127.0.0.1, for a browser that knows no names below `localhost`. */
export interface NewLink {
  plain?: boolean
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
  /** Of this sign-in; no secret. */
  id: string
  csrf: string
  expiresAt: string
}
export interface Me {
  signedIn: true
  expiresAt: string | null
  url: string
  /** Where the porch is reached; null where there is none. */
  porch: string | null
  /** The sign-in of whoever asks; null for the command line. */
  browser: string | null
  /** It stays signed in past its tab and past a stop of the server. */
  isKept: boolean
  /** By which the page knows this desk again, in hex; null for the command line. */
  proofKey: string | null
  /** The number of the newest event: whoever reads from now on follows the feed behind it, and misses nothing. */
  seq: number
  /** What was typed into forms of the page and not sent yet, by form; nothing for the command line. */
  drafts: Record<string, FormDraft>
  choices: PageChoices
}
/** How whoever uses the page wants it, in every browser; what nobody has chosen is left out. */
export interface PageChoices {
  amounts?: 'hidden'
  /** Single keys do nothing. */
  keys?: 'off'
  /** The way to the first program is not offered again. */
  firstProgram?: 'over'
  accounts?: 'cards' | 'table'
}
/** What is left out stays as it was chosen, maybe in another browser; null takes a choice back. */
export type ChoosePage = { [Choice in keyof PageChoices]: PageChoices[Choice] | null }
/** What was typed, by field. No secret: those are never kept. */
export type FormDraft = Record<string, string>
/** In place of what was kept of this form; without a field nothing is. */
export interface KeepDraft {
  fields: FormDraft
}
/** A browser that is signed in to the page. */
export interface BrowserView {
  id: string
  name: string
  startedAt: string | null
  lastUsedAt: string | null
  expiresAt: string | null
  /** It comes back by itself, also when bhor starts again. */
  isKept: boolean
  isThis: boolean
  /** Its row cannot be read, and does not count. */
  isDamaged: boolean
}
export interface BrowsersRevoked extends KeyFrame {
  revoked: number
}
/** See `POST /v1/desk/return`. */
export interface ReturnAsked {
  /** Anything; the proof covers it. */
  nonce: string
}
export interface ReturnOffered {
  /** Where the page goes on. */
  url: string
  /** HMAC-SHA-256 under the proof key of nonce, line end and url, in hex. */
  proof: string
}
export interface ReturnStart {
  /** What stands behind `#return=` in the address. */
  ticket: string
}
export interface ReturnStarted {
  /** Where the browser has its key, and where it shall have the next one. */
  frame: string
  nextFrame: string
  challenge: string
}
export interface ReturnFinish {
  ticket: string
  /** Of the next key: P-256, SPKI, base64. */
  publicKey: string
  signature: string
}
export interface ReturnFinished extends SignedIn {
  /** Frames in which the browser forgets keys that count no more. */
  forget: string[]
}
/** A frame in which the browser makes, or forgets, its key; null where it has none. */
export interface KeyFrame {
  frame: string | null
}
/** `POST /v1/desk/sign-out/late`: which sign-in, of those whose cookies the browser has. */
export interface SignOutLate {
  browser: string
}
export interface KeepKey {
  publicKey: string
}
export interface AskConfirmation {
  /** What the problem `confirmation_needed` names. */
  act: string
}
export interface Confirmation {
  /** For `bhor desk confirm`. */
  code: string
  /** What it is for, in words. */
  text: string
  /** There is a passphrase to confirm with. */
  byPassphrase: boolean
  expiresAt: string
  expiresInMs: number
}
export interface GivePassphrase {
  passphrase: string
}
export interface SetPassphrase {
  /** null takes it away. */
  passphrase: string | null
}
export interface Fresh {
  /** Until when what was confirmed last counts; null where nothing does. */
  until: string | null
  /** There is a passphrase to confirm with. */
  byPassphrase: boolean
}
export interface Confirmed {
  browser: string
  text: string
  until: string
}
/** See `GET /v1/proof`. */
export interface Proof {
  /** HMAC-SHA-256 in hex. */
  proof: string
}
/** Where the changes stand; see `GET /v1/changes`. */
export interface Version {
  version: number
  /** What keeps everything from leaving; null where nothing does. */
  trouble: Trouble | null
}
export interface Trouble {
  code: ErrorCode
  text: string
  hint: string
}
