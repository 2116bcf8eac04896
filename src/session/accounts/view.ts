import type { AccountView, SessionView, Unconfirmed } from '../../contracts/api.ts'
import type { AccountRecord, DamagedRow, SessionRecord } from '../../contracts/store.ts'
import { dataWithoutControls } from '../../core/control-characters.ts'
import { type BhorError, isBhorError } from '../../core/errors.ts'
import { iso, isoOrNull } from '../../core/instant.ts'
import { printable } from '../../core/redact.ts'
import { egressFacts } from '../egress/standing.ts'
import { type CommonFacts, commonFactsOf, damagedGate, gateView } from '../gate/view.ts'
import type { SessionContext } from '../ground/context.ts'
import { proven, soundOf } from '../ground/records.ts'
import { loginAt } from '../life/dawn.ts'
import { latestSessionOf } from '../life/live.ts'
import { statusAt, statusText } from '../life/state.ts'
import { accountSecretsOf, appOf } from './credentials.ts'
import { ownRedirectUrls, redirectNote } from './redirect-url.ts'
import { settingsView } from './settings.ts'

/** An account as it is shown: everything but secrets, and the truth at this moment. */
export async function accountView(
  context: SessionContext,
  account: AccountRecord,
  facts?: CommonFacts,
): Promise<AccountView> {
  const nowMs = context.clock.nowMs()
  const broker = await context.broker(account.broker)
  const common = facts ?? (await commonFactsOf(context))
  const { reads } = common
  const { app, secrets } = await appOf(context, account, reads)
  const session = await latestSessionOf(context, account, reads)
  const [newest] = soundOf(context.vault, 'logins', await reads.logins.open(nowMs, account.id))
  const status = statusAt(nowMs, session, newest)
  const comesBack = broker.logins.some(({ kind }) => kind === 'redirect')
  const isLive = status === 'active' || status === 'expiring' || status === 'unconfirmed'
  // Whoever is in by another login waits no more for those that were begun before.
  const isByLogin = session?.startedBy === 'login' || session?.startedBy === 'approval'
  const isLeft = isLive && isByLogin && newest !== undefined && newest.createdAtMs <= session.createdAtMs
  const login = isLeft ? undefined : newest
  const loginNow = loginAt(nowMs, broker.expiry, session?.expiresAtMs ?? 0)
  const kept = Object.keys(accountSecretsOf(context, account))
  return dataWithoutControls<AccountView>({
    id: account.id,
    account: account.alias,
    label: account.label,
    broker: account.broker,
    brokerName: broker.name,
    kind: account.kind,
    apiKey: app.apiKey,
    app: { apiKey: app.apiKey, ...app.fields },
    fields: { ...account.fields },
    secrets: [...Object.keys(secrets).map((name) => `app.${name}`), ...kept.map((name) => `fields.${name}`)],
    settings: settingsView(account.settings),
    hasSecret: Object.keys(secrets).length > 0,
    userId: account.userId || null,
    redirectUrl: account.redirectUrl,
    redirectNote: comesBack ? noteOf(context, account) : null,
    postbackUrl: account.postbackUrl || null,
    hasPassword: kept.includes('password'),
    hasPhoneNumber: kept.includes('phoneNumber'),
    status,
    statusText: statusText(status, account, session, loginNow),
    loginHelps: !isLive || loginNow.helps,
    generation: account.generation,
    session: session ? sessionView(nowMs, session) : null,
    unconfirmed: status === 'unconfirmed' && session ? unconfirmedView(session) : null,
    login: login ? { id: login.id, expiresAt: iso(login.expiresAtMs) } : null,
    lastLoginAt: isoOrNull(account.lastLoginAtMs),
    lastProbe: dated(account.lastProbe),
    lastFault: dated(account.lastFault),
    egress: egressFacts(account, nowMs),
    gate: await gateView(context, account, common),
    createdAt: iso(account.createdAtMs),
    updatedAt: iso(account.updatedAtMs),
  })
}

/** The view of an account, of a damaged one what may be said of it; nothing of one that was removed meanwhile. */
export async function viewOrDamage(
  context: SessionContext,
  account: AccountRecord,
  common: CommonFacts,
): Promise<AccountView | undefined> {
  try {
    return await accountView(context, proven(context.vault, 'accounts', account), common)
  } catch (error) {
    if (isBhorError(error, 'account_not_found')) return undefined
    if (!isBhorError(error)) throw error
    const { id, alias, kind, createdAtMs, updatedAtMs } = account
    return damagedView({ id, alias, kind, createdAtMs, updatedAtMs }, error, context.clock.nowMs())
  }
}

/** What may be said of a row that cannot be read: which one it is, and that it is damaged. */
export function viewOfDamagedRow({ id, name, error }: DamagedRow, nowMs: number): AccountView {
  return damagedView({ id, alias: name, kind: 'live', createdAtMs: nowMs, updatedAtMs: nowMs }, error, nowMs)
}

function damagedView(
  account: Pick<AccountRecord, 'id' | 'alias' | 'kind' | 'createdAtMs' | 'updatedAtMs'>,
  error: BhorError,
  nowMs: number,
): AccountView {
  return {
    id: account.id,
    account: printable(account.alias, 40),
    label: '',
    broker: '',
    brokerName: '',
    kind: account.kind,
    apiKey: '',
    app: {},
    fields: {},
    secrets: [],
    settings: {},
    hasSecret: false,
    userId: null,
    redirectUrl: '',
    redirectNote: null,
    postbackUrl: null,
    hasPassword: false,
    hasPhoneNumber: false,
    status: 'none',
    statusText: `${error.message} ${error.hint}`,
    loginHelps: false,
    generation: 0,
    session: null,
    unconfirmed: null,
    login: null,
    lastLoginAt: null,
    lastProbe: null,
    lastFault: { at: iso(nowMs), code: error.code, detail: error.message },
    egress: egressFacts({ settings: {}, lastEgress: null }, nowMs),
    gate: damagedGate(error, nowMs),
    createdAt: iso(account.createdAtMs),
    updatedAt: iso(account.updatedAtMs),
  }
}

function noteOf(context: SessionContext, { redirectUrl, broker, kind }: AccountRecord): string | null {
  const own = ownRedirectUrls(context, broker)
  // The app that a broker has published for its sandbox leads to the broker.
  const mayBeElsewhere = kind === 'broker-sandbox'
  const porch = own.length > 1 ? own[0] : undefined
  return redirectNote(redirectUrl, context.redirectUrl(broker), porch, { mayBeElsewhere })
}

function unconfirmedView({ userId, userName, unconfirmed, createdAtMs }: SessionRecord): Unconfirmed {
  return { userId, userName, via: unconfirmed || 'porch', at: iso(createdAtMs) }
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

function dated<Fact extends { readonly atMs: number }>(
  fact: Fact | null,
): (Omit<Fact, 'atMs'> & { at: string }) | null {
  if (!fact) return null
  const { atMs, ...rest } = fact
  return { at: iso(atMs), ...rest }
}
