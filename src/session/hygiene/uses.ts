import type { Actor, AuditRecord } from '../../contracts/audit.ts'
import type { AccountRecord, SessionRecord } from '../../contracts/store.ts'
import type { SessionContext } from '../ground/context.ts'
import { minuteOf } from '../ground/uses.ts'

type UsesContext = Pick<SessionContext, 'store'>

const pageSize = 500
/** So far back a look for the last use of keys goes; a key that was not found is not called unused. */
const mostRecords = 20_000

/** Somebody who got a session's tokens. */
export interface Receiver {
  readonly actor: Actor
  readonly times: number
  readonly firstAtMs: number
  readonly lastAtMs: number
}

/** When a session was handed out last; undefined when it never was. */
export async function lastHandOutAtMs(
  { store }: UsesContext,
  session: SessionRecord,
): Promise<number | undefined> {
  const byKeyMs = await store.keyUses.lastOf(session.accountId, minuteOf(session.createdAtMs))
  const lastMs = byKeyMs !== undefined && byKeyMs >= session.createdAtMs ? byKeyMs : undefined
  // Of people, and of what was handed out before uses were counted, only the audit tells.
  for await (const record of recordsOf(store, session.accountId)) {
    if (isHandOut(record, session)) return Math.max(record.atMs, lastMs ?? 0)
    if (isBeginning(record, session) || record.atMs < (lastMs ?? 0)) return lastMs
  }
  return lastMs
}

/** Everybody who got a token of this session, who got one last first. */
export async function receiversOf({ store }: UsesContext, session: SessionRecord): Promise<Receiver[]> {
  const found = new Map<string, Receiver>()
  for await (const record of recordsOf(store, session.accountId)) {
    if (isBeginning(record, session)) break
    if (!isHandOut(record, session)) continue
    const { actor, atMs } = record
    const who = `${actor.kind} ${actor.id}`
    const known = found.get(who) ?? { actor, times: 0, firstAtMs: atMs, lastAtMs: atMs }
    found.set(who, { ...known, times: known.times + 1, firstAtMs: atMs })
  }
  return [...found.values()]
}

/**
 * When each of these keys did anything last, as far as that is later than `sinceMs`.
 *
 * @returns undefined where there is too much to read
 */
export async function lastUseOfKeys(
  { store }: UsesContext,
  ids: ReadonlySet<string>,
  sinceMs: number,
): Promise<ReadonlyMap<string, number> | undefined> {
  const found = new Map<string, number>()
  for (const { keyId, lastAtMs } of await store.keyUses.sums(minuteOf(sinceMs)))
    if (ids.has(keyId) && lastAtMs > Math.max(sinceMs, found.get(keyId) ?? 0)) found.set(keyId, lastAtMs)
  if (found.size === ids.size) return found
  let read = 0
  for await (const { actor, atMs } of recordsOf(store)) {
    if (atMs <= sinceMs || found.size === ids.size) return found
    if (++read > mostRecords) return undefined
    if (actor.kind === 'key' && ids.has(actor.id) && !found.has(actor.id)) found.set(actor.id, atMs)
  }
  return found
}

/** The newest first. */
async function* recordsOf(store: SessionContext['store'], accountId?: string): AsyncGenerator<AuditRecord> {
  for (let before: number | undefined; ; ) {
    const page: readonly AuditRecord[] = await store.audit.latest(
      pageSize,
      accountId === undefined ? undefined : [accountId],
      before,
    )
    yield* page
    const last = page.at(-1)
    if (!last || page.length < pageSize) return
    before = last.seq
  }
}

function isHandOut({ action, result, detail }: AuditRecord, { generation }: SessionRecord): boolean {
  return action === 'session.handout' && result === 'ok' && detail?.generation === generation
}

function isBeginning({ action, result, detail }: AuditRecord, { generation }: SessionRecord): boolean {
  const isStart = action === 'session.start' || action === 'session.renew'
  return isStart && result === 'ok' && detail?.generation === generation
}

/** What may be asked about a session: that of an account, while it is live. */
export async function liveSession(
  { store, clock }: Pick<SessionContext, 'store' | 'clock'>,
  { id }: AccountRecord,
): Promise<SessionRecord | undefined> {
  const session = await store.sessions.latest(id)
  return session?.status === 'active' && clock.nowMs() < session.expiresAtMs ? session : undefined
}
