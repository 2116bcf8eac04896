import type { Broker, SignContext } from '../contracts/broker.ts'
import type { AccountRecord, SessionRecord } from '../contracts/store.ts'
import { BhorError } from '../core/errors.ts'
import type { Secret } from '../core/secret.ts'
import { appOf, noAccount } from './accounts.ts'
import type { SessionContext } from './context.ts'
import { openSecrets, places, proven } from './records.ts'

/** A session with what it takes to speak for it: the adapter, the hosts, and the revealed values to sign with. */
export interface OpenSession {
  readonly broker: Broker
  readonly account: AccountRecord
  readonly session: SessionRecord
  readonly hosts: Readonly<Record<string, string>>
  readonly signing: SignContext
}

/** Reveals a set of secrets for one call to an adapter. */
export function revealed(secrets: Readonly<Record<string, Secret>>): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret.reveal()]))
}

/** The tokens of a session, authenticated and opened. */
export function tokensOf(
  context: Pick<SessionContext, 'vault'>,
  session: SessionRecord,
): Record<string, Secret> {
  proven(context.vault, 'sessions', session)
  return openSecrets(context.vault, session.sealedTokens, places.tokens(session.id, session.generation))
}

/**
 * The live session of an account, ready for calls to the broker.
 *
 * @throws BhorError `session_none`, `session_expired`, `session_revoked` with since when
 */
export async function openLiveSession(context: SessionContext, account: AccountRecord): Promise<OpenSession> {
  const session = await latestSessionOf(context, account)
  const live = liveOrThrow(context.clock.nowMs(), account, session)
  return openSession(context, account, live)
}

/**
 * A session that a renewal may follow: live, or run out by itself, which is when a renewal is wanted most.
 *
 * @throws BhorError `session_none`, `session_revoked`
 */
export async function openRenewableSession(
  context: SessionContext,
  account: AccountRecord,
): Promise<OpenSession> {
  const session = await latestSessionOf(context, account)
  const hasRunOut = session?.status === 'active' || session?.endReason === 'expired'
  if (session && hasRunOut) return openSession(context, account, session)
  return openSession(context, account, liveOrThrow(context.clock.nowMs(), account, session))
}

/**
 * The newest session of an account that was read before, authenticated. It cannot be older than the account says: whoever can write
 * the file must not be able to bring back an earlier session by deleting the row of a later one.
 *
 * @throws BhorError `store_damaged`, `account_not_found` when the account was removed meanwhile
 */
export async function latestSessionOf(
  context: Pick<SessionContext, 'store' | 'vault'>,
  account: AccountRecord,
): Promise<SessionRecord | undefined> {
  const session = await context.store.sessions.latest(account.id)
  if ((session?.generation ?? 0) >= account.generation) {
    return session && proven(context.vault, 'sessions', session)
  }
  if (!(await context.store.accounts.byId(account.id))) throw noAccount()
  throw new BhorError(
    'store_damaged',
    `The session of generation ${account.generation} of ${account.alias} is missing.`,
    { facts: { table: 'sessions', generation: account.generation } },
  )
}

export async function openSession(
  context: SessionContext,
  account: AccountRecord,
  session: SessionRecord,
): Promise<OpenSession> {
  const broker = await context.broker(account.broker)
  const { app, secrets } = await appOf(context, account)
  const signing: SignContext = {
    app: { apiKey: app.apiKey, ...app.fields, ...revealed(secrets) },
    account: account.fields,
    tokens: revealed(tokensOf(context, session)),
    userId: session.userId,
    now: context.clock.now(),
    ...(session.baseUrl ? { baseUrl: session.baseUrl } : {}),
  }
  return { broker, account, session, signing, hosts: await context.hosts(broker, account.kind) }
}

/** Passes on a session that may be used at `nowMs`, and says exactly why any other may not. */
export function liveOrThrow(
  nowMs: number,
  account: AccountRecord,
  session: SessionRecord | undefined,
): SessionRecord {
  if (!session) throw noSession(account)
  const hint = loginHint(account)
  if (session.status === 'active' && nowMs < session.expiresAtMs) return session
  if (session.status === 'active' || session.endReason === 'expired') {
    throw new BhorError(
      'session_expired',
      `The session of ${account.alias} ended at ${instantText(session.expiresAtMs)}.`,
      { hint },
    )
  }
  const since = instantText(session.endedAtMs ?? session.expiresAtMs)
  const how =
    session.endReason === 'logged_out' ? 'was logged out' : 'was ended by the broker or another login'
  throw new BhorError('session_revoked', `The session of ${account.alias} ${how} at ${since}.`, { hint })
}

/** Why an account without any session has none. */
export function noSession(account: AccountRecord): BhorError {
  const hint = loginHint(account)
  if (account.lastFault?.code !== 'answer_lost') {
    return new BhorError('session_none', `The account ${account.alias} has no session.`, { hint })
  }
  const at = instantText(account.lastFault.atMs)
  return new BhorError('needs_login', `The last login was cut off at ${at} before its session was stored.`, {
    hint,
  })
}

function loginHint(account: AccountRecord): string {
  return `Start a login: bhor login ${account.alias}.`
}

function instantText(epochMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toString({ smallestUnit: 'second' })
}
