import { z } from 'zod'
import type * as activity from '../contracts/activity.ts'
import { activityKinds } from '../contracts/activity.ts'
import type * as alerts from '../contracts/alerts.ts'
import { alertKinds, channelKinds, severities } from '../contracts/alerts.ts'
import type * as api from '../contracts/api.ts'
import { gateReasons, gravities, loginKinds, scopes, sessionStatuses } from '../contracts/api.ts'
import { verdictKinds } from '../contracts/broker.ts'
import type * as calendar from '../contracts/calendar.ts'
import { dayKinds, marketPhases, segments, sessionPhases, sharesWith } from '../contracts/calendar.ts'
import type { FeedEvent } from '../contracts/events.ts'
import type * as imports from '../contracts/imports.ts'
import { importedTokens } from '../contracts/imports.ts'
import type * as mirrors from '../contracts/mirrors.ts'
import { mirrorFormats, mirrorStates } from '../contracts/mirrors.ts'
import type { AccountOrders, PortfolioView } from '../contracts/portfolio.ts'
import { type ErrorCode, errorTable } from '../core/errors.ts'
import { feedEvent } from './event-schemas.ts'
import { accountOrders, portfolioView } from './portfolio-schemas.ts'

/** The wire types by name. Each has a schema: bodies are checked by it, `/openapi.json` is made from it. */
export interface Wire {
  AddAccount: api.AddAccount
  EditAccount: api.EditAccount
  LoginStart: api.LoginStart
  LoginComplete: api.LoginComplete
  GenerateSession: api.GenerateSession
  SessionGenerated: api.SessionGenerated
  SessionNotGenerated: api.SessionNotGenerated
  LoginAnswers: api.LoginAnswers
  Confirm: api.Confirm
  HookAdded: api.HookAdded
  LoginLink: api.LoginLink
  SetGate: api.SetGate
  SetHouseGate: api.SetHouseGate
  SetSeal: api.SetSeal
  MakeBackup: api.MakeBackup
  DrillBackup: api.DrillBackup
  ExportAudit: api.ExportAudit
  ChangeMaster: api.ChangeMaster
  AddKey: api.AddKey
  StartRun: api.StartRun
  AddAlertChannel: alerts.AddAlertChannel
  EditAlertChannel: alerts.EditAlertChannel
  AlertChannelView: alerts.AlertChannelView
  AlertChannelAdded: alerts.AlertChannelAdded
  AlertTested: alerts.AlertTested
  ImportFiles: imports.ImportFiles
  ImportPlan: imports.ImportPlan
  AddMirror: mirrors.AddMirror
  SyncMirror: mirrors.SyncMirror
  MirrorView: mirrors.MirrorView
  CalendarChange: calendar.CalendarChange
  CalendarList: calendar.CalendarList
  CalendarMove: calendar.CalendarMove
  NewLink: api.NewLink
  SignIn: api.SignIn
  AskConfirmation: api.AskConfirmation
  ReturnAsked: api.ReturnAsked
  ReturnStart: api.ReturnStart
  ReturnFinish: api.ReturnFinish
  KeepKey: api.KeepKey
  GivePassphrase: api.GivePassphrase
  SetPassphrase: api.SetPassphrase
  BrowserView: api.BrowserView
  BrowsersRevoked: api.BrowsersRevoked
  ReturnFinished: api.ReturnFinished
  ReturnOffered: api.ReturnOffered
  ReturnStarted: api.ReturnStarted
  KeyFrame: api.KeyFrame
  SignOutLate: api.SignOutLate
  Confirmation: api.Confirmation
  Fresh: api.Fresh
  Confirmed: api.Confirmed
  AccountView: api.AccountView
  StoredAccount: api.StoredAccount
  AccountEgress: api.AccountEgress
  Compromised: api.Compromised
  Unused: api.Unused
  GateView: api.GateView
  SealView: api.SealView
  BackupsView: api.BackupsView
  VaultView: api.VaultView
  AuditExported: api.AuditExported
  MasterChanged: api.MasterChanged
  AccountGate: api.AccountGate
  RollCallView: api.RollCallView
  PortfolioView: PortfolioView
  AccountOrders: AccountOrders
  HandOut: api.HandOut
  LoginStarted: api.LoginStarted
  LoginView: api.LoginView
  TestResult: api.TestResult
  RefusalReport: api.RefusalReport
  ReportView: api.ReportView
  KeyView: api.KeyView
  KeyRevoked: api.KeyRevoked
  KeyAdded: api.KeyAdded
  RunStarted: api.RunStarted
  CalendarDay: calendar.CalendarDay
  MarketNow: calendar.MarketNow
  AuditView: api.AuditView
  AuditCheck: api.AuditCheck
  ActivityPage: activity.ActivityPage
  ActivityAccounts: activity.ActivityAccounts
  AskActivityExport: activity.AskActivityExport
  ActivityExport: activity.ActivityExport
  AccountHistory: activity.AccountHistory
  BrokerView: api.BrokerView
  DoctorFinding: api.DoctorFinding
  RollbackAccepted: api.RollbackAccepted
  ConfigOption: api.ConfigOption
  Link: api.Link
  SignedIn: api.SignedIn
  Me: api.Me
  ChoosePage: api.ChoosePage
  KeepDraft: api.KeepDraft
  Proof: api.Proof
  Version: api.Version
  FeedEvent: FeedEvent
  Problem: api.Problem
  QuestionView: api.QuestionView
  Learnt: api.Learnt
}
export type SchemaName = keyof Wire
export type NameOf<T> = { [Name in SchemaName]: Same<T, Wire[Name]> extends true ? Name : never }[SchemaName]

/** The very same type, not only one that fits. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

const text = z.string()
const time = z.iso.datetime()
const texts = z.record(text, text)
const code = z.enum(Object.keys(errorTable) as ErrorCode[])
const pageChoices = z.strictObject({
  amounts: z.literal('hidden').exactOptional(),
  keys: z.literal('off').exactOptional(),
  firstProgram: z.literal('over').exactOptional(),
  accounts: z.enum(['cards', 'table']).exactOptional(),
})
/** Which account an answer is about. */
const about = { account: text, broker: text, kind: z.enum(['live', 'sandbox', 'broker-sandbox']) }
const question = { question: text, asks: text, call: text, token: text }
const auditCheck = z.union([
  z.object({ intact: z.literal(true), records: z.int(), prunedUpTo: z.int().exactOptional() }),
  z.object({ intact: z.literal(false), seq: z.int(), fault: text, text, records: z.int() }),
])
const rate = z.strictObject({ requestsPerSecond: z.number(), burstSize: z.number() })
const callLimit = z
  .array(z.tuple([z.int(), z.int()]).readonly())
  .readonly()
  .exactOptional()
const callLimits = z.object({ order: callLimit, quote: callLimit, historical: callLimit, read: callLimit })
const settings = z.object({
  group: text.exactOptional(),
  egress: z
    .object({
      from: text.exactOptional(),
      proxy: text.exactOptional(),
      hasLogin: z.boolean().exactOptional(),
      registered: z.array(text).exactOptional(),
    })
    .exactOptional(),
  hygiene: z
    .strictObject({ logoutAt: text.exactOptional(), logoutUnusedAfter: text.exactOptional() })
    .exactOptional(),
  renewable: z.boolean().exactOptional(),
  rateLimit: rate.exactOptional(),
})
const settingsChange = z.strictObject({
  group: text.exactOptional(),
  egress: z
    .strictObject({
      from: text.exactOptional(),
      proxy: text.exactOptional(),
      proxyLogin: text.exactOptional(),
      registered: z.array(text).exactOptional(),
    })
    .exactOptional(),
  hygiene: z
    .strictObject({ logoutAt: text.exactOptional(), logoutUnusedAfter: text.exactOptional() })
    .exactOptional(),
  rateLimit: rate.nullable().exactOptional(),
})
const egress = z.object({
  way: text,
  registered: z.array(text),
  standing: z.enum(['nothing registered', 'as registered', 'different', 'unmeasured']),
  measured: z
    .object({
      at: time,
      addresses: z.array(text),
      code: text.nullable(),
      changed: z.object({ at: time, before: z.array(text) }).nullable(),
    })
    .nullable(),
})
const prompt = z.object({
  name: text,
  label: text,
  kind: z.enum(['pin', 'password', 'totp', 'otp', 'text']),
  secret: z.boolean(),
})
const field = z.object({ name: text, label: text, secret: z.boolean(), help: text, optional: z.boolean() })
const snippet = z.object({ install: text, imports: text, use: text })
const loginKind = z.enum(loginKinds)
const loginStatus = z.enum(['open', 'used', 'done', 'failed', 'cancelled', 'expired'])
const facts = z.record(text, z.union([z.string(), z.number(), z.boolean()]))

const addAccount = z.strictObject({
  account: text.describe('The name: 1 to 40 of a-z, 0-9, "-", "_".'),
  label: text.exactOptional(),
  broker: text,
  kind: z.enum(['live', 'sandbox', 'broker-sandbox']).exactOptional(),
  app: texts.exactOptional(),
  fields: texts.exactOptional(),
  settings: settingsChange.exactOptional(),
  apiKey: text.exactOptional(),
  apiSecret: text.exactOptional(),
  userId: text.exactOptional(),
  redirectUrl: text.exactOptional(),
  postbackUrl: text.exactOptional(),
  phoneNumber: text.exactOptional(),
  password: text.exactOptional(),
  renewable: z.boolean().exactOptional(),
})
const { broker: _broker, kind: _kind, account, ...optional } = addAccount.shape
const editAccount = z.strictObject({ account: account.exactOptional(), ...optional })
const session = z.object({
  id: text,
  generation: z.int(),
  userId: text,
  userName: text,
  userShortname: text,
  email: text,
  userType: text,
  broker: text,
  exchanges: z.array(text),
  products: z.array(text),
  orderTypes: z.array(text),
  startedBy: z.enum(['login', 'renewal', 'import', 'approval']),
  loginTime: time,
  expiresAt: time,
  expiresInMs: z.number(),
  ttlHours: z.number(),
  tokenKinds: z.array(text),
  endedAt: time.nullable(),
  endReason: z.enum(['replaced', 'expired', 'revoked', 'logged_out']).nullable(),
})
const key = z.object({
  id: text,
  name: text,
  scopes: z.array(z.enum(scopes)),
  accounts: z.array(text).nullable(),
  madeBy: text.nullable(),
  createdAt: time,
  expiresAt: time.nullable(),
  revokedAt: time.nullable(),
  lastUsedAt: time.nullable(),
  uses: z.int(),
  perAccount: z.array(z.object({ account: text, lastUsedAt: time, uses: z.int() })),
  isRun: z.boolean(),
})
const handOut = z.object({
  ...about,
  generation: z.int(),
  tokenKind: text,
  accessToken: text,
  apiKey: text,
  userId: text,
  baseUrl: text,
  hosts: texts,
  headers: texts,
  issuedAt: time,
  expiresAt: time,
  limits: callLimits.exactOptional(),
})
const segment = z.enum(segments)
const phase = z.enum(sessionPhases)
const hours = z.object({ phase, from: time, until: time, only: z.enum(sharesWith).nullable() })
const day = z.object({
  date: text,
  segment,
  kind: z.enum(dayKinds),
  sessions: z.array(hours).nullable(),
  note: text,
  source: text.nullable(),
  saidBy: z.enum(['bhor', 'user']).nullable(),
})
const writtenDay = z.strictObject({
  date: text.describe('YYYY-MM-DD'),
  segments: z.array(segment).exactOptional(),
  kind: z.enum(['holiday', 'special']),
  hours: z
    .union([text, z.array(z.strictObject({ phase: phase.exactOptional(), from: text, until: text }))])
    .exactOptional(),
  note: text.exactOptional(),
})

const gate = {
  state: z.enum(['open', 'closed']),
  reason: z.enum(gateReasons).nullable(),
  text,
  since: time.nullable(),
  until: time.nullable(),
  next: text.nullable(),
  causes: z.array(
    z.object({
      reason: z.enum(gateReasons),
      closes: z.boolean(),
      text,
      since: time.nullable(),
      until: time.nullable(),
      next: text.nullable(),
    }),
  ),
}
const setHouseGate = z.strictObject({
  state: z.enum(['open', 'closed']),
  reason: text.exactOptional(),
  until: text.exactOptional(),
})

const accountView = z.object({
  ...about,
  id: text,
  label: text,
  brokerName: text,
  app: texts,
  fields: texts,
  secrets: z.array(text),
  settings,
  apiKey: text,
  hasSecret: z.boolean(),
  userId: text.nullable(),
  redirectUrl: text,
  redirectNote: text.nullable(),
  postbackUrl: text.nullable(),
  hasPassword: z.boolean(),
  hasPhoneNumber: z.boolean(),
  status: z.enum(sessionStatuses),
  statusText: text,
  loginHelps: z.boolean(),
  generation: z.int(),
  session: session.nullable(),
  unconfirmed: z
    .object({ userId: text, userName: text, via: z.enum(['porch', 'telegram']), at: time })
    .nullable(),
  login: z.object({ id: text, expiresAt: time }).nullable(),
  lastLoginAt: time.nullable(),
  lastProbe: z.object({ at: time, verdict: z.enum(['valid', 'invalid', 'unknown']), code: text }).nullable(),
  lastFault: z.object({ at: time, code: text, detail: text }).nullable(),
  egress,
  gate: z.object(gate),
  createdAt: time,
  updatedAt: time,
})

const quiet = z.strictObject({ from: text, until: text })
const severity = z.enum(severities)
const channel = z.object({
  name: text,
  kind: z.enum(channelKinds),
  target: text,
  settings: texts,
  secrets: z.array(text),
  leastSeverity: severity,
  accounts: z.array(text).nullable(),
  tells: z.array(z.enum(alertKinds)),
  quiet: quiet.nullable(),
  state: z.enum(['new', 'working', 'failing', 'damaged']),
  waiting: z.number(),
  lastDelivery: time.nullable(),
  lastFailure: z.object({ at: time, code: text, text }).nullable(),
  lastCheck: time.nullable(),
})

export const schemas = {
  AddAccount: addAccount,
  EditAccount: editAccount,
  LoginStart: z.strictObject({
    via: z.enum(['desk', 'cli', 'api']).exactOptional(),
    method: text.exactOptional(),
  }),
  LoginComplete: z.strictObject({ address: text }),
  LoginAnswers: z.strictObject({ answers: texts }),
  Confirm: z.strictObject({ userId: text }),
  HookAdded: z.object({ ...about, url: text, beforeUntil: time.nullable() }),
  LoginLink: z.object({ ...about, url: text, expiresAt: time }),
  SetGate: setHouseGate.extend({ withhold: z.boolean().exactOptional() }),
  SetHouseGate: setHouseGate,
  ChangeMaster: z.strictObject({ source: z.enum(['file', 'passphrase']), passphrase: text.exactOptional() }),
  ExportAudit: z.strictObject({
    path: text.exactOptional(),
    before: text,
    replace: z.boolean().exactOptional(),
  }),
  MakeBackup: z.strictObject({ path: text, passphrase: text, replace: z.boolean().exactOptional() }),
  DrillBackup: z.strictObject({ path: text.exactOptional(), passphrase: text.exactOptional() }),
  SetSeal: z.strictObject({ reason: text.exactOptional() }),
  AddKey: z.strictObject({
    name: text,
    scopes: z.array(z.enum(scopes)),
    accounts: z.array(text).exactOptional(),
    expiresInDays: z.number().exactOptional(),
  }),
  StartRun: z.strictObject({ name: text, minLife: text.exactOptional() }),
  AddAlertChannel: z.strictObject({
    name: text,
    kind: z.enum(channelKinds),
    fields: texts.exactOptional(),
    secrets: texts.exactOptional(),
    leastSeverity: severity.exactOptional(),
    accounts: z.array(text).exactOptional(),
    quiet: quiet.exactOptional(),
  }),
  EditAlertChannel: z.strictObject({
    name: text.exactOptional(),
    fields: texts.exactOptional(),
    secrets: texts.exactOptional(),
    leastSeverity: severity.exactOptional(),
    accounts: z.array(text).nullable().exactOptional(),
    quiet: quiet.nullable().exactOptional(),
  }),
  AlertChannelView: channel,
  AlertChannelAdded: channel.extend({ made: texts }),
  AlertTested: z.object({ name: text, delivered: z.literal(true), at: time }),
  ImportFiles: z.strictObject({
    files: z.array(z.strictObject({ path: text, text })),
    broker: text.exactOptional(),
    account: text.exactOptional(),
    kind: about.kind.exactOptional(),
    apiSecretIs: z.enum(['secret', 'token']).exactOptional(),
    apiSecret: text.exactOptional(),
    apiKey: text.exactOptional(),
    userId: text.exactOptional(),
    replaceSecret: z.boolean().exactOptional(),
    mirror: z.boolean().exactOptional(),
    apply: z.boolean().exactOptional(),
  }),
  ImportPlan: z.object({
    applied: z.boolean(),
    accounts: z.array(
      z.object({
        ...about,
        source: text,
        apiKey: text,
        userId: text.nullable(),
        readAs: z.array(text),
        hasSecret: z.boolean(),
        token: z.enum(importedTokens),
        mirror: text.nullable(),
        notes: z.array(text),
      }),
    ),
    ignored: z.array(text),
  }),
  AddMirror: z.strictObject({
    account: text,
    path: text,
    format: z.enum(mirrorFormats),
    template: text.exactOptional(),
    inPlace: z.boolean().exactOptional(),
  }),
  SyncMirror: z.strictObject({ foreign: z.enum(['take', 'overwrite']).exactOptional() }),
  MirrorView: z.object({
    ...about,
    id: text,
    path: text,
    format: z.enum(mirrorFormats),
    inPlace: z.boolean(),
    state: z.enum(mirrorStates),
    generation: z.int(),
    writtenAt: time.nullable(),
    fault: z.object({ at: time, code: text, text }).nullable(),
  }),
  CalendarChange: z.strictObject({
    days: z.array(writtenDay.extend({ kind: z.enum(['holiday', 'special', 'ordinary']) })),
  }),
  CalendarList: z.strictObject({
    year: z.number(),
    segments: z.array(segment),
    source: text,
    days: z.array(writtenDay),
  }),
  CalendarMove: z.strictObject({ to: text, segments: z.array(segment).exactOptional() }),
  NewLink: z.strictObject({ plain: z.boolean().exactOptional() }),
  SignIn: z.strictObject({ token: text }),
  AccountView: accountView,
  StoredAccount: accountView.extend({ notes: z.array(text) }),
  Compromised: accountView.extend({
    handedTo: z.array(
      z.object({
        kind: text,
        key: text.nullable(),
        name: text.nullable(),
        times: z.int(),
        firstAt: time,
        lastAt: time,
      }),
    ),
    livesOn: z.array(z.object({ tokenKind: text, until: time })),
  }),
  Unused: z.object({
    sessions: z.array(z.object({ account: text, since: time })),
    keys: z.array(z.object({ id: text, name: text, since: time })),
  }),
  GateView: z.object(gate),
  MasterChanged: z.object({ source: z.enum(['file', 'passphrase']), hint: text.nullable() }),
  AuditExported: z.object({ path: text, records: z.number(), from: z.number(), upTo: z.number() }),
  VaultView: z.object({
    master: text,
    key: text,
    since: time,
    rotation: z
      .object({ keys: z.array(text), left: z.number(), waiting: z.number(), damaged: z.number() })
      .nullable(),
  }),
  BackupsView: z.object({
    running: z.object({ since: time, rows: z.number() }).nullable(),
    last: z.object({ at: time, path: text, rows: z.number(), bytes: z.number() }).nullable(),
    failed: z.object({ at: time, code: text, text }).nullable(),
    folder: text.nullable(),
    next: time.nullable(),
    tooOld: z.boolean(),
    drilling: z.object({ since: time, path: text }).nullable(),
    drilled: z
      .object({
        at: time,
        path: text,
        found: z
          .object({ at: time, bhor: text, rows: z.number(), records: z.number(), isIntact: z.boolean() })
          .nullable(),
        failure: z.object({ code: text, text }).nullable(),
      })
      .nullable(),
  }),
  SealView: z.object({ sealed: z.boolean(), since: time.nullable(), by: text.nullable(), text }),
  AccountGate: z.object({ ...about, ...gate, generation: z.int() }),
  RollCallView: z.object({
    date: text,
    day: z.enum(dayKinds),
    deadline: time,
    next: time.nullable(),
    asOf: time,
    ready: z.int(),
    missing: z.int(),
    text,
    accounts: z.array(
      z.object({
        ...about,
        label: text,
        generation: z.int(),
        state: z.enum(['ready', 'login', 'renewing', 'unproven', 'blocked']),
        text,
        next: text.nullable(),
      }),
    ),
    unknown: z.array(text),
  }),
  PortfolioView: portfolioView,
  AccountOrders: accountOrders(z.object(gate)),
  GenerateSession: z.strictObject({
    requestToken: text.max(512),
    apiKey: text.max(200),
    apiSecret: text.max(200),
    accountId: text.max(40).exactOptional(),
  }),
  SessionGenerated: z.object({
    success: z.literal(true),
    data: z.object({
      access_token: text,
      user_id: text,
      user_name: text,
      email: text,
      user_type: text,
      broker: text,
      login_time: time,
    }),
  }),
  SessionNotGenerated: z.object({
    success: z.literal(false),
    error: z.object({ code: text, message: text, hint: text }),
  }),
  AccountEgress: z.object({ ...about, ...egress.shape }),
  HandOut: handOut,
  LoginStarted: z.object({
    ...about,
    login: text,
    method: loginKind,
    status: loginStatus,
    url: text.nullable(),
    asks: z.array(prompt),
    redirectUrl: text,
    expiresAt: time,
  }),
  LoginView: z.object({
    ...about,
    login: text,
    method: loginKind,
    via: text,
    status: loginStatus,
    url: text.nullable(),
    asks: z.array(prompt),
    expiresAt: time,
    outcome: code.nullable(),
    outcomeText: text.nullable(),
    outcomeHint: text.nullable(),
    generation: z.int(),
  }),
  TestResult: z.object({
    ...about,
    generation: z.int(),
    verdict: z.enum(['valid', 'invalid', 'unknown']),
    code: z.union([code, z.literal('ok')]),
    text,
    hint: text.nullable(),
    profile: z.object({ userId: text, userName: text, email: text }).nullable(),
    tookMs: z.number(),
  }),
  RefusalReport: z.strictObject({
    generation: z.int().min(1),
    status: z.int().min(100).max(599),
    body: text.max(16 * 1024).exactOptional(),
    method: text.max(10).exactOptional(),
    path: text.max(2048).exactOptional(),
  }),
  ReportView: z.object({
    ...about,
    generation: z.int(),
    verdict: z.enum(verdictKinds),
    code: z.union([code, z.literal('ok')]),
    state: z.enum(['alive', 'doubted', 'dead', 'replaced']),
  }),
  KeyView: key,
  KeyRevoked: key.extend({ alsoRevoked: z.array(key) }),
  KeyAdded: key.extend({ key: text }),
  RunStarted: z.object({
    ...about,
    run: text,
    key: text,
    url: text,
    variables: z.record(text, z.array(text)),
    session: handOut,
  }),
  CalendarDay: day,
  MarketNow: z.object({
    segment,
    phase: z.enum(marketPhases),
    until: time,
    next: z.enum(marketPhases),
    running: z.array(hours),
    day,
  }),
  AuditView: z.object({
    seq: z.int(),
    at: time,
    actor: text,
    action: text,
    account: text.nullable(),
    result: z.enum(['ok', 'refused', 'failed']),
    code: text.nullable(),
    detail: facts,
  }),
  AuditCheck: auditCheck,
  ActivityPage: z.object({
    entries: z.array(
      z.object({
        seq: z.int(),
        firstSeq: z.int(),
        at: time,
        since: time.nullable(),
        times: z.int(),
        kind: z.enum(activityKinds),
        who: text,
        actor: text,
        action: text,
        account: text.nullable(),
        result: z.enum(['ok', 'refused', 'failed']),
        code: text.nullable(),
        text,
      }),
    ),
    next: z.int().nullable(),
    upTo: z.int(),
  }),
  ActivityAccounts: z.object({ gone: z.array(text) }),
  AskActivityExport: z.strictObject({
    format: z.enum(['csv', 'json']),
    account: text.max(40).exactOptional(),
    program: text.max(80).exactOptional(),
    kind: text.max(20).exactOptional(),
    day: text.max(10).exactOptional(),
  }),
  ActivityExport: z.object({
    name: text,
    contentType: text,
    text,
    records: z.int(),
    isWhole: z.boolean(),
    sha256: text,
    check: auditCheck,
  }),
  AccountHistory: z.object({
    ...about,
    generation: z.int(),
    since: time,
    sessions: z.array(
      z.object({
        generation: z.int(),
        startedAt: time,
        startedBy: z.enum(['login', 'renewal', 'import', 'approval']),
        userId: text,
        userName: text,
        expiresAt: time,
        endedAt: time.nullable(),
        end: z.enum(['expired', 'revoked', 'logged_out', 'replaced']).nullable(),
      }),
    ),
  }),
  BrokerView: z.object({
    id: text,
    name: text,
    console: z.object({ url: text, registerHint: text }),
    userId: z.object({ label: text, help: text, field: text.nullable() }),
    app: z.array(field),
    account: z.array(field),
    kept: z.array(field),
    logins: z.array(z.object({ kind: loginKind, asks: z.array(prompt) })),
    redirectUrl: text,
    renews: z.boolean(),
    sandbox: z.object({ hosts: texts, apiKey: text.nullable() }).nullable(),
    links: z.array(
      z.object({ kind: z.enum(['login', 'console', 'docs', 'forum', 'status']), label: text, url: text }),
    ),
    snippets: z.object({ python: snippet.exactOptional(), node: snippet.exactOptional() }),
    headerFormat: text.nullable(),
    probePath: text.nullable(),
  }),
  RollbackAccepted: z.object({ found: text.nullable() }),
  DoctorFinding: z.object({
    check: text,
    ok: z.boolean(),
    gravity: z.enum(gravities),
    text,
    hint: text.nullable(),
    command: text.nullable(),
  }),
  ConfigOption: z.object({
    name: text,
    env: text,
    value: text,
    source: z.enum(['flag', 'environment', 'file', 'default']),
    help: text,
    type: z.enum(['text', 'number', 'flag', 'path']),
    place: z.enum(['file', 'environment']),
  }),
  Link: z.object({ url: text, expiresAt: time }),
  SignedIn: z.object({ id: text, csrf: text, expiresAt: time }),
  Me: z.object({
    signedIn: z.literal(true),
    expiresAt: time.nullable(),
    url: text,
    porch: text.nullable(),
    browser: text.nullable(),
    isKept: z.boolean(),
    proofKey: text.nullable(),
    drafts: z.record(text, texts),
    choices: pageChoices,
    seq: z.int(),
  }),
  ChoosePage: z.strictObject({
    amounts: pageChoices.shape.amounts.nullable(),
    keys: pageChoices.shape.keys.nullable(),
    firstProgram: pageChoices.shape.firstProgram.nullable(),
    accounts: pageChoices.shape.accounts.nullable(),
  }),
  KeepDraft: z.strictObject({ fields: z.record(text.max(100), text.max(4000)) }),
  BrowserView: z.object({
    id: text,
    name: text,
    startedAt: time.nullable(),
    lastUsedAt: time.nullable(),
    expiresAt: time.nullable(),
    isKept: z.boolean(),
    isThis: z.boolean(),
    isDamaged: z.boolean(),
  }),
  BrowsersRevoked: z.object({ revoked: z.int(), frame: text.nullable() }),
  ReturnAsked: z.strictObject({ nonce: text.min(16).max(64) }),
  ReturnOffered: z.object({ url: text, proof: text }),
  ReturnStart: z.strictObject({ ticket: text.max(100) }),
  ReturnStarted: z.object({ frame: text, nextFrame: text, challenge: text }),
  ReturnFinish: z.strictObject({
    ticket: text.max(100),
    publicKey: text.max(200),
    signature: text.max(200),
  }),
  ReturnFinished: z.object({ id: text, csrf: text, expiresAt: time, forget: z.array(text) }),
  KeyFrame: z.object({ frame: text.nullable() }),
  SignOutLate: z.strictObject({ browser: text.max(100) }),
  KeepKey: z.strictObject({ publicKey: text.max(200) }),
  AskConfirmation: z.strictObject({ act: text.max(100) }),
  Confirmation: z.object({
    code: text,
    text,
    byPassphrase: z.boolean(),
    expiresAt: time,
    expiresInMs: z.int(),
  }),
  GivePassphrase: z.strictObject({ passphrase: text.max(4096) }),
  SetPassphrase: z.strictObject({ passphrase: text.max(4096).nullable() }),
  Fresh: z.object({ until: time.nullable(), byPassphrase: z.boolean() }),
  Confirmed: z.object({ browser: text, text, until: time }),
  Proof: z.object({ proof: text }),
  Version: z.object({ version: z.number(), trouble: z.object({ code, text, hint: text }).nullable() }),
  FeedEvent: feedEvent,
  Problem: z.object({
    type: text,
    title: text,
    status: z.int(),
    code,
    detail: text,
    hint: text,
    requestId: text,
    facts: facts.exactOptional(),
  }),
  QuestionView: z.object(question),
  Learnt: z.object({
    ...question,
    broker: text,
    kind: about.kind,
    askedAt: time,
    status: z.int().nullable(),
    code: text.nullable(),
    meaning: z.enum(verdictKinds).nullable(),
    contentType: text.nullable(),
    headers: z.array(text),
    shape: z.array(text),
    failure: text.nullable(),
  }),
} as const satisfies Record<SchemaName, z.ZodType>

type Disagreeing = {
  [Name in SchemaName]: Same<z.infer<(typeof schemas)[Name]>, Wire[Name]> extends true ? never : Name
}[SchemaName]
/** Compiles only while every schema says exactly what its type says; the error names the one that does not. */
export const isTrueToWire: [Disagreeing] extends [never] ? true : Disagreeing = true
