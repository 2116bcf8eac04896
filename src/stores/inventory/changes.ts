import type { AuditHead } from '../../contracts/audit.ts'
import type { CountedRow } from '../../contracts/inventory.ts'
import type { StoreTransaction } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { sealingKeyIn } from '../../core/sealed-text.ts'
import { type Db, nounsOver } from '../schema.ts'
import { readHead } from '../tables/audit.ts'
import { linesOf, removeLines, setLines } from '../tables/inventory.ts'
import type { ReadRow, Witness } from '../witness.ts'
import { folders } from './compare.ts'
import type { Inventory } from './inventory.ts'
import { type Change, type Count, type Latest, sumOf } from './known.ts'
import { recount } from './recount.ts'
import { rowsSetBack } from './texts.ts'

/** Of a folder only its being there says something. */
const boundMac = 'bound'

/** What one transaction does to the inventory: it moves with the rows, before the record of the change is written. */
export class Changes implements Witness {
  readonly #inventory: Inventory
  readonly #db: Db
  readonly #changes = new Map<string, Change>()
  #dataKeys: ReadonlyMap<string, 'in use' | 'retired'> | undefined
  #isAccepting = false
  #isSettled = false
  #head: AuditHead | undefined
  #count: Count | undefined
  #latest: Latest | undefined

  constructor(inventory: Inventory, db: Db) {
    this.#inventory = inventory
    this.#db = db
  }

  /** Runs the work of a transaction. */
  async run<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T> {
    // Before anything is written: what others did must not be mixed up with what this transaction does.
    if (this.#inventory.keys) await this.#inventory.meet(this.#db, await readHead(this.#db))
    const result = await work({ ...nounsOver(this.#db, this), accept: () => this.accept() })
    if (this.#changes.size > 0 && !this.#isSettled)
      throw new BhorError('internal', 'A row was to be changed without a record of it.')
    return result
  }
  /** Remembers what the inventory is bound to. */
  bind(folder: string): void {
    this.#note({ table: folders, id: folder, mac: boundMac, isLive: true })
  }
  accept(): void {
    this.#isAccepting = true
  }
  /** To be called when it is durable. */
  committed(): void {
    const inventory = this.#inventory
    if (!this.#head) return
    if (this.#latest && this.#count) inventory.accepted(this.#head, this.#count, this.#latest)
    else inventory.committed(this.#head, this.#count, [...this.#changes.values()])
  }

  knows(row: CountedRow, mac: string, isLive: boolean): boolean {
    const own = this.#changes.get(keyOf(row))
    return own ? own.mac === mac : this.#inventory.knows(row, mac, isLive)
  }
  async lookCloser<T>(
    read: (db: Db) => Promise<T>,
    unknownIn: (result: T) => readonly ReadRow[],
  ): Promise<T> {
    const result = await read(this.#db)
    this.#inventory.judge(unknownIn(result))
    this.#inventory.refuseRolledBack()
    return result
  }
  opens(sealed: readonly string[]): boolean {
    return this.#inventory.opens(sealed)
  }
  learnRing(db: Db): Promise<void> {
    return this.#inventory.learnRing(db)
  }
  async sealing(sealed: readonly string[], stored: () => Promise<readonly string[]>): Promise<void> {
    const { keys } = this.#inventory
    const ids = new Set(sealed.map(sealingKeyIn).filter((id) => id !== undefined))
    if (!keys || ids.size === 0) return
    this.#dataKeys ??= await dataKeysIn(this.#db)
    const ring = this.#dataKeys
    // A store without a vault has no keys at all.
    if (ring.size === 0 || [...ids].every((id) => ring.get(id) === 'in use')) return
    const there = new Set(await stored())
    for (const text of sealed) {
      const id = sealingKeyIn(text)
      if (id === undefined || ring.get(id) === 'in use' || (ring.has(id) && there.has(text))) continue
      throw new BhorError('key_retired')
    }
  }
  wrote(row: CountedRow, mac: string, isLive: boolean): void {
    // Whoever takes rights away or ends something may do so in a store that went back.
    if (isLive && !this.#isAccepting) this.#inventory.refuseRolledBack()
    this.#note({ ...row, mac, isLive })
  }
  removed(row: CountedRow): void {
    this.#note({ ...row, mac: undefined, isLive: false })
  }
  async settled(head: AuditHead): Promise<string> {
    const inventory = this.#inventory
    const { keys } = inventory
    if (!keys) return head.inventory
    this.#isSettled = true
    if (this.#isAccepting) return this.#accepted(head)
    if (inventory.isRolledBack) {
      if ([...this.#changes.values()].some(({ isLive }) => isLive)) inventory.refuseRolledBack()
      // What is ended or removed needs no line now: all are made anew when the store is accepted.
      this.#changes.clear()
    }
    return this.#changes.size === 0 ? head.inventory : this.#moved()
  }
  ends(head: AuditHead): void {
    this.#head = head
  }

  #note(change: Change): void {
    if (!this.#inventory.keys) return
    if (this.#isSettled) throw new BhorError('internal', 'A row was changed after the record of its change.')
    this.#changes.set(keyOf(change), change)
  }
  async #moved(): Promise<string> {
    const { known, keys } = this.#inventory
    const changes = [...this.#changes.values()]
    const { sum: now } = known.count
    const version = now.version + 1
    const lines = await linesOf(this.#db, changes)
    const foreign = lines.filter((line) => (known.macOf(line) ?? line.mac) !== line.mac)
    if (foreign.length > 0) {
      this.#inventory.declare(rowsSetBack(foreign), foreign)
      this.#inventory.refuseRolledBack()
    }
    const written = changes.flatMap(({ table, id, mac }) =>
      mac === undefined ? [] : [{ table, id, mac, version }],
    )
    const element = (line: CountedRow & { readonly mac: string }) => keys!.element(now.keyId, line, line.mac)
    const sum = { ...now, version, sum: sumOf(now.sum, written.map(element), lines.map(element)) }
    await setLines(this.#db, written)
    await removeLines(
      this.#db,
      changes.filter(({ mac }) => mac === undefined),
    )
    this.#count = { text: keys!.sealed(sum), sum }
    return this.#count.text
  }
  /** Whatever is known: what is there counts. The version rises above all that was ever seen. */
  async #accepted(head: AuditHead): Promise<string> {
    const { keys, highestVersion, isRolledBack, seen } = this.#inventory
    const before = keys!.opened(head.inventory)
    const version = Math.max(highestVersion, before?.version ?? 0) + 1
    const bound = [...this.#changes.values()].filter(({ table }) => table === folders)
    await setLines(
      this.#db,
      bound.map(({ id }) => ({ table: folders, id, mac: boundMac, version })),
    )
    const { sum, latest } = await recount(this.#db, keys!, version, head.inventory === '')
    const gaveUp = isRolledBack && seen.seq > 0 ? { seq: seen.seq, mac: seen.mac } : (before?.gaveUp ?? null)
    const counted = { version, sum, keyId: keys!.keyId, gaveUp }
    this.#count = { text: keys!.sealed(counted), sum: counted }
    this.#latest = latest
    return this.#count.text
  }
}

async function dataKeysIn(db: Db): Promise<ReadonlyMap<string, 'in use' | 'retired'>> {
  const rows = db.selectFrom('keyring').select(['id', 'retired_at_ms']).where('purpose', '=', 'data')
  return new Map(
    (await rows.execute()).map(({ id, retired_at_ms: at }) => [id, at === null ? 'in use' : 'retired']),
  )
}

function keyOf({ table, id }: CountedRow): string {
  return `${table}/${id}`
}
