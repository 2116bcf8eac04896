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
import { overIntent } from '../ground/intent.ts'
import type { Line } from '../ground/line.ts'
import { amended, places, proven, sealSecrets, stamped } from '../ground/records.ts'
import type { Principal } from '../ground/rights.ts'
import { doubt, rivalsOf, stillArrivesMs } from '../ground/rivals.ts'
import { expiresAt } from '../life/expiry.ts'
import { type Verified, wrongUser } from './identity.ts'

/** Of which it is known when it began. */
export type DatedGrant = Grant & Required<Pick<Grant, 'grantedAt'>>

export interface NewSession {
  /** The way by which it was granted, with the credentials that it was made with. */
  readonly line: Line
  readonly grant: DatedGrant
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
  // Who was given up meanwhile has been told as lost; what comes late changes nothing.
  const nowMs = context.clock.nowMs()
  const generation = account.generation + 1
  const rivals = await rivalsOf(context, broker, { ...account, userId: verified.userId }, c.reads)
  const hasMet = await hasCrossed(intent, [account, ...rivals], rivals, c.reads)
  const session = stamped(context.vault, 'sessions', {
    ...draftOf(context, input, generation),
    accountId: account.id,
    generation,
    unconfirmed: account.userId === '' ? unconfirmedBy(input) : '',
  })
  // Whoever comes from outside may be anybody: a person at the desk says whether it is the right one.
  const isPinned = account.userId !== '' || session.unconfirmed === ''
  const updated = amended(context.vault, 'accounts', account, {
    ...(isPinned ? { userId: verified.userId } : {}),
    generation,
    lastFault: null,
    lastProbe: { atMs: nowMs, verdict: verified.verdict, code: 'ok' },
    ...(hasMet ? { lastDoubt: { atMs: nowMs + stillArrivesMs, code: 'session_revoked' } } : {}),
    ...(startedBy === 'renewal' ? {} : { lastLoginAtMs: nowMs }),
  })
  const detail = {
    generation,
    broker: broker.id,
    user: verified.userId,
    kinds: Object.keys(grant.tokens).sort().join(','),
    ...(grant.leftOut ? { leftOut: grant.leftOut.join(',') } : {}),
    startedBy,
    ...(session.unconfirmed === '' ? {} : { unconfirmed: session.unconfirmed }),
  }
  const action = startedBy === 'renewal' ? 'session.renew' : 'session.start'
  const tx = c.tell({ actor: principal.actor, action, result: 'ok', account: updated, detail })
  await tx.sessions.insert(session)
  if (before?.status === 'active') {
    const replaced = { status: 'ended', endReason: 'replaced', endedAtMs: nowMs } as const
    await tx.sessions.update(amended(context.vault, 'sessions', before, replaced))
  }
  await tx.accounts.update(updated, account.generation)
  if (!(await tx.intents.update(overIntent(context, intent, { state: 'committed' })))) throw givenUp()
  if (login) {
    const done = amended(context.vault, 'logins', login, { status: 'done', generation })
    if (!(await tx.logins.update(done, 'used'))) throw givenUp()
  }
  const from = troubleBefore(account, before)
  const { actor } = principal
  if (login) c.tell({ ...finished, actor, account: updated, detail: { login: login.id, generation } })
  if (from) c.tell({ ...recovered, actor, account: updated, detail: { generation, from } })
  await doubt(context, c, rivals, updated)
  return { account: updated, session }
}

/** By which way from outside it came, if by one; what is renewed stays what it was. */
function unconfirmedBy({ login, renews }: NewSession): SessionRecord['unconfirmed'] {
  if (renews) return renews.unconfirmed
  return login?.cameBy === 'porch' || login?.cameBy === 'telegram' ? login.cameBy : ''
}

const finished = { action: 'login.finish', result: 'ok' } as const
const recovered = { action: 'session.recover', result: 'ok' } as const

/** What a new session puts an end to: a fault, or that the session before it was ended early. Not that a day was over. */
function troubleBefore({ lastFault }: AccountRecord, before: SessionRecord | undefined): string | undefined {
  return lastFault?.code ?? (before?.endReason === 'revoked' ? 'session_revoked' : undefined)
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
  const found = await appOf(context, account, reads)
  if (versionOf(context, account, found) === line.credentials.version) return account
  throw conflict(`${account.alias} was changed while its login ran. Nothing was stored.`)
}

/** Told as lost already, by a process that took this one for dead: another exchange may be under way by now. */
function givenUp(): BhorError {
  return new BhorError(
    'answer_lost',
    'This login was given up before the broker had answered. Nothing was stored.',
  )
}

function conflict(text: string): BhorError {
  return new BhorError('generation_conflict', text)
}

/** What a renewal may follow: the session that it renews, as it was then, but not logged out or replaced meanwhile. */
function isRenewable(renewed: SessionRecord, latest: SessionRecord | undefined): boolean {
  if (latest?.id !== renewed.id) return false
  return (
    latest.status === 'active' || latest.endReason === 'expired' || latest.endReason === renewed.endReason
  )
}

/**
 * Whether another exchange, of this account or of one whose session this one may end, was under way at the same time: then
 * nobody knows which of them the broker has granted last.
 */
async function hasCrossed(
  { createdAtMs }: IntentRecord,
  accounts: readonly AccountRecord[],
  rivals: readonly AccountRecord[],
  reads: StoreReads,
): Promise<boolean> {
  const sinceMs = createdAtMs - stillArrivesMs
  if (accounts.some(({ lastFault }) => lastFault?.code === 'answer_lost' && lastFault.atMs >= sinceMs))
    return true
  for (const { id } of rivals)
    if (((await reads.sessions.latest(id))?.createdAtMs ?? 0) >= sinceMs) return true
  return false
}

/** What a session is, but for whose it is and what becomes of it. */
export function draftOf(
  context: SessionContext,
  {
    line: { broker },
    grant,
    verified,
    startedBy,
    grantCode,
  }: Pick<NewSession, 'grant' | 'verified' | 'startedBy' | 'grantCode'> & {
    readonly line: { readonly broker: Broker }
  },
  generation: number,
) {
  const id = newId('ses', context.random)
  const nowMs = context.clock.nowMs()
  const { grantedAt } = grant
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
