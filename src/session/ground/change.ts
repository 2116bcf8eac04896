import type { AuditEntry } from '../../contracts/audit.ts'
import type { AccountRecord, FeedRecord, StoreReads, StoreTransaction } from '../../contracts/store.ts'
import { isBhorError } from '../../core/errors.ts'
import type { SessionContext } from './context.ts'

/** What happens, and to whom. */
export interface Event extends Pick<AuditEntry, 'actor' | 'action' | 'result' | 'code' | 'detail'> {
  /** As it is afterwards. */
  readonly account?: EventAccount | undefined
}
type EventAccount = Pick<AccountRecord, 'id' | 'alias' | 'broker' | 'kind' | 'generation'>

/** The means to write. Audit and feed are written by {@link change} alone. */
export type Writes = Omit<StoreTransaction, 'audit' | 'feed' | 'keyring'>

/** A unit of work as its author sees it: reading is free, writing takes a word about what happens. */
export interface Change {
  /** What is stored, as of this transaction. */
  readonly reads: StoreReads
  tell(event: Event): Writes
}

/**
 * The one way to change what is stored: rows, audit records and feed rows in the same commit, published afterwards.
 * What is not told cannot be written. A change that tells nothing is a read.
 *
 * @throws BhorError whatever `work` throws; `store_…` with the fact `outcome: unknown` where nobody knows whether the
 *   commit happened
 */
export async function change<T>(context: ChangeContext, work: (c: Change) => Promise<T>): Promise<T> {
  const { store, audit, clock, feed } = context
  let rows: FeedRecord[] = []
  try {
    const result = await store.transaction(async (tx) => {
      const told: Event[] = []
      const result = await work({
        reads: tx,
        tell(event) {
          told.push(event)
          return tx
        },
      })
      rows = []
      if (told.length === 0) return result
      const atMs = clock.nowMs()
      const firstSeq = await audit.within(
        tx,
        told.map((event) => entryOf(context, event, atMs)),
      )
      rows = told.map((event, at) => feedRow(event, firstSeq + at, atMs))
      await tx.feed.insert(rows)
      if (feed.isPruneDue(atMs)) await tx.feed.prune(atMs - feed.keptMs)
      return result
    })
    await feed.committed(rows)
    return result
  } catch (error) {
    // It may have happened: whoever remembers something must look again.
    if (isBhorError(error) && error.facts.outcome === 'unknown') feed.stir()
    throw error
  }
}
type ChangeContext = Pick<SessionContext, 'store' | 'audit' | 'clock' | 'feed'>

/** An audit entry about what changes nothing: a refusal, a sign-in. */
export function entryOf(
  { clock }: Pick<SessionContext, 'clock'>,
  { account, actor, action, result, code, detail }: Event,
  atMs = clock.nowMs(),
): AuditEntry {
  return {
    atMs,
    actor,
    action,
    result,
    ...(account ? { accountId: account.id, account: account.alias } : {}),
    ...(code ? { code } : {}),
    ...(detail ? { detail } : {}),
  }
}

function feedRow(
  { account, action, result, code, detail = {} }: Event,
  seq: number,
  atMs: number,
): FeedRecord {
  return { seq, atMs, action, result, code: code ?? '', detail, account: account ? whoOf(account) : null }
}

function whoOf({ id, alias, broker, kind, generation }: EventAccount): FeedRecord['account'] {
  return { id, alias, broker, kind, generation }
}
