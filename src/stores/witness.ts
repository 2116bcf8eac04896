import type { AuditHead } from '../contracts/audit.ts'
import type { CountedRow } from '../contracts/inventory.ts'
import type { Db } from './schema.ts'
import type { Table } from './table.ts'

/** A row of a counted table as it was read. */
export interface ReadRow {
  readonly table: Table<object>
  readonly record: object
}

/** Who is told of every counted row that is written, and asked about every one that is read. */
export interface Witness {
  /** Whether a row is the latest, as far as that can be said at once. */
  knows(row: CountedRow, mac: string, isLive: boolean): boolean
  /** Reads again, as of one moment, and judges what is unknown even then. */
  lookCloser<T>(read: (db: Db) => Promise<T>, unknownIn: (result: T) => readonly ReadRow[]): Promise<T>
  /** Whether the keys of these sealed texts are known. */
  opens(sealed: readonly string[]): boolean
  /** Reads the ring again, for values that another server has sealed. */
  learnRing(db: Db): Promise<void>
  /**
   * Before sealed values are written: each is under the key in use, or stands in the row already.
   *
   * @throws BhorError `key_retired`
   */
  sealing(sealed: readonly string[], stored: () => Promise<readonly string[]>): Promise<void>
  wrote(row: CountedRow, mac: string, isLive: boolean): void
  removed(row: CountedRow): void
  /** Before the end of the chain is written: the inventory as of this commit. */
  settled(head: AuditHead): Promise<string>
  /** The end of the chain as this commit leaves it. */
  ends(head: AuditHead): void
}

/** For a store without an inventory. */
export const noWitness: Witness = {
  knows: () => true,
  lookCloser: () => Promise.reject(new Error('Nobody counts the rows of this store.')),
  opens: () => true,
  async learnRing() {},
  async sealing() {},
  wrote() {},
  removed() {},
  settled: async (head) => head.inventory,
  ends() {},
}
