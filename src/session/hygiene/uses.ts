import type { Actor, AuditRecord } from '../../contracts/audit.ts'
import type { AccountRecord, SessionRecord } from '../../contracts/store.ts'
import type { SessionContext } from '../ground/context.ts'
import { minuteOf } from '../ground/uses.ts'

type UsesContext = Pick<SessionContext, 'store'>

const pageSize = 500

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

/** When each of these keys did anything last, as far as that is later than `sinceMs`. */
export async function lastUseOfKeys(
  { store }: UsesContext,
  ids: ReadonlySet<string>,
  sinceMs: number,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>()
  const see = (keyId: string, atMs: number) => {
    if (ids.has(keyId) && atMs > Math.max(sinceMs, found.get(keyId) ?? 0)) found.set(keyId, atMs)
  }
  for (const { keyId, lastAtMs } of await store.keyUses.sums(minuteOf(sinceMs))) see(keyId, lastAtMs)
  if (found.size === ids.size) return found
  for (const [keyId, atMs] of await actsOf(store).since(sinceMs)) see(keyId, atMs)
  return found
}

/**
 * When keys did anything last, by the record: what is no hand-out, and what was handed out before uses were counted. However
 * long that is, it is read once, and then only what has come since.
 */
class ActsOfKeys {
  readonly #store: UsesContext['store']
  readonly #lastAtMs = new Map<string, number>()
  /** Everything is read from then on, up to this record. */
  #fromMs = Number.POSITIVE_INFINITY
  #upTo = 0
  #reading: Promise<unknown> = Promise.resolve()

  constructor(store: UsesContext['store']) {
    this.#store = store
  }

  /** By key; what was before `sinceMs` may be missing. */
  async since(sinceMs: number): Promise<ReadonlyMap<string, number>> {
    const reading = this.#reading.catch(() => undefined).then(() => this.#read(sinceMs))
    this.#reading = reading
    await reading
    return this.#lastAtMs
  }

  async #read(sinceMs: number): Promise<void> {
    const { audit } = this.#store
    const { seq } = await audit.head()
    // Farther back than ever, or a store that went back.
    if (sinceMs < this.#fromMs || seq < this.#upTo) {
      this.#lastAtMs.clear()
      this.#upTo = await audit.lastBefore(sinceMs)
      this.#fromMs = sinceMs
    }
    while (this.#upTo < seq) {
      const page = await audit.past(this.#upTo, pageSize)
      for (const { actor, atMs } of page)
        if (actor.kind === 'key')
          this.#lastAtMs.set(actor.id, Math.max(atMs, this.#lastAtMs.get(actor.id) ?? 0))
      // Of a page without any that can be read nobody knows how far it goes.
      this.#upTo = page.at(-1)?.seq ?? this.#upTo + pageSize
      // Others come in between.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

const acts = new WeakMap<UsesContext['store'], ActsOfKeys>()
function actsOf(store: UsesContext['store']): ActsOfKeys {
  const known = acts.get(store) ?? new ActsOfKeys(store)
  acts.set(store, known)
  return known
}

/** The newest first. */
async function* recordsOf(store: SessionContext['store'], accountId: string): AsyncGenerator<AuditRecord> {
  for (let before: number | undefined; ; ) {
    const page: readonly AuditRecord[] = await store.audit.latest(pageSize, [accountId], before)
    yield* page
    // Short of what was asked for where a record cannot be read; there may be more behind it.
    const last = page.at(-1)
    if (!last) return
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
