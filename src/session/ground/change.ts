import type { AuditEntry, AuditHead } from '../../contracts/audit.ts'
import type {
  AccountRecord,
  FeedAccount,
  FeedRecord,
  StoreReads,
  StoreTransaction,
} from '../../contracts/store.ts'
import {
  type AccountWorkKind,
  accountWorkKinds,
  channelWorkKinds,
  type HouseWorkKind,
  houseWorkId,
  type Lease,
  type WorkKind,
  type WorkOutcome,
} from '../../contracts/work.ts'
import { isBhorError } from '../../core/errors.ts'
import { planChannel } from '../alerts/due.ts'
import type { Telling } from '../alerts/outbox.ts'
import { tellAlerts } from '../alerts/told.ts'
import { gateChanges } from '../gate/told.ts'
import type { SessionContext } from './context.ts'
import { usesToGather } from './uses.ts'

/** What happens, and to whom. */
export interface Event extends Pick<AuditEntry, 'actor' | 'action' | 'result' | 'code' | 'detail'> {
  /** As it is afterwards. */
  readonly account?: EventAccount | undefined
}
export type EventDetail = NonNullable<AuditEntry['detail']>
type EventAccount = Pick<AccountRecord, 'id' | 'alias' | 'broker' | 'kind' | 'generation'>

/** The means to write. Audit and feed are written by {@link change} alone. */
export type Writes = Omit<StoreTransaction, 'audit' | 'feed' | 'keyUses' | 'work' | 'incidents' | 'accept'>

/** A unit of work as its author sees it: reading is free, writing takes a word about what happens. */
export interface Change {
  /** What is stored, as of this transaction. */
  readonly reads: StoreReads
  tell(event: Event): Writes
  /** Puts an alert into the outbox with what is told, in the same commit, beside those that the rules make of it. */
  alert(telling: Telling): void
  /** Has the gate of this account looked at as well, as those are of which something is told. */
  settleGate(accountId: string): void
  /** What is due for this account is not tried before then; see `WorkWrites`. */
  retryFrom(accountId: string, kind: AccountWorkKind, atMs: number): Promise<void>
  /** Takes away the audit's records up to this one; only together with a word on where the chain begins then. */
  pruneAudit(upTo: number): Promise<void>
  /** Takes what this change leaves for the latest, whatever is known; see `rollback.ts`. Before anything is written. */
  accept(): Promise<void>
}

/**
 * The one way to change what is stored: rows, audit records and feed rows in the same commit, published afterwards.
 * What is not told cannot be written. A change that tells nothing is a read. Whatever makes another gate of an account's
 * tells of that too.
 *
 * @throws BhorError whatever `work` throws; `store_…` with the fact `outcome: unknown` where nobody knows whether the
 *   commit happened
 */
export async function change<T>(context: ChangeContext, work: (c: Change) => Promise<T>): Promise<T> {
  try {
    return await commit(context, work)
  } catch (error) {
    if (!isBhorError(error, 'key_retired')) throw error
    // Another server has replaced the data key; nothing was written.
    context.vault.learn(await context.store.keyring.list())
    return commit(context, work)
  }
}

async function commit<T>(
  context: ChangeContext,
  work: (c: Change, tx: StoreTransaction) => Promise<T>,
): Promise<T> {
  const { store, audit, clock, feed, planner, lease } = context
  let rows: FeedRecord[] = []
  try {
    const result = await store.transaction(async (tx) => {
      const told: Event[] = []
      let end: AuditHead | undefined
      if (lease) await tx.work.hold(lease)
      const asked: string[] = []
      const tellings: Telling[] = []
      const alert: Change['alert'] = (telling) => void tellings.push(telling)
      const tell: Change['tell'] = (event) => {
        told.push(event)
        return tx
      }
      const settleGate: Change['settleGate'] = (accountId) => void asked.push(accountId)
      const retryFrom: Change['retryFrom'] = (...retry) => tx.work.retryFrom(...retry)
      const accept: Change['accept'] = async () => {
        end = await audit.endOf(tx)
        tx.accept()
      }
      const result = await work(
        { reads: tx, tell, alert, settleGate, retryFrom, pruneAudit: (upTo) => tx.audit.prune(upTo), accept },
        tx,
      )
      rows = []
      told.push(...(await gateChanges(context, tx, told, asked)))
      if (told.length === 0) return result
      const atMs = clock.nowMs()
      const firstSeq = await audit.within(
        tx,
        told.map((event) => entryOf(context, event, atMs)),
        end,
      )
      rows = told.map((event, at) => feedRow(event, firstSeq + at, atMs))
      if (store.rollback()) await tx.feed.pruneFrom(firstSeq)
      await tx.feed.insert(rows)
      await tellAlerts(context, tx, rows, tellings)
      await planner.replan(tx, new Set(told.flatMap(({ account }) => (account ? [account.id] : []))))
      if (feed.isPruneDue(atMs)) {
        await tx.feed.prune(atMs - feed.keptMs)
        await tx.keyUses.gather(...usesToGather(atMs))
      }
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
type ChangeContext = Pick<
  SessionContext,
  | 'store'
  | 'audit'
  | 'clock'
  | 'random'
  | 'feed'
  | 'planner'
  | 'lease'
  | 'vault'
  | 'broker'
  | 'health'
  | 'alerting'
>

/**
 * Gives a lease back, with what is due next for its account. Nothing happens by it, unless `also` tells so.
 *
 * @throws BhorError `lease_lost` where `also` has something to tell
 */
export async function settleWork(
  context: ChangeContext,
  lease: Lease,
  outcome: WorkOutcome,
  also?: (c: Change) => Promise<void>,
): Promise<void> {
  const { lease: _other, ...own } = context
  await commit(also ? { ...own, lease } : own, async (c, tx) => {
    await also?.(c)
    if (isOneOf(channelWorkKinds, lease.kind)) await planChannel(own, tx, lease.accountId)
    else if (isOneOf(accountWorkKinds, lease.kind)) await own.planner.replan(tx, [lease.accountId])
    await tx.work.settle(lease, outcome)
  })
}

/**
 * What only whoever holds a lease has to know, so that it outlives him: nobody is told of it.
 *
 * @throws BhorError `lease_lost`
 */
export async function noteWork(
  { store }: Pick<SessionContext, 'store'>,
  lease: Lease,
  note: (tx: Pick<StoreTransaction, 'deliveries' | 'meta'>) => Promise<void>,
): Promise<void> {
  await store.transaction(async (tx) => {
    await tx.work.hold(lease)
    await note(tx)
  })
}

function isOneOf(kinds: readonly WorkKind[], kind: WorkKind): boolean {
  return kinds.includes(kind)
}

/** Plans for every account, as after an upgrade that knows more to do. */
export async function planAll({ store, planner }: Pick<SessionContext, 'store' | 'planner'>): Promise<void> {
  const { records } = await store.accounts.list()
  for (let at = 0; at < records.length; at += planAtOnce) {
    const ids = records.slice(at, at + planAtOnce).map(({ id }) => id)
    await store.transaction((tx) => planner.replan(tx, ids))
  }
  await store.transaction((tx) => tx.meta.set(planner.versionName, planner.version))
}
const planAtOnce = 200

/** Plans every channel of alerts anew, as after a change of the configuration. */
export async function planChannels(context: Pick<SessionContext, 'store' | 'vault' | 'clock' | 'alerting'>) {
  const { records, damaged } = await context.store.channels.list()
  for (const { id } of [...records, ...damaged])
    await context.store.transaction((tx) => planChannel(context, tx, id))
}

/** From now on somebody listens to a bot, or nobody does any more. */
export async function planBot(
  { store }: Pick<SessionContext, 'store'>,
  id: string,
  isHeard: boolean,
): Promise<void> {
  const due = isHeard ? ([['listen', 0]] as const) : []
  await store.transaction((tx) => tx.work.plan(id, 0, new Map(due)))
}

/** From now on one of the servers of this store can claim this for all of them. */
export async function planHouse(
  { store }: Pick<SessionContext, 'store'>,
  kind: HouseWorkKind,
): Promise<void> {
  await store.transaction((tx) => tx.work.plan(houseWorkId, 0, new Map([[kind, 0]])))
}

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

/** An account as its events name it. */
export function whoOf({ id, alias, broker, kind, generation }: EventAccount): FeedAccount {
  return { id, alias, broker, kind, generation }
}
