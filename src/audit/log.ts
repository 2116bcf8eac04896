import type { AuditEntry, AuditHead, AuditLog, AuditRecord, Use } from '../contracts/audit.ts'
import type { Vault } from '../contracts/secrets.ts'
import type { FeedRecord, Store, StoreReads, Watch, Watched } from '../contracts/store.ts'
import type { Clock } from '../core/clock.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import { type AuditMac, follow, link, type ReadyEntry, verifyChain } from './chain.ts'
import { type PreparedEntry, prepared } from './entry.ts'
import { placeOf } from './retention.ts'
import { MinuteOfUses } from './uses.ts'

/** Records a read when verifying: about a millisecond, between two of which everybody else gets his turn. */
const pageSize = 100
/** A group that grew larger while the disk was slow goes in parts, so that nobody waits for all of it. */
const largestGroup = 512
const nothing: Watch = { accountIds: [], keyIds: [] }
const noRefusal = () => undefined
const minuteMs = 60_000

/** What several waiting records may have in common. */
interface Purpose {
  readonly entry: Omit<AuditEntry, 'atMs'>
  /** The entry as it is mostly: nothing was refused. */
  readonly prepared: PreparedEntry
  readonly watch: Watch
  readonly refusalOf: (watched: Watched) => BhorError | undefined
  readonly use?: Use | undefined
}
/** One record to be, and who waits for it. */
interface Waiting extends PromiseWithResolvers<void> {
  /** Undefined for what happens when it is recorded. */
  readonly atMs: number | undefined
  readonly purpose: Purpose
}

/** The log, with the reads that people and the dashboard use. */
export interface OpenAuditLog extends AuditLog {
  /** The newest first; of one account when named. */
  latest(limit: number, accountIds?: readonly string[], beforeSeq?: number): Promise<readonly AuditRecord[]>
}

/**
 * The audit log of a store. Records that come in the same turn of the event loop share one
 * durable commit; while it runs the next group gathers.
 */
export function openAuditLog({
  store,
  vault,
  clock,
  tell = () => {},
}: {
  store: Store
  vault: Pick<Vault, 'auditMac'>
  clock: Pick<Clock, 'nowMs'>
  /** Told which events became durable with a group. */
  tell?: (events: readonly FeedRecord[]) => void
}): OpenAuditLog {
  const gathered: Waiting[] = []
  let uses = new MinuteOfUses(0)
  let isScheduled = false
  /** What the last group recorded: where others write too, whoever asks the same again can still join the next one. */
  let lately: ReadonlySet<Purpose> = new Set()
  /** Where the chain goes on, once it was found that its end mark is an older one. */
  let behindMark: AuditHead | undefined

  function enter(purpose: Purpose, atMs?: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    gathered.push({ atMs, purpose, promise, resolve, reject })
    if (!isScheduled) {
      isScheduled = true
      setImmediate(() => void commitNext())
    }
    return promise
  }
  /**
   * Each group waits for its own turn of the event loop: after the requests that were just read, and never so that
   * callers who ask again at once keep the loop from reading others.
   */
  async function commitNext(): Promise<void> {
    await commitGroup(gathered.splice(0, largestGroup))
    isScheduled = gathered.length > 0
    if (isScheduled) setImmediate(() => void commitNext())
  }
  async function commitGroup(asking: readonly Waiting[], isSecondTry = false): Promise<void> {
    const group = [...asking]
    const purposes = new Set(group.map(({ purpose }) => purpose))
    const expected = store.isShared ? purposes.union(lately) : purposes
    lately = purposes
    const refusals = new Map<Purpose, BhorError>()
    const minute = Math.floor(clock.nowMs() / minuteMs)
    if (minute !== uses.minute) uses = new MinuteOfUses(minute)
    let counted: ReturnType<MinuteOfUses['count']> = { uses: [], events: [] }
    try {
      await store.appendAudit({ ...unionOf(expected), ...uses.watch(expected) }, (head, watched) => {
        if (store.isShared) group.push(...joining(group.length, expected))
        for (const { purpose } of group) purposes.add(purpose)
        refusals.clear()
        for (const purpose of purposes) {
          const refusal = purpose.refusalOf(watched)
          if (refusal) refusals.set(purpose, refusal)
        }
        const nowMs = clock.nowMs()
        const entries = group.map((waiting) => readyEntry(waiting, nowMs, refusals.get(waiting.purpose)))
        counted = uses.count(
          group.map(({ purpose }) => (refusals.has(purpose) ? undefined : purpose.use)),
          { nowMs, firstSeq: head.seq + 1, watched },
        )
        return {
          ...link(behindMark && behindMark.seq > head.seq ? behindMark : head, entries, vault.auditMac),
          ...counted,
        }
      })
    } catch (error) {
      if (isBhorError(error, 'already_exists') && !isSecondTry) {
        // A record of this number is there: the end mark was set back.
        behindMark = await endOf(store, vault.auditMac).catch(() => undefined)
        return commitGroup(group, true)
      }
      const isRolledBack = isBhorError(error, 'store_rolled_back')
      // What leaves nothing can be told of in a store that went back, too.
      const told = isRolledBack ? group.filter(({ purpose }) => purpose.watch === nothing) : []
      const isMixed = told.length > 0 && told.length < group.length
      const fault = isRolledBack ? error : unavailable(error)
      for (const waiting of group) if (!isMixed || !told.includes(waiting)) waiting.reject(fault)
      if (isMixed) await commitGroup(told)
      return
    }
    for (const { purpose, resolve, reject } of group) {
      const refusal = refusals.get(purpose)
      if (refusal) reject(refusal)
      else resolve()
    }
    uses.stored(counted.uses)
    if (counted.events.length > 0) tell(counted.events)
  }

  /** Those that came while the end of the chain was waited for, where all that must be known of them was read. */
  function joining(size: number, expected: ReadonlySet<Purpose>): Waiting[] {
    const mayJoin = ({ purpose }: Waiting) => expected.has(purpose) || purpose.watch === nothing
    const { join = [], stay = [] } = Object.groupBy(gathered.splice(0), (waiting, at) =>
      size + at < largestGroup && mayJoin(waiting) ? 'join' : 'stay',
    )
    gathered.push(...stay)
    return join
  }

  return {
    async within(tx, entries, end) {
      const ready = entries.map((entry) => ({ atMs: entry.atMs, prepared: prepared(entry) }))
      let firstSeq = 0
      await tx.audit.append((mark, inventory) => {
        const head = end ?? mark
        firstSeq = head.seq + 1
        return link(head, ready, vault.auditMac, inventory)
      })
      return firstSeq
    },
    endOf: (reads) => endOf(reads, vault.auditMac),
    async record(entry) {
      await enter({ entry, prepared: prepared(entry), watch: nothing, refusalOf: noRefusal }, entry.atMs)
    },
    recorder(entry, watch, refusalOf, use) {
      const purpose = { entry, prepared: prepared(entry), watch, refusalOf, use }
      return () => enter(purpose)
    },
    verify: () => verifyStored(store, vault),
    latest: (limit, accountIds, beforeSeq) => store.audit.latest(limit, accountIds, beforeSeq),
  }
}

async function endOf({ audit }: Pick<StoreReads, 'audit'>, mac: AuditMac): Promise<AuditHead> {
  let end = await audit.head()
  for (;;) {
    const page = await audit.from(end.seq + 1, pageSize)
    end = follow(end, page, mac)
    if (page.length < pageSize) return end
  }
}

/** What is recorded of one who waits, now that it is known what it gets. */
function readyEntry({ atMs, purpose }: Waiting, nowMs: number, refusal: BhorError | undefined): ReadyEntry {
  if (!refusal) return { atMs: atMs ?? nowMs, prepared: purpose.prepared }
  const refused = { ...purpose.entry, result: 'refused', code: refusal.code } as const
  return { atMs: atMs ?? nowMs, prepared: prepared(refused) }
}

function unionOf(purposes: ReadonlySet<Purpose>): Watch {
  const [first] = purposes
  if (first && purposes.size === 1) return first.watch
  const accountIds = new Set<string>()
  const keyIds = new Set<string>()
  for (const { watch } of purposes) {
    for (const id of watch.accountIds) accountIds.add(id)
    for (const id of watch.keyIds) keyIds.add(id)
  }
  return { accountIds: [...accountIds], keyIds: [...keyIds] }
}

function unavailable(error: unknown): BhorError {
  const isUnknown = isBhorError(error) && error.facts.outcome === 'unknown'
  return new BhorError(
    'audit_unavailable',
    'The audit record could not be stored, so nothing was handed out.',
    {
      cause: error,
      facts: isUnknown ? { outcome: 'unknown' } : {},
    },
  )
}

async function verifyStored(store: Store, vault: Pick<Vault, 'auditMac'>): ReturnType<AuditLog['verify']> {
  const start = await placeOf(store, 'start', vault.auditMac)
  let head: AuditHead = await store.audit.head()
  let read = 0
  async function* stored(): AsyncGenerator<AuditRecord> {
    for (let next = start.seq + 1; ; ) {
      const page = await store.audit.from(next, pageSize)
      yield* page
      read += page.length
      const last = page.at(-1)
      if (last) next = last.seq + 1
      if (page.length === pageSize) {
        await new Promise((resolve) => setImmediate(resolve))
        continue
      }
      // Records may have been appended since: go on unless the end is reached or is not there.
      head = await store.audit.head()
      if (!last || head.seq < next) return
    }
  }
  try {
    const verdict = await verifyChain(stored(), () => head, vault, start)
    // Pruned while it was read.
    const isMoved = !verdict.intact && (await placeOf(store, 'start', vault.auditMac)).seq > start.seq
    return isMoved ? await verifyStored(store, vault) : verdict
  } catch (error) {
    // A record that is not even JSON any more: the store names it.
    if (!isBhorError(error, 'store_damaged') || typeof error.facts.seq !== 'number') throw error
    return { intact: false, seq: error.facts.seq, fault: 'changed', records: read }
  }
}
