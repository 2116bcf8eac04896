import { hash } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Seen } from '../contracts/inventory.ts'
import type { Vault } from '../contracts/secrets.ts'
import type { Store } from '../contracts/store.ts'
import type { Clock } from '../core/clock.ts'
import { iso } from '../core/instant.ts'
import type { Random } from '../core/random.ts'
import { printable } from '../core/redact.ts'
import { inventoryKeys } from '../session/ground/inventory-keys.ts'
import {
  type Counter,
  isOf,
  isSound,
  keepName,
  readCounters,
  sealedCounter,
  writeCounters,
} from './counter-file.ts'

/** How far the file is behind at most: so long, or so many records, whichever comes first. */
const mostBehindMs = 1_000
const mostUnwritten = 1_000

export interface CounterOptions {
  readonly store: Store
  readonly vault: Vault
  readonly clock: Clock
  readonly random: Random
  /** The data folder. */
  readonly home: string
  /** It was found, just now, that the store went back. */
  onRollback(text: string): void
  onFault(error: unknown): void
}

/**
 * What binds the store to something outside of it: a file in the data folder that says how far it was seen. It is
 * written behind what is durable, never before it; a store that ends earlier went back.
 */
export class StoreCounter implements AsyncDisposable {
  readonly #path: string
  readonly #options: CounterOptions
  #seen: Seen
  /** What the latest write began with. */
  #written: Seen
  #running = Promise.resolve()
  #next: Promise<void> | undefined
  #timer: Disposable | undefined

  private constructor(path: string, options: CounterOptions, seen: Seen) {
    this.#path = path
    this.#options = options
    this.#seen = seen
    this.#written = seen
  }

  /** Reads the file, and begins the store's inventory by it. */
  static async open(options: CounterOptions): Promise<StoreCounter> {
    const { store, vault, random, home } = options
    const path = join(home, 'bhor.counter')
    const counters = readCounters(path)
    const ours = (counters ?? []).filter((counter) => isOf(vault, counter))
    const sound = ours.filter((counter) => isSound(vault, counter)).sort((a, b) => b.seq - a.seq)
    const folder = folderOf(store, home)
    const isLost = sound.length === 0 && (await store.isBoundTo(folder))
    const isDamaged = counters === undefined || ours.length > 0
    const { seq, mac } = await store.audit.head()
    const seen: Seen = sound[0] ?? (isLost ? nothing : { seq, mac, version: 0 })
    const counter = new StoreCounter(path, options, seen)
    if (sound.length === 0 && !isLost) {
      // Before the store relies on its being there.
      await counter.#write(seen)
      keepName(path)
    }
    await store.takeInventory(inventoryKeys(vault, random), {
      seen,
      folder,
      ...(isLost ? { doubt: isDamaged ? damagedText(path) : missingText(path) } : {}),
      onSeen: (now) => counter.#note(now),
      onRollback: options.onRollback,
    })
    return counter
  }

  /** Writes how far the store was seen, if that has changed. */
  write(): Promise<void> {
    this.#next ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#next = undefined
        return this.#seen === this.#written ? undefined : this.#write(this.#seen)
      })
    this.#running = this.#next
    return this.#next
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.[Symbol.dispose]()
    await this.write().catch(this.#options.onFault)
  }

  #note(seen: Seen): void {
    this.#seen = seen
    this.#timer ??= this.#options.clock.after(mostBehindMs, () => {
      this.#timer = undefined
      this.#writeBehind()
    })
    if (Math.abs(seen.seq - this.#written.seq) >= mostUnwritten) this.#writeBehind()
  }
  #writeBehind(): void {
    this.write().catch(this.#options.onFault)
  }
  async #write(seen: Seen): Promise<void> {
    const before = this.#written
    this.#written = seen
    try {
      await this.#replace(seen)
    } catch (error) {
      this.#written = before
      throw error
    }
  }
  async #replace(seen: Seen): Promise<void> {
    const { vault, clock } = this.#options
    const others = (readCounters(this.#path) ?? []).filter((counter) => !isOf(vault, counter))
    const own: Counter = sealedCounter(vault, seen, iso(clock.nowMs()))
    await writeCounters(this.#path, [...others, own])
  }
}

/** Has the file say that the store was seen so far, whatever it said of this store before: somebody put the store there. */
export async function writeCounterAnew(
  path: string,
  vault: Vault,
  seen: Seen,
  clock: Pick<Clock, 'nowMs'>,
): Promise<void> {
  const others = (readCounters(path) ?? []).filter((counter) => !isOf(vault, counter))
  await writeCounters(path, [...others, sealedCounter(vault, seen, iso(clock.nowMs()))])
  keepName(path)
}

const nothing: Seen = { seq: 0, mac: '', version: 0 }

/** One bhor has a SQLite store to itself; to one on PostgreSQL each server is bound with its own folder. */
function folderOf({ engine }: Store, home: string): string {
  return engine === 'sqlite' ? 'here' : hash('sha256', JSON.stringify([hostname(), home]), 'hex').slice(0, 32)
}

function missingText(path: string): string {
  return `This store was used with this data folder before, but ${printable(path, 400)} says nothing of it: nobody can tell whether it went back.`
}

function damagedText(path: string): string {
  return `${printable(path, 400)}, which says how far this store was seen, was changed: nobody can tell whether it went back.`
}
