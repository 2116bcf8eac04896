import type { AuditHead } from '../../contracts/audit.ts'
import type {
  CountedRow,
  InventoryBinding,
  InventoryKeys,
  InventorySum,
  Seen,
} from '../../contracts/inventory.ts'
import { BhorError } from '../../core/errors.ts'
import { rowsOf } from '../rows.ts'
import { countedTables, type Db } from '../schema.ts'
import { macOfRecord, readHead } from '../tables/audit.ts'
import { linesSince } from '../tables/inventory.ts'
import { keyring } from '../tables/keyring.ts'
import type { UnknownRow } from '../watched.ts'
import { noWitness, type ReadRow, type Witness } from '../witness.ts'
import { compareRows, isBoundTo } from './compare.ts'
import { type Change, type Count, Known, sumOf } from './known.ts'
import * as texts from './texts.ts'

/** A moment that passes while it is looked at is looked at again; the store is not that busy for ever. */
const mostAttempts = 20

interface Taken {
  readonly keys: InventoryKeys
  readonly binding: InventoryBinding
}

/**
 * What one process knows of the inventory, and its judgement whether the store or a row of it went back. It begins with
 * {@link Inventory.take}; before, it knows nothing and lets everything pass.
 */
export class Inventory implements Witness {
  readonly atOneMoment: <T>(read: (db: Db) => Promise<T>) => Promise<T>
  readonly #durable: () => Promise<void>
  readonly #known = new Known()
  readonly #damaged = new Map<string, string>()
  #taken: Taken | undefined
  #seen: Pick<Seen, 'seq' | 'mac'> = { seq: 0, mac: '' }
  /** The end that was met last; it may not be durable yet. */
  #met: Pick<Seen, 'seq' | 'mac'> | undefined
  #rollback: { readonly text: string; readonly rows: readonly CountedRow[] } | undefined

  /**
   * @param atOneMoment runs reads that all see the store as of one commit
   * @param durable makes sure that what was read is durable, where that is not certain anyway
   */
  constructor(
    atOneMoment: <T>(read: (db: Db) => Promise<T>) => Promise<T>,
    durable: () => Promise<void> = async () => {},
  ) {
    this.atOneMoment = atOneMoment
    this.#durable = durable
  }

  get keys(): InventoryKeys | undefined {
    return this.#taken?.keys
  }
  get known(): Known {
    return this.#known
  }
  get seen(): Pick<Seen, 'seq' | 'mac'> {
    return this.#seen
  }
  /** Of all that was ever seen from here. */
  get highestVersion(): number {
    return Math.max(this.#known.count.sum.version, this.#taken?.binding.seen.version ?? 0)
  }
  get isRolledBack(): boolean {
    return this.#rollback !== undefined
  }
  get setBack(): readonly CountedRow[] {
    return this.#rollback?.rows ?? []
  }
  rollback(): BhorError | undefined {
    return this.#rollback && new BhorError('store_rolled_back', this.#rollback.text)
  }
  refuseRolledBack(): void {
    const rollback = this.rollback()
    if (rollback) throw rollback
  }

  /** Begins, and says what is still to be written: every row, the folder that it is taken with, or nothing. */
  async take(keys: InventoryKeys, binding: InventoryBinding): Promise<'rows' | 'folder' | 'nothing'> {
    this.#taken = { keys, binding }
    this.#seen = binding.seen
    if (binding.doubt !== undefined) this.declare(binding.doubt)
    let end: AuditHead | undefined
    const state = await this.atOneMoment(async (db) => {
      const head = await readHead(db)
      const sum = head.inventory === '' ? undefined : keys.opened(head.inventory)
      if (!keys.isHeadGenuine(head)) this.declare(texts.headChanged(head))
      else if (!gaveUp(sum, binding.seen)) {
        const fault = await this.#faultOf(db, head, binding.seen)
        if (fault) this.declare(fault)
      }
      if (this.#rollback) return 'nothing'
      end = head
      if (head.inventory === '' && binding.seen.version === 0) return 'rows'
      await this.#compare(db, head)
      if (this.#rollback) return 'nothing'
      if (sum?.keyId !== keys.keyId) return 'rows'
      return (await isBoundTo(db, binding.folder)) ? 'nothing' : 'folder'
    })
    if (end) {
      await this.#durable()
      this.#seen = end
    }
    return state
  }

  knows(row: CountedRow, mac: string, isLive: boolean): boolean {
    return !this.#taken || this.#rollback !== undefined || this.#known.isLatest(row, mac, isLive)
  }
  /** Of a row that is not known to be the latest: whether it was found to be damaged, and not an earlier one. */
  isDamaged({ table, id }: CountedRow, mac: string): boolean {
    return this.#damaged.get(`${table}/${id}`) === mac
  }

  async lookCloser<T>(
    read: (db: Db) => Promise<T>,
    unknownIn: (result: T) => readonly ReadRow[],
  ): Promise<T> {
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const before = this.#seen
      const looked = await this.#fromMoment(async (db) => {
        const head = await readHead(db)
        await this.meet(db, head, before)
        const result = await read(db)
        // While it was read this process went on, to an inventory that says nothing of that moment.
        if (!this.#rollback && this.#known.count.text !== head.inventory) return undefined
        this.judge(unknownIn(result))
        return { result }
      })
      if (looked) return looked.result
    }
    throw new BhorError('store_busy', 'The rows that are asked for keep changing.')
  }
  /** Rows that a hand-out watches, as of this moment or transaction. */
  async judgeWatched(db: Db, rows: readonly UnknownRow[]): Promise<void> {
    const unknown = rows.filter((row) => !this.isDamaged(row, row.mac))
    for (const { table, id, mac } of unknown) this.#damaged.set(`${table}/${id}`, mac)
    const found = await Promise.all(unknown.map((row) => readRow(db, row)))
    this.judge(found.filter((row) => row !== undefined))
  }
  /** As of one moment: what has happened, and how it stands with these rows. */
  async learn(rows: readonly UnknownRow[]): Promise<void> {
    const before = this.#seen
    await this.#fromMoment(async (db) => {
      await this.meet(db, await readHead(db), before)
      await this.judgeWatched(db, rows)
    })
  }
  /** Rows that are not the latest although the inventory is known as of the moment in which they were read. */
  judge(rows: readonly ReadRow[]): void {
    const { keys } = this
    if (!keys) return
    const genuine = rows.filter(({ table, record }) => keys.isGenuine(table.name, record))
    for (const { table, record } of rows) {
      const { id, mac } = record as { readonly id: string; readonly mac: string }
      this.#damaged.set(`${table.name}/${id}`, mac)
    }
    if (genuine.length === 0) return
    const found = genuine.map(({ table, record }) => ({
      table: table.name,
      id: (record as { readonly id: string }).id,
    }))
    this.declare(texts.rowsSetBack(found), found)
  }

  /**
   * Compares the end of the chain, as it is in this transaction or moment, with what is known, and learns what other
   * servers have changed since.
   */
  async meet(db: Db, head: AuditHead, before = this.#seen): Promise<void> {
    if (!this.#taken || this.#rollback || this.isKnownEnd(head)) return
    // Whoever goes on from it says what is wrong with it.
    if (!this.#taken.keys.isHeadGenuine(head)) return
    const fault = await this.#faultOf(db, head, { ...before, version: 0 })
    if (fault) return this.declare(fault)
    if (head.inventory !== this.#known.count.text) await this.#catchUp(db, head)
    if (!this.#rollback) this.#met = head
  }
  /** As {@link Inventory.meet}, by what record `before` has for a MAC now. False where that does not say everything. */
  meetBeside(head: AuditHead, before: Pick<Seen, 'seq' | 'mac'>, macNow: string | undefined): boolean {
    if (this.canGoOnFrom(head)) return true
    const isSameChain = head.seq >= before.seq && (before.seq === 0 || macNow === before.mac)
    return isSameChain && head.inventory === this.#known.count.text
  }
  /** Nothing has happened that this process does not know. */
  isKnownEnd({ seq, mac, inventory }: AuditHead): boolean {
    const seen = this.#seen
    return !this.#taken || (seq === seen.seq && mac === seen.mac && inventory === this.#known.count.text)
  }

  /** False where something has to be learnt first. Of an end that bhor did not write says whoever links to it. */
  canGoOnFrom(head: AuditHead): boolean {
    return this.isRolledBack || this.isKnownEnd(head) || this.keys?.isHeadGenuine(head) === false
  }

  /** A commit of this process is durable. */
  committed(head: AuditHead, count?: Count, changes: readonly Change[] = []): void {
    if (!this.#taken) return
    if (count) this.#known.moveTo(count, changes)
    if (!this.#rollback) this.#see(head)
  }
  /** The commit that accepted the store as it is. */
  accepted(head: AuditHead, count: Count, latest: Parameters<Known['replaceBy']>[1]): void {
    this.#known.replaceBy(count, latest)
    this.#rollback = undefined
    this.#damaged.clear()
    this.#seen = head
    this.#tellSeen()
  }

  /** A look at the end of the chain. */
  async look(): Promise<void> {
    if (!this.#taken || this.#rollback) return
    const before = this.#seen
    await this.#fromMoment(async (db) => this.meet(db, await readHead(db), before))
  }
  /** Everything. */
  async inspect(): Promise<void> {
    if (!this.#taken || this.#rollback) return
    const before = this.#seen
    await this.#fromMoment(async (db) => {
      const head = await readHead(db)
      if (!this.keys?.isHeadGenuine(head)) return this.declare(texts.headChanged(head))
      await this.meet(db, head, before)
      if (!this.#rollback) await this.#compare(db, head)
    })
  }

  declare(text: string, rows: readonly CountedRow[] = []): void {
    if (this.#rollback) return
    this.#rollback = { text, rows }
    this.#taken?.binding.onRollback(text)
  }

  async #faultOf(db: Db, head: AuditHead, seen: Seen): Promise<string | undefined> {
    if (head.seq < seen.seq) return texts.older(head.seq, seen)
    const mac = head.seq === seen.seq ? head.mac : await macOfRecord(db, seen.seq)
    if (seen.seq > 0 && mac !== seen.mac) return texts.another(seen.seq)
    if (seen.version === 0) return undefined
    const version = this.keys?.opened(head.inventory)?.version ?? 0
    return version < seen.version ? texts.older(head.seq, seen) : undefined
  }
  async #catchUp(db: Db, head: AuditHead): Promise<void> {
    const { keys } = this
    const next = keys?.opened(head.inventory)
    const { sum: now } = this.#known.count
    if (!keys || !next || next.version < now.version) return this.declare(texts.sumChanged())
    const lines = await linesSince(db, now.version)
    const elements = (macs: (line: (typeof lines)[number]) => string | undefined) =>
      lines.flatMap((line) => {
        const mac = macs(line)
        return mac === undefined ? [] : [keys.element(next.keyId, line, mac)]
      })
    const sum = sumOf(
      now.sum,
      elements(({ mac }) => mac),
      elements((line) => this.#known.macOf(line)),
    )
    // Rows that were removed, or had been forgotten here, leave no line to learn from.
    if (sum !== next.sum || next.keyId !== now.keyId) return this.#compare(db, head)
    const changes = lines.map(({ table, id, mac }) => ({ table, id, mac, isLive: true }))
    this.#known.moveTo({ text: head.inventory, sum: next }, changes)
  }
  async #compare(db: Db, head: AuditHead): Promise<void> {
    const { keys } = this
    const sum = keys?.opened(head.inventory)
    if (!keys || !sum) return this.declare(texts.sumChanged())
    if (head.seq > 0 && (await macOfRecord(db, head.seq)) !== head.mac)
      return this.declare(texts.tailGone(head.seq))
    const found = await compareRows(db, keys, sum.keyId)
    if (found.setBack.length > 0) return this.declare(texts.rowsSetBack(found.setBack), found.setBack)
    if (found.sum !== sum.sum) return this.declare(texts.sumChanged())
    // What this process has committed meanwhile is known better.
    if (sum.version < this.#known.count.sum.version) return
    this.#damaged.clear()
    this.#known.replaceBy({ text: head.inventory, sum }, found.latest)
  }
  /** Work at one moment; the end that it met counts as seen once it is durable. */
  async #fromMoment<T>(read: (db: Db) => Promise<T>): Promise<T> {
    const result = await this.atOneMoment(read)
    const met = this.#met
    const isNew = met && met.seq > this.#seen.seq && !this.#rollback
    // Where that cannot be said now, it is not seen yet: the next one will be.
    if (isNew)
      await this.#durable().then(
        () => this.#see(met),
        () => {},
      )
    return result
  }
  #see(head: Pick<Seen, 'seq' | 'mac'>): void {
    if (head.seq <= this.#seen.seq) return
    this.#seen = { seq: head.seq, mac: head.mac }
    this.#tellSeen()
  }
  #tellSeen(): void {
    this.#taken?.binding.onSeen({ ...this.#seen, version: this.#known.count.sum.version })
  }

  opens(sealed: readonly string[]): boolean {
    const { keys } = this
    return !keys || sealed.every((text) => keys.knowsKeyOf(text))
  }
  async learnRing(db: Db): Promise<void> {
    const { records } = keyring.readAll(await db.selectFrom('keyring').selectAll().execute())
    this.keys?.learnRing(records)
  }
  sealing(): never {
    throw unwitnessed()
  }
  wrote(): never {
    throw unwitnessed()
  }
  removed(): never {
    throw unwitnessed()
  }
  async settled(): Promise<never> {
    throw unwitnessed()
  }
  ends(): never {
    throw unwitnessed()
  }
}

/** Undefined for a row that cannot be read, or is gone. */
async function readRow(db: Db, { table: name, id }: CountedRow): Promise<ReadRow | undefined> {
  const table = countedTables.find((one) => one.name === name)
  const record =
    table &&
    (await rowsOf<object>(db, table, noWitness)
      .find({ id } as never)
      .catch(() => undefined))
  return table && record && { table, record }
}

/** Reads outside of transactions are witnessed by the inventory itself, and never write. */
function unwitnessed(): BhorError {
  return new BhorError('internal', 'A change was asked for outside of a transaction.')
}

function gaveUp(sum: InventorySum | undefined, seen: Seen): boolean {
  return sum?.gaveUp?.seq === seen.seq && sum.gaveUp.mac === seen.mac
}
