import type { Broker } from '../../contracts/broker.ts'
import type { AccountRecord, SessionRecord, StoreReads } from '../../contracts/store.ts'
import { isBhorError } from '../../core/errors.ts'
import type { Change } from './change.ts'
import type { SessionContext } from './context.ts'
import { amended, soundOf } from './records.ts'
import { keeper } from './rights.ts'

/** What was sent to a broker may arrive this much later than the answer is waited for. */
export const stillArrivesMs = 10_000

/**
 * Our other accounts whose session a new one of this account may end. A broker that keeps one live session per app or per
 * user ends that of who shares it (kite.trade/forum 5917; community.upstox.com t/14822). Since 2026 several people can
 * share an app, and whether one token is then per app or per person is not known: who shares either may be reached.
 */
export async function rivalsOf(
  context: Pick<SessionContext, 'vault'>,
  { liveSessions }: Broker,
  account: AccountRecord,
  reads: StoreReads,
): Promise<readonly AccountRecord[]> {
  if (liveSessions === 'many') return []
  const ofApp = soundOf(context.vault, 'accounts', await reads.accounts.ofApp(account.appId))
  const same = liveSessions === 'one per app' ? [] : await samePersonAs(context, account, reads)
  const others = [...ofApp, ...same].filter(({ id }) => id !== account.id)
  return others.filter(({ id }, at) => others.findIndex((one) => one.id === id) === at)
}

/** All of our accounts of that person at that broker, this one too; of whom nobody has said yet who it is, all that may be. */
export async function samePersonAs(
  { vault }: Pick<SessionContext, 'vault'>,
  { id, broker, kind, userId }: AccountRecord,
  reads: StoreReads,
): Promise<readonly AccountRecord[]> {
  return soundOf(vault, 'accounts', await reads.accounts.list()).filter(
    (one) =>
      one.id === id ||
      ((userId === '' || one.userId === userId) && one.broker === broker && one.kind === kind),
  )
}

/**
 * Has the broker asked about the live sessions of these accounts, because of what one of them was at.
 *
 * @param inMs when it will have come to the broker; what that says before settles nothing
 */
export async function doubt(
  context: Pick<SessionContext, 'vault' | 'clock'>,
  c: Change,
  accounts: readonly AccountRecord[],
  by: AccountRecord,
  inMs = 0,
): Promise<void> {
  for (const account of accounts) {
    const session = await soundSession(c.reads, account)
    if (session?.status !== 'active') continue
    // After all that is known of it, also by servers whose clocks are a little ahead.
    const atMs = Math.max(
      context.clock.nowMs() + inMs,
      session.createdAtMs,
      (account.lastProbe?.atMs ?? 0) + 1,
    )
    const lastDoubt = { atMs, code: 'session_revoked' }
    const after = amended(context.vault, 'accounts', account, { lastDoubt })
    const detail = { generation: session.generation, by: by.alias }
    const { actor } = keeper
    const tx = c.tell({ actor, action: 'session.doubt', result: 'ok', account: after, detail })
    await tx.accounts.update(after, account.generation)
  }
}

/** The damage of another account is not this one's: it says so to whoever uses that. */
async function soundSession(reads: StoreReads, { id }: AccountRecord): Promise<SessionRecord | undefined> {
  try {
    return await reads.sessions.latest(id)
  } catch (error) {
    if (isBhorError(error, 'store_damaged')) return undefined
    throw error
  }
}
