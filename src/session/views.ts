import type { AccountView, AuditView, KeyView, LoginView, Scope, SessionView } from '../contracts/api.ts'
import type { AuditRecord } from '../contracts/audit.ts'
import type { AccountRecord, ClientKeyRecord, LoginRecord, SessionRecord } from '../contracts/store.ts'
import type { BhorError, ErrorCode } from '../core/errors.ts'
import { printable } from '../core/redact.ts'
import { appOf } from './accounts.ts'
import type { SessionContext } from './context.ts'
import { openSecrets, places } from './records.ts'
import { latestSessionOf } from './signing.ts'
import { statusAt, statusText } from './state.ts'

/** An account as it is shown: everything but secrets, and the truth at this moment. */
export async function accountView(context: SessionContext, account: AccountRecord): Promise<AccountView> {
  const nowMs = context.clock.nowMs()
  const broker = await context.broker(account.broker)
  const { app, secrets } = await appOf(context, account)
  const session = await latestSessionOf(context, account)
  const [login] = await context.store.openLogins(nowMs, account.id)
  const status = statusAt(nowMs, session, login)
  const kept = openSecrets(context.vault, account.sealedSecrets, places.accountSecrets(account.id))
  return {
    id: account.id,
    account: account.alias,
    label: account.label,
    broker: account.broker,
    brokerName: broker.name,
    kind: account.kind,
    app: { apiKey: app.apiKey, ...app.fields },
    fields: { ...account.fields },
    secrets: [...Object.keys(secrets), ...Object.keys(kept)],
    settings: {},
    apiKey: app.apiKey,
    hasSecret: Object.keys(secrets).length > 0,
    userId: account.userId || null,
    redirectUrl: account.redirectUrl,
    postbackUrl: account.postbackUrl || null,
    hasPassword: 'password' in kept,
    hasPhoneNumber: 'phoneNumber' in kept,
    status,
    statusText: statusText(status, account, session),
    generation: account.generation,
    session: session ? sessionView(nowMs, session) : null,
    login: login ? { id: login.id, expiresAt: iso(login.expiresAtMs) } : null,
    lastLoginAt: isoOrNull(account.lastLoginAtMs),
    lastProbe: account.lastProbe && {
      at: iso(account.lastProbe.atMs),
      verdict: account.lastProbe.verdict,
      code: account.lastProbe.code,
    },
    lastFault: account.lastFault && {
      at: iso(account.lastFault.atMs),
      code: account.lastFault.code,
      detail: account.lastFault.detail,
    },
    createdAt: iso(account.createdAtMs),
    updatedAt: iso(account.updatedAtMs),
  }
}

/** What may be said of an account whose stored rows are not genuine: which one it is, and that it is damaged. */
export function damagedView(
  context: Pick<SessionContext, 'clock'>,
  account: AccountRecord,
  error: BhorError,
): AccountView {
  return {
    id: account.id,
    account: printable(account.alias, 40),
    label: '',
    broker: '',
    brokerName: '',
    kind: account.kind,
    app: {},
    fields: {},
    secrets: [],
    settings: {},
    apiKey: '',
    hasSecret: false,
    userId: null,
    redirectUrl: '',
    postbackUrl: null,
    hasPassword: false,
    hasPhoneNumber: false,
    status: 'none',
    statusText: `${error.message} ${error.hint}`,
    generation: 0,
    session: null,
    login: null,
    lastLoginAt: null,
    lastProbe: null,
    lastFault: { at: context.clock.now().toString(), code: error.code, detail: error.message },
    createdAt: iso(account.createdAtMs),
    updatedAt: iso(account.updatedAtMs),
  }
}

function sessionView(nowMs: number, session: SessionRecord): SessionView {
  const isLive = session.status === 'active'
  return {
    id: session.id,
    generation: session.generation,
    userId: session.userId,
    userName: session.userName,
    userShortname: session.userShortname,
    email: session.email,
    userType: session.userType,
    broker: session.brokerName,
    exchanges: [...session.exchanges],
    products: [...session.products],
    orderTypes: [...session.orderTypes],
    startedBy: session.startedBy,
    loginTime: iso(session.grantedAtMs),
    expiresAt: iso(session.expiresAtMs),
    expiresInMs: isLive ? Math.max(0, session.expiresAtMs - nowMs) : 0,
    ttlHours: Math.round((session.expiresAtMs - session.grantedAtMs) / 36_000) / 100,
    tokenKinds: Object.keys(session.tokenExpiriesMs).sort(),
    endedAt: isoOrNull(session.endedAtMs),
    endReason: session.endReason,
  }
}

export function loginView(nowMs: number, account: AccountRecord, login: LoginRecord): LoginView {
  const isOver = login.status === 'open' && nowMs >= login.expiresAtMs
  const outcome = (login.outcome || null) as ErrorCode | null
  return {
    login: login.id,
    account: account.alias,
    broker: account.broker,
    kind: account.kind,
    asks: [],
    status: isOver ? 'expired' : login.status,
    outcome: isOver ? 'login_expired' : outcome,
    outcomeText: isOver ? outcomeTexts.login_expired : outcome && outcomeText(account, outcome),
    generation: login.generation,
  }
}

const outcomeTexts = {
  login_expired: 'The login link is older than 10 minutes.',
  login_refused: 'The broker did not grant the login: it was refused or cancelled there.',
  cancelled: 'The login was cancelled.',
} as const satisfies Partial<Record<ErrorCode, string>>

/** What happened, as a sentence; what to do about it is the code's hint. */
function outcomeText({ lastFault }: AccountRecord, outcome: ErrorCode): string {
  if (lastFault?.code === outcome) return lastFault.detail
  return outcome in outcomeTexts
    ? outcomeTexts[outcome as keyof typeof outcomeTexts]
    : 'The login did not succeed.'
}

export async function keyView(context: SessionContext, key: ClientKeyRecord): Promise<KeyView> {
  const names = await Promise.all((key.accountIds ?? []).map((id) => context.store.account(id)))
  return {
    id: key.id,
    name: key.name,
    scopes: key.scopes as Scope[],
    accounts: key.accountIds && names.flatMap((account) => (account ? [account.alias] : [])),
    createdAt: iso(key.createdAtMs),
    expiresAt: isoOrNull(key.expiresAtMs),
    revokedAt: isoOrNull(key.revokedAtMs),
  }
}

export function auditView(record: AuditRecord): AuditView {
  return {
    seq: record.seq,
    at: iso(record.atMs),
    actor: record.actor.id ? `${record.actor.kind}:${record.actor.id}` : record.actor.kind,
    action: record.action,
    account: record.account ?? null,
    result: record.result,
    code: record.code ?? null,
    detail: { ...record.detail },
  }
}

function iso(epochMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toString()
}
function isoOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : iso(epochMs)
}
