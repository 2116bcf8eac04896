import type { Broker, Grant } from '../../contracts/broker.ts'
import type {
  AccountRecord,
  IntentRecord,
  LoginRecord,
  SessionRecord,
  SessionStart,
  StoreReads,
} from '../../contracts/store.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { Secret } from '../../core/secret.ts'
import { appOf, versionOf } from '../accounts/credentials.ts'
import { type Change, change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import type { Line } from '../ground/line.ts'
import { amended, places, proven, sealSecrets, stamped } from '../ground/records.ts'
import { keeper, type Principal } from '../ground/rights.ts'
import { expiresAt } from '../life/expiry.ts'
import { type Verified, wrongUser } from './identity.ts'

export interface NewSession {
  /** The way by which it was granted, with the credentials that it was made with. */
  readonly line: Line
  readonly grant: Grant
  readonly verified: Verified
  readonly startedBy: SessionStart
  readonly grantCode?: Secret
  readonly intent: IntentRecord
  readonly login?: LoginRecord
  /** The session that a renewal renews: it must not have been logged out or replaced meanwhile. */
  readonly renews?: SessionRecord
}

/**
 * Makes a granted session the account's current one: the generation rises by one, the session before it ends, and
 * the audit record, the login and the intent become durable in the same commit. What the grant was made with must
 * still be so.
 *
 * @throws BhorError `generation_conflict` when another process committed first, or the account was changed meanwhile
 */
export async function commitSession(
  context: SessionContext,
  principal: Principal,
  input: NewSession,
): Promise<{ account: AccountRecord; session: SessionRecord }> {
  const attempt = () => change(context, (c) => commitOnce(context, principal, input, c))
  // The token exists nowhere else yet: a busy store is worth one more try.
  return attempt().catch((error: unknown) => {
    if (isBhorError(error, 'store_busy') && error.facts.outcome !== 'unknown') return attempt()
    throw error
  })
}

async function commitOnce(context: SessionContext, principal: Principal, input: NewSession, c: Change) {
  const { line, grant, verified, startedBy, intent, login, renews } = input
  const { broker } = line
  const account = await unchangedAccount(context, line, c.reads)
  // The account may have got its user while this login ran: by an edit, or by another first login.
  if (account.userId !== '' && account.userId !== verified.userId) throw wrongUser(account.userId)
  const before = await c.reads.sessions.latest(account.id)
  if (renews && !isRenewable(renews, before)) {
    throw conflict(`The session of ${account.alias} was ended while it was renewed.`)
  }
  const nowMs = context.clock.nowMs()
  const generation = account.generation + 1
  const session = stamped(context.vault, 'sessions', {
    ...draftOf(context, input, generation),
    accountId: account.id,
    generation,
  })
  const updated = amended(context.vault, 'accounts', account, {
    userId: verified.userId,
    generation,
    lastFault: null,
    lastProbe: { atMs: nowMs, verdict: verified.verdict, code: 'ok' },
    ...(startedBy === 'renewal' ? {} : { lastLoginAtMs: nowMs }),
  })
  const detail = {
    generation,
    broker: broker.id,
    user: verified.userId,
    kinds: Object.keys(grant.tokens).sort().join(','),
  }
  const action = startedBy === 'renewal' ? 'session.renew' : 'session.start'
  const tx = c.tell({ actor: principal.actor, action, result: 'ok', account: updated, detail })
  await tx.sessions.insert(session)
  if (before?.status === 'active') {
    const replaced = { status: 'ended', endReason: 'replaced', endedAtMs: nowMs } as const
    await tx.sessions.update(amended(context.vault, 'sessions', before, replaced))
  }
  await tx.accounts.update(updated, account.generation)
  await tx.intents.update({ ...intent, state: 'committed', finishedAtMs: nowMs })
  if (login) {
    const done = amended(context.vault, 'logins', login, { status: 'done', generation })
    if (!(await tx.logins.update(done, 'used'))) {
      throw new BhorError(
        'answer_lost',
        'This login was given up before the broker had answered. Nothing was stored.',
      )
    }
  }
  await endRivals(context, c, broker, updated)
  return { account: updated, session }
}

/** The account as it is stored now, if everything that the grant was made with is still so. */
async function unchangedAccount(
  context: SessionContext,
  line: Line,
  reads: StoreReads,
): Promise<AccountRecord> {
  const stored = await reads.accounts.byId(line.account.id)
  if (!stored) {
    throw new BhorError(
      'account_not_found',
      'The account was removed while its login ran. Nothing was stored.',
    )
  }
  const account = proven(context.vault, 'accounts', stored)
  const { app } = await appOf(context, account, reads)
  if (versionOf(account, app) === line.credentials.version) return account
  throw conflict(`${account.alias} was changed while its login ran. Nothing was stored.`)
}

function conflict(text: string): BhorError {
  return new BhorError('generation_conflict', text)
}

/** What a renewal may follow: the session that it renews, live or run out, but not logged out, killed or replaced. */
function isRenewable(renewed: SessionRecord, latest: SessionRecord | undefined): boolean {
  return latest?.id === renewed.id && (latest.status === 'active' || latest.endReason === 'expired')
}

/**
 * A broker that keeps one live session per app or per user has just ended those of our other accounts that share it
 * (kite.trade/forum 5917; community.upstox.com t/14822).
 */
async function endRivals(
  context: SessionContext,
  c: Change,
  broker: Broker,
  account: AccountRecord,
): Promise<void> {
  if (broker.liveSessions === 'many') return
  const sharesUser = (other: AccountRecord) =>
    other.broker === account.broker && other.kind === account.kind && other.userId === account.userId
  const others =
    broker.liveSessions === 'one per app'
      ? (await c.reads.accounts.ofApp(account.appId)).records
      : (await c.reads.accounts.list()).records.filter(sharesUser)
  for (const other of others) {
    if (other.id === account.id) continue
    const session = await c.reads.sessions.latest(other.id)
    if (session?.status !== 'active') continue
    const detail = { generation: session.generation, by: account.alias }
    const { actor } = keeper
    const tx = c.tell({ actor, action: 'session.revoke', result: 'ok', account: other, detail })
    const ended = { status: 'ended', endReason: 'revoked', endedAtMs: context.clock.nowMs() } as const
    await tx.sessions.update(amended(context.vault, 'sessions', session, ended))
  }
}

function draftOf(
  context: SessionContext,
  { line: { broker }, grant, verified, startedBy, grantCode }: NewSession,
  generation: number,
) {
  const id = newId('ses', context.random)
  const nowMs = context.clock.nowMs()
  const grantedAt = grant.grantedAt ?? context.clock.now()
  const ends = (rule: Broker['expiry']) =>
    expiresAt(rule, {
      grantedAt,
      tokens: grant.tokens,
      ...(grant.expiresAt ? { grantExpiresAt: grant.expiresAt } : {}),
    }).epochMilliseconds
  const tokens = Object.fromEntries(
    Object.entries(grant.tokens).map(([kind, value]) => [kind, new Secret(value)]),
  )
  const profile = verified.profile
  return {
    id,
    status: 'active' as const,
    endReason: null,
    endedAtMs: null,
    startedBy,
    sealedTokens: sealSecrets(context.vault, tokens, places.tokens(id, generation)),
    sealedGrant: grantCode ? context.vault.seal(grantCode.reveal(), places.grant(id, generation)) : '',
    tokenExpiriesMs: Object.fromEntries(
      Object.keys(grant.tokens).map((kind) => [kind, ends(broker.tokens[kind]?.expiry ?? broker.expiry)]),
    ),
    userId: verified.userId,
    userName: profile?.userName ?? '',
    userShortname: profile?.userShortname ?? '',
    email: profile?.email ?? '',
    userType: profile?.userType ?? '',
    brokerName: profile?.broker ?? '',
    exchanges: profile?.exchanges ?? [],
    products: profile?.products ?? [],
    orderTypes: profile?.orderTypes ?? [],
    baseUrl: grant.baseUrl ?? '',
    grantedAtMs: grantedAt.epochMilliseconds,
    expiresAtMs: ends(broker.expiry),
    createdAtMs: nowMs,
  }
}
