import type { AuditEntry, AuditLog } from '../../contracts/audit.ts'
import { iso } from '../../core/instant.ts'
import { type Event, entryOf } from './change.ts'
import type { SessionContext } from './context.ts'

/** So many equal refusals are recorded one by one: a person who tries, not a loop. */
const mostInFull = 10
/** How long the others are counted before one record tells how many there were. */
const countedForMs = 60_000

interface Counted {
  readonly entry: Omit<AuditEntry, 'atMs'>
  /** Since when it is counted: by a clock that is never set, and by the one of the records. */
  sinceMs: number
  sinceAtMs: number
  /** How many were recorded by themselves. */
  inFull: number
  /** Those that no record tells of yet. */
  times: number
}

/**
 * Refusals that whoever is refused can cause as often as he likes. The first ten are recorded at once; further ones that
 * are equal (who, what, why, which account) are counted, and once a minute and at a stop a record with `times` and
 * `since` tells of them, until a minute has passed without any. So the record cannot be filled by a loop, and nothing that was refused is left out of it.
 */
export class Refusals {
  readonly #audit: Pick<AuditLog, 'record'>
  readonly #clock: SessionContext['clock']
  readonly #counted = new Map<string, Counted>()

  constructor(audit: Pick<AuditLog, 'record'>, clock: SessionContext['clock']) {
    this.#audit = audit
    this.#clock = clock
  }

  /** Durable when the promise resolves, or counted. @throws BhorError `audit_unavailable` */
  async record(event: Event): Promise<void> {
    const { atMs, ...entry } = entryOf({ clock: this.#clock }, event)
    const name = JSON.stringify(entry)
    const known = this.#counted.get(name)
    const isQuiet = known === undefined || (known.times === 0 && this.#isOver(known))
    const fresh = { entry, sinceMs: this.#clock.monotonicMs(), sinceAtMs: atMs, inFull: 0, times: 0 }
    const counted = isQuiet ? fresh : known
    this.#counted.set(name, counted)
    if (counted.inFull >= mostInFull) {
      counted.times++
      return this.#isOver(counted) ? this.#tell(name, counted) : undefined
    }
    counted.inFull++
    try {
      await this.#audit.record({ ...entry, atMs })
    } catch (error) {
      counted.times++
      throw error
    }
  }

  /** Tells of what was counted for a minute. */
  settle(): Promise<void> {
    return this.#tellWhere((counted) => this.#isOver(counted))
  }
  /** Tells of everything that was counted. */
  end(): Promise<void> {
    return this.#tellWhere(() => true)
  }

  #isOver({ sinceMs }: Counted): boolean {
    return this.#clock.monotonicMs() - sinceMs >= countedForMs
  }
  async #tellWhere(isDue: (counted: Counted) => boolean): Promise<void> {
    const due = [...this.#counted].filter(([, counted]) => isDue(counted))
    await Promise.all(due.map(([name, counted]) => this.#tell(name, counted)))
  }
  /** What comes meanwhile is counted on; whatever was not seen for a minute is forgotten. */
  async #tell(name: string, counted: Counted): Promise<void> {
    const { entry, times, sinceAtMs } = counted
    if (times === 0) {
      if (this.#counted.get(name) === counted) this.#counted.delete(name)
      return
    }
    const atMs = this.#clock.nowMs()
    const since = { sinceMs: counted.sinceMs, sinceAtMs }
    Object.assign(counted, { times: 0, sinceMs: this.#clock.monotonicMs(), sinceAtMs: atMs })
    const detail = { ...entry.detail, times, since: iso(sinceAtMs) }
    try {
      await this.#audit.record({ ...entry, atMs, detail })
    } catch (error) {
      Object.assign(counted, { ...since, times: counted.times + times })
      throw error
    }
  }
}
