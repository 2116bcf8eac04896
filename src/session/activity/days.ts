import type { Actor, AuditAction, AuditRecord } from '../../contracts/audit.ts'
import type { Store } from '../../contracts/store.ts'
import { iso } from '../../core/instant.ts'
import { istDayNumber, istZone } from '../../core/ist.ts'

/** Records a read. */
const pageSize = 1_000
/** Where a day is looked for: a few records of it may not be readable. */
const firstLook = 100
/** So many records are remembered: 16 bytes for one more that is alike, some hundred for any other. The day that is asked for always is. */
const mostKept = 200_000

/** What happens again and again is one entry for each day. */
const gathered: ReadonlySet<AuditAction> = new Set([
  'session.handout',
  'session.probe',
  'session.report',
  'key.refused',
  'login.callback',
  'alert.deliver',
  'desk.use',
])

/** What one entry tells of: one record, or all those of a day that are alike. */
export interface Happened {
  readonly first: number
  readonly last: number
  readonly times: number
  /** When the first was. */
  readonly since: string
}

/** Where to read on, backwards. */
export interface Place {
  /** Records with a smaller number. */
  readonly before: number
  /** The last record of all that count: what came later is as if it were not there. */
  readonly upTo: number
  readonly accountIds: readonly string[] | undefined
}

/**
 * The days of the record, by what happened on each. A day is read once, as a whole, because what its entries count lies
 * anywhere in it; after that only what has come since. Of its records nothing is kept but their numbers.
 */
export class Days {
  readonly #store: Pick<Store, 'audit'>
  /** The one that was asked for last stands last. */
  readonly #known = new Map<string, Day>()

  constructor(store: Pick<Store, 'audit'>) {
    this.#store = store
  }

  /**
   * The day of the newest record of a place, read as far as it goes; undefined where there is none. `read`: so many
   * records had to be read for it.
   */
  async at({ before, upTo, accountIds }: Place): Promise<{ day: Day; read: number } | undefined> {
    const { audit } = this.#store
    const [newest] = await audit.latest(firstLook, accountIds, before)
    if (newest === undefined) return undefined
    const date = istDayNumber(newest.atMs)
    const name = JSON.stringify([date, accountIds])
    const known = this.#known.get(name)
    // Where a clock was set back, a day may seem to begin behind its own records.
    const startOf = async () => Math.min(await audit.lastBefore(startMsOf(date)), newest.seq - 1)
    const day = known && known.after < newest.seq ? known : new Day(date, accountIds, await startOf())
    this.#known.delete(name)
    this.#known.set(name, day)
    const sizeBefore = day.size
    if (!day.isWhole) {
      const end = before > upTo ? upTo : await audit.lastBefore(startMsOf(date + 1))
      await day.readUpTo(Math.max(Math.min(end, upTo), newest.seq), audit)
      day.isWhole = end < upTo
    }
    this.#forget()
    return { day, read: day.size - sizeBefore }
  }

  #forget(): void {
    let kept = [...this.#known.values()].reduce((sum, { size }) => sum + size, 0)
    for (const [name, { size }] of this.#known) {
      if (kept <= mostKept || this.#known.size === 1) return
      this.#known.delete(name)
      kept -= size
    }
  }
}

/** What happened on one day in India, of all accounts or of some. */
export class Day {
  readonly startMs: number
  /** The last record before it. */
  readonly after: number
  /** All of it was read: there are records of later days. */
  isWhole = false
  readonly #accountIds: readonly string[] | undefined
  readonly #all: Series[] = []
  readonly #gathered = new Map<string, Series>()
  #readUpTo: number
  #size = 0

  constructor(date: number, accountIds: readonly string[] | undefined, after: number) {
    this.startMs = startMsOf(date)
    this.after = after
    this.#accountIds = accountIds
    this.#readUpTo = after
  }

  /** How many records it has, as far as it was read. */
  get size(): number {
    return this.#size
  }

  async readUpTo(upTo: number, audit: Pick<Store['audit'], 'past'>): Promise<void> {
    while (this.#readUpTo < upTo) {
      const from = this.#readUpTo
      const page = await audit.past(from, pageSize, this.#accountIds)
      // Somebody else, who waited for the same, was faster.
      if (this.#readUpTo !== from) continue
      const own = page.filter(({ seq }) => seq <= upTo)
      for (const record of own) this.#add(record)
      this.#readUpTo = own.length === 0 || own.length < page.length ? upTo : own.at(-1)!.seq
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** What fits, the newest first, as it stood when `upTo` was the last record. */
  happened(upTo: number, fits: (one: Pick<Series, 'actor' | 'action'>) => boolean): readonly Happened[] {
    const found = this.#all.flatMap((series) => (fits(series) ? (series.asOf(upTo) ?? []) : []))
    return found.sort((a, b) => b.last - a.last)
  }

  #add(record: AuditRecord): void {
    this.#size++
    const name = gathered.has(record.action) ? nameOf(record) : undefined
    const known = name === undefined ? undefined : this.#gathered.get(name)
    if (known) {
      known.add(record)
      return
    }
    const series = new Series(record)
    this.#all.push(series)
    if (name !== undefined) this.#gathered.set(name, series)
  }
}

/** Records that are alike, by their numbers. */
class Series {
  readonly actor: Actor
  readonly action: AuditAction
  readonly #since: string
  readonly #seqs: number[] = []
  /** How often up to each of them: one record may tell of several times. */
  readonly #times: number[] = []

  constructor(first: AuditRecord) {
    this.actor = first.actor
    this.action = first.action
    this.#since = String(first.detail?.since ?? iso(first.atMs))
    this.add(first)
  }

  add({ seq, detail }: AuditRecord): void {
    this.#seqs.push(seq)
    this.#times.push((this.#times.at(-1) ?? 0) + (Number(detail?.times) || 1))
  }

  asOf(upTo: number): Happened | undefined {
    const at = this.#seqs.findLastIndex((seq) => seq <= upTo)
    if (at === -1) return undefined
    return { first: this.#seqs[0]!, last: this.#seqs[at]!, times: this.#times[at]!, since: this.#since }
  }
}

/** The same for what is told in one entry. */
function nameOf({ atMs, actor, action, accountId, account, result, code }: AuditRecord): string {
  return JSON.stringify([istDayNumber(atMs), actor.kind, actor.id, action, accountId, account, result, code])
}

/** The first moment of a day in India, by its number. */
function startMsOf(day: number): number {
  return Temporal.PlainDate.from('1970-01-01').add({ days: day }).toZonedDateTime(istZone).epochMilliseconds
}
