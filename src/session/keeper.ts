import type { IntentRecord } from '../contracts/store.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import { entryOf, type SessionContext } from './context.ts'
import { endSession } from './ending.ts'
import { amended } from './records.ts'

/** Between two looks. Expiry does not depend on it: every hand-out reads the clock itself. */
export const tickMs = 30_000
/**
 * Two tries, the profile and a logout at 20 s each, and the store: no exchange lasts this long. An intent that is open
 * still belongs to a process that died.
 */
const intentLostAfterMs = 3 * 60_000

const keeper = { kind: 'keeper', id: '' } as const

/**
 * Writes down what time has decided: sessions that ended by themselves, and exchanges of which nobody knows how they
 * went. Safe to repeat, and safe in several processes at once.
 */
export async function keep(context: SessionContext, options: { readonly isAlone: boolean }): Promise<void> {
  const nowMs = context.clock.nowMs()
  for (const session of (await context.store.sessions.latestOfAll()).records) {
    if (session.status === 'active' && nowMs >= session.expiresAtMs)
      await unlessDamaged(endSession(context, keeper, session, 'expired'))
  }
  for (const intent of (await context.store.intents.open()).records) {
    if (options.isAlone || nowMs - intent.createdAtMs >= intentLostAfterMs)
      await unlessDamaged(giveUp(context, intent))
  }
}

/** A damaged row says so to whoever uses that account; it must not stop the keeper for all the others. */
async function unlessDamaged(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!isBhorError(error, 'store_damaged')) throw error
  }
}

async function giveUp(context: SessionContext, intent: IntentRecord): Promise<void> {
  const error = new BhorError(
    'answer_lost',
    'bhor was stopped between asking the broker and storing its answer.',
  )
  await context.store.transaction(async (tx) => {
    const isOpen = (await tx.intents.open()).records.some((open) => open.id === intent.id)
    const account = await tx.accounts.byId(intent.accountId)
    if (!isOpen || !account) return
    const nowMs = context.clock.nowMs()
    await tx.intents.update({ ...intent, state: 'lost', code: error.code, finishedAtMs: nowMs })
    const login = intent.loginId ? await tx.logins.byId(intent.loginId) : undefined
    if (login)
      await tx.logins.update(
        amended(context.vault, 'logins', login, { status: 'failed', outcome: error.code }),
        'used',
      )
    const lastFault = { atMs: intent.createdAtMs, code: error.code, detail: error.message }
    // The broker may have acted after a probe that came between.
    const unknown = { lastFault, lastProbe: null }
    await tx.accounts.update(amended(context.vault, 'accounts', account, unknown), account.generation)
    const action = intent.kind === 'renewal' ? 'session.renew' : 'login.exchange'
    await context.audit.within(tx, [
      entryOf(context, keeper, account, {
        action,
        result: 'failed',
        code: error.code,
        detail: { intent: intent.id },
      }),
    ])
  })
  context.changes.announce()
}
