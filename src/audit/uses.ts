import type { Use } from '../contracts/audit.ts'
import type { FeedRecord, KeyUseRecord, Watch, Watched } from '../contracts/store.ts'

/** When and where in the chain uses are counted. */
interface Place {
  readonly nowMs: number
  /** The number of the record that tells of the first of them. */
  readonly firstSeq: number
  readonly watched: Watched
}

/** What keys are used for within one minute: counted in each commit, told by the first one. */
export class MinuteOfUses {
  readonly minute: number
  /** Told of in this minute, here or by another server: nothing needs to be looked up any more. */
  readonly #toldKeyIds = new Set<string>()

  constructor(minute: number) {
    this.minute = minute
  }

  /** What must be known of these in the commit that counts them. */
  watch(purposes: Iterable<{ readonly use?: Use | undefined }>): Pick<Watch, 'uses'> {
    const keyIds = new Set<string>()
    for (const { use } of purposes) if (use?.event && !this.#toldKeyIds.has(use.keyId)) keyIds.add(use.keyId)
    return keyIds.size === 0 ? {} : { uses: { minute: this.minute, keyIds: [...keyIds] } }
  }

  /** What to store for these records in their order; undefined for one that is no use. Changes nothing here. */
  count(
    used: readonly (Use | undefined)[],
    { nowMs, firstSeq, watched }: Place,
  ): { readonly uses: KeyUseRecord[]; readonly events: FeedRecord[] } {
    const counts = new Map<Use, number>()
    const events = new Map<string, FeedRecord>()
    for (const [at, use] of used.entries()) {
      if (!use) continue
      const before = counts.get(use)
      counts.set(use, (before ?? 0) + 1)
      if (before !== undefined || !use.event || events.has(use.keyId)) continue
      if (this.#toldKeyIds.has(use.keyId) || watched.usedKeyIds.has(use.keyId)) continue
      events.set(use.keyId, { ...use.event, seq: firstSeq + at, atMs: nowMs })
    }
    const uses = new Map<string, KeyUseRecord>()
    for (const [{ keyId, accountId }, count] of counts) {
      const name = `${keyId} ${accountId}`
      const all = count + (uses.get(name)?.count ?? 0)
      uses.set(name, { minute: this.minute, keyId, accountId, count: all, lastAtMs: nowMs })
    }
    return { uses: [...uses.values()], events: [...events.values()] }
  }

  /** These were stored. */
  stored(uses: readonly KeyUseRecord[]): void {
    for (const { keyId } of uses) this.#toldKeyIds.add(keyId)
  }
}
