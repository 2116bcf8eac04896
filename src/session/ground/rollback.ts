import type { Actor } from '../../contracts/audit.ts'
import { type Change, change } from './change.ts'
import type { SessionContext } from './context.ts'
import { amended, isGenuine, soundOf } from './records.ts'
import { type Principal, requireOperator } from './rights.ts'

/**
 * For whatever leads to something leaving. What is written for it is refused by the store as well.
 *
 * @throws BhorError `store_rolled_back`
 */
export function refuseRolledBack({ store }: Pick<SessionContext, 'store'>): void {
  const rollback = store.rollback()
  if (rollback) throw rollback
}

/**
 * Takes the store as it is, which went back, for the latest. Every live session is in doubt from then on, so that the
 * broker is asked about it before it is handed out; a key whose row was set back is revoked, a browser signed out.
 *
 * @returns what was accepted; undefined where nothing had gone back
 * @throws BhorError `scope_missing`
 */
export async function acceptRollback(
  context: SessionContext,
  principal: Principal,
): Promise<string | undefined> {
  requireOperator(principal)
  const { actor } = principal
  const found = context.store.rollback()
  if (!found) return undefined
  await change(context, async (c) => {
    const { seq } = await c.reads.audit.head()
    await c.accept()
    const detail = { seq, found: found.message }
    c.tell({ actor, action: 'store.accept', result: 'ok', detail })
    await doubtSessions(context, actor, c)
    await revokeSetBack(context, actor, c)
  })
  context.feed.stir()
  return found.message
}

async function revokeSetBack(context: SessionContext, actor: Actor, c: Change): Promise<void> {
  for (const { table, id } of context.store.setBack()) {
    if (table === 'browsers') {
      const detail = { browser: id, setBack: true }
      await c.tell({ actor, action: 'desk.revoke', result: 'ok', detail }).browsers.delete(id)
      continue
    }
    if (table === 'passphrases') {
      const detail = { set: false, setBack: true }
      await c.tell({ actor, action: 'desk.passphrase', result: 'ok', detail }).passphrases.delete()
      continue
    }
    const key = table === 'client_keys' ? await c.reads.keys.byId(id).catch(() => undefined) : undefined
    if (!key || key.revokedAtMs !== null || !isGenuine(context.vault, 'client_keys', key)) continue
    const tx = c.tell({ actor, action: 'key.revoke', result: 'ok', detail: { key: id, setBack: true } })
    const revokedAtMs = context.clock.nowMs()
    await tx.keys.update(amended(context.vault, 'client_keys', key, { revokedAtMs }))
  }
}

/** A session that may have ended since: the broker is asked before it is handed out. */
export async function doubtSessions(
  { vault, clock }: Pick<SessionContext, 'vault' | 'clock'>,
  actor: Actor,
  c: Change,
): Promise<void> {
  const code = 'store_rolled_back'
  const sessions = soundOf(vault, 'sessions', await c.reads.sessions.latestOfAll())
  const live = new Set(sessions.filter(({ status }) => status === 'active').map(({ accountId }) => accountId))
  for (const account of soundOf(vault, 'accounts', await c.reads.accounts.list())) {
    if (!live.has(account.id)) continue
    const doubt = { lastDoubt: { atMs: clock.nowMs(), code }, lastProbe: null }
    const tx = c.tell({ actor, action: 'session.doubt', result: 'ok', code, account })
    await tx.accounts.update(amended(vault, 'accounts', account, doubt), account.generation)
  }
}
