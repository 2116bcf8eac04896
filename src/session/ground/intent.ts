import type { Actor, AuditAction } from '../../contracts/audit.ts'
import type { AccountRecord, IntentRecord, LoginRecord, StoreReads } from '../../contracts/store.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { type Change, change } from './change.ts'
import type { SessionContext } from './context.ts'
import { amended, proven } from './records.ts'

/** An intent that is about to be written: before a single-use code or a refresh token is sent. */
export function newIntent(
  context: Pick<SessionContext, 'random' | 'clock' | 'vault'>,
  account: AccountRecord,
  kind: IntentRecord['kind'],
  codes: readonly string[],
  loginId = '',
): IntentRecord {
  const id = newId('intent', context.random)
  // What may be sent again after a failure has no code of its own: then the hash is this attempt's.
  const grant = codes.length > 0 ? [account.broker, ...codes] : [account.broker, id]
  return {
    id,
    accountId: account.id,
    loginId,
    kind,
    grantHash: context.vault.fingerprint('login-grant', JSON.stringify(grant)),
    state: 'open',
    code: '',
    createdAtMs: context.clock.nowMs(),
    finishedAtMs: null,
  }
}

/**
 * One exchange or renewal of an account at a time: of two that cross at the broker, the one that is stored last may
 * hold the token that the other one killed.
 *
 * @throws BhorError `login_in_progress`; nothing is spent, the same link works a moment later
 */
export async function refuseSecondFlight(reads: StoreReads, account: AccountRecord): Promise<void> {
  const { records } = await reads.intents.open()
  if (!records.some(({ accountId }) => accountId === account.id)) return
  throw new BhorError('login_in_progress', `Another login of ${account.alias} is just being finished.`, {
    hint: 'Wait a moment and load the page again.',
    retryAfterMs: 5_000,
  })
}

/**
 * Makes an intent durable with what belongs to it. Where nobody knows whether it became so, it is taken back as soon as
 * the store answers: nothing was sent.
 */
export async function claimIntent(
  context: SessionContext,
  actor: Actor,
  intent: IntentRecord,
  write: (c: Change) => Promise<void>,
): Promise<void> {
  await context.store.reserve()
  try {
    await change(context, write)
  } catch (cause) {
    if (!isBhorError(cause) || cause.facts.outcome !== 'unknown') throw cause
    const error = new BhorError(
      'store_unavailable',
      'The store failed before anything was sent to the broker.',
      {
        cause,
      },
    )
    const action = intent.kind === 'renewal' ? 'session.renew' : 'login.exchange'
    const told = { actor, action, state: 'failed', error } as const
    await context.flights.settle(intent, () => settleIntent(context, intent, told))
    throw error
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
  /** The broker may have acted after the last probe. */
  readonly forgetsProbe?: boolean
}

/**
 * Ends an intent that brought no session: the intent, its login and the account's fault, in one change. Somebody may
 * have been faster, or the account may be gone; then at most the record remains.
 */
export async function settleIntent(
  context: SessionContext,
  intent: IntentRecord,
  { actor, action, state, error, faultAtMs, forgetsProbe = false }: Settlement,
): Promise<void> {
  await change(context, async (c) => {
    const stored = await c.reads.accounts.byId(intent.accountId)
    const account = stored && proven(context.vault, 'accounts', stored)
    const isOpen = (await c.reads.intents.open()).records.some(({ id }) => id === intent.id)
    const login = intent.loginId ? await c.reads.logins.byId(intent.loginId) : undefined
    // Somebody was faster, and has told of it.
    if (account && !isOpen) return
    const detail = { ...(login ? { login: login.id } : { intent: intent.id }), ...error.facts }
    const tx = c.tell({ actor, action, result: 'failed', code: error.code, account, detail })
    if (!account) return
    const nowMs = context.clock.nowMs()
    await tx.intents.update({ ...intent, state, code: error.code, finishedAtMs: nowMs })
    if (login) await tx.logins.update(failed(context, login, error), 'used')
    const lastFault = { atMs: faultAtMs ?? nowMs, code: error.code, detail: error.message.slice(0, 300) }
    const after = amended(context.vault, 'accounts', account, {
      lastFault,
      ...(forgetsProbe ? { lastProbe: null } : {}),
    })
    await tx.accounts.update(after, account.generation)
  })
}

function failed(context: SessionContext, login: LoginRecord, { code }: BhorError): LoginRecord {
  return amended(context.vault, 'logins', login, { status: 'failed', outcome: code })
}
