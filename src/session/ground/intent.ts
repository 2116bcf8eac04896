import type { Actor, AuditAction } from '../../contracts/audit.ts'
import type { Broker } from '../../contracts/broker.ts'
import type { AccountRecord, IntentRecord, LoginRecord, StoreReads } from '../../contracts/store.ts'
import { BhorError, type ErrorCode, isBhorError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { type Change, change } from './change.ts'
import type { SessionContext } from './context.ts'
import { giveUpRenewal } from './login-need.ts'
import { amended, isGenuine, proven, soundOf, stamped } from './records.ts'
import { endsRenewal } from './retries.ts'
import { doubt, rivalsOf, samePersonAs, stillArrivesMs } from './rivals.ts'

/** An intent that is about to be written: before a single-use code or a refresh token is sent. */
export function newIntent(
  context: Pick<SessionContext, 'random' | 'clock' | 'vault'>,
  account: AccountRecord,
  kind: IntentRecord['kind'],
  codes: readonly string[],
  loginId = '',
): IntentRecord {
  const id = newId('intent', context.random)
  return stamped(context.vault, 'intents', {
    id,
    accountId: account.id,
    loginId,
    kind,
    // What may be sent again after a failure has no code of its own: then the hash is this attempt's.
    grantHash: grantHashOf(context, account.broker, codes.length > 0 ? codes : [id]),
    state: 'open',
    code: '',
    createdAtMs: context.clock.nowMs(),
    finishedAtMs: null,
  })
}

/** By what it is known later that a code was spent. */
export function grantHashOf(
  { vault }: Pick<SessionContext, 'vault'>,
  brokerId: string,
  codes: readonly string[],
): string {
  return vault.fingerprint('login-grant', JSON.stringify([brokerId, ...codes]))
}

/** An intent that is over, as it is stored; one that was read from there was looked at before. */
export function overIntent(
  { clock, vault }: Pick<SessionContext, 'clock' | 'vault'>,
  intent: IntentRecord,
  {
    state,
    code = '',
  }: { readonly state: Exclude<IntentRecord['state'], 'open'>; readonly code?: ErrorCode | '' },
): IntentRecord {
  return stamped(vault, 'intents', { ...intent, state, code, finishedAtMs: clock.nowMs() })
}

/** Whether an open intent counts: bhor wrote it, though perhaps before intents had a MAC. */
export function isOwnIntent({ vault }: Pick<SessionContext, 'vault'>, intent: IntentRecord): boolean {
  return intent.mac === '' || isGenuine(vault, 'intents', intent)
}

/**
 * One exchange or renewal of an account at a time: of two that cross at the broker, the one that is stored last may
 * hold the token that the other one killed.
 *
 * @throws BhorError `login_in_progress`; nothing is spent, the same link works a moment later
 */
export async function refuseSecondFlight(
  { vault }: Pick<SessionContext, 'vault'>,
  reads: StoreReads,
  account: AccountRecord,
): Promise<void> {
  const open = soundOf(vault, 'intents', await reads.intents.open())
  if (!open.some(({ accountId }) => accountId === account.id)) return
  throw new BhorError('login_in_progress', `Another login of ${account.alias} is just being finished.`, {
    hint: 'Wait a moment and load the page again.',
    retryAfterMs: 5_000,
  })
}

/**
 * An exchange has its time: so long to be written down, so long to ask the broker in, and the rest to store what came.
 * One that is open after all of it belongs to a process that died or was stopped; any process may then give it up.
 */
export const intentLostAfterMs = 60_000
const writtenWithinMs = 10_000
/** Two calls of 20 s each: the exchange and the profile. */
export const askedWithinMs = 40_000

/**
 * Makes an intent durable with what belongs to it. Where nobody knows whether it became so, or where this process was
 * stopped meanwhile, it is taken back as soon as the store answers: nothing was sent.
 *
 * @param lease must still be held as the intent becomes durable, and not any longer
 */
export async function claimIntent(
  context: SessionContext,
  actor: Actor,
  intent: IntentRecord,
  write: (c: Change) => Promise<void>,
  lease = context.lease,
): Promise<void> {
  const { clock, store, flights } = context
  await store.reserve()
  const [sinceMs, countedMs] = [clock.nowMs(), clock.monotonicMs()]
  const takeBack = async (error: BhorError): Promise<never> => {
    const action = intent.kind === 'renewal' ? 'session.renew' : 'login.exchange'
    const told = { actor, action, state: 'failed', error, wasSent: false } as const
    await flights.settle(intent, () => settleIntent(context, intent, told))
    throw error
  }
  try {
    await change(lease ? { ...context, lease } : context, write)
  } catch (cause) {
    if (!isBhorError(cause) || cause.facts.outcome !== 'unknown') throw cause
    const text = 'The store failed before anything was sent to the broker.'
    await takeBack(new BhorError(cause.code, text, { hint: cause.hint, cause }))
  }
  const tookMs = Math.max(clock.nowMs() - sinceMs, clock.monotonicMs() - countedMs)
  if (tookMs >= writtenWithinMs) {
    const text = 'bhor was stopped, or the store was slow, before anything was sent to the broker.'
    await takeBack(new BhorError('store_busy', text, { hint: 'Start the login again.' }))
  }
}

/** How an intent ended without a session. */
export interface Settlement {
  readonly actor: Actor
  readonly action: AuditAction
  readonly state: 'failed' | 'lost'
  readonly error: BhorError
  /** When the fault happened; now when left out. */
  readonly faultAtMs?: number
  /** False where the broker has certainly seen nothing of it. */
  readonly wasSent?: boolean
}

/**
 * Ends an intent that brought no session: the intent, its login and the account's fault, in one change. The broker may
 * have acted, and so ended what other accounts have. Somebody may have been faster, or the account may be gone; then at
 * most the record remains.
 */
export async function settleIntent(
  context: SessionContext,
  intent: IntentRecord,
  { actor, action, state, error, faultAtMs, wasSent = true }: Settlement,
): Promise<void> {
  await change(context, async (c) => {
    const stored = await c.reads.accounts.byId(intent.accountId)
    const account = stored && proven(context.vault, 'accounts', stored)
    const isOpen = (await c.reads.intents.open()).records.some(({ id }) => id === intent.id)
    const login = intent.loginId ? await c.reads.logins.byId(intent.loginId) : undefined
    const broker = account && wasSent && (await context.broker(account.broker).catch(() => undefined))
    const others = account && broker ? await reachedBy(context, broker, account, intent, c.reads) : []
    const arrivesInMs = wasSent && state === 'lost' ? stillArrivesMs : 0
    // Somebody was faster, and has told of it. What this one did at the broker he cannot know.
    if (account && !isOpen) return doubt(context, c, [account, ...others], account)
    const detail = { ...(login ? { login: login.id } : { intent: intent.id }), ...error.facts }
    const tx = c.tell({ actor, action, result: 'failed', code: error.code, account, detail })
    if (!account) return
    const nowMs = context.clock.nowMs()
    await tx.intents.update(overIntent(context, intent, { state, code: error.code }))
    if (login) await tx.logins.update(failed(context, login, error), 'used')
    const lastFault = { atMs: faultAtMs ?? nowMs, code: error.code, detail: error.message.slice(0, 300) }
    const after = amended(context.vault, 'accounts', account, {
      lastFault,
      // Asked about because of the fault, and again when nothing can arrive at the broker any more.
      ...(arrivesInMs > 0 ? { lastDoubt: { atMs: nowMs + arrivesInMs, code: error.code } } : {}),
    })
    await tx.accounts.update(after, account.generation)
    await doubt(context, c, others, account, arrivesInMs)
    // In the same commit: whoever dies now, or loses what he writes next, must not have the token sent again.
    if (intent.kind === 'renewal' && endsRenewal(error.code)) await giveUpRenewal(c, actor, after)
  })
}

/**
 * Our other accounts whose session the broker may have ended with a grant, or with the logout of one. Who has logged in,
 * a login that brought no session does not say.
 */
async function reachedBy(
  context: SessionContext,
  broker: Broker,
  account: AccountRecord,
  { kind }: IntentRecord,
  reads: StoreReads,
): Promise<readonly AccountRecord[]> {
  const somebody = kind === 'renewal' ? account : { ...account, userId: '' }
  const rivals = await rivalsOf(context, broker, somebody, reads)
  if (broker.logout?.ends !== 'user') return rivals
  const same = await samePersonAs(context, account, reads)
  return [...rivals, ...same.filter(({ id }) => id !== account.id && !rivals.some((one) => one.id === id))]
}

function failed(context: SessionContext, login: LoginRecord, { code }: BhorError): LoginRecord {
  return amended(context.vault, 'logins', login, { status: 'failed', outcome: code })
}
