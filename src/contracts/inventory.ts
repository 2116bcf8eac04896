import type { AuditHead } from './audit.ts'
import type { KeyringRecord } from './store.ts'

/**
 * A MAC proves that bhor wrote a row, not that it wrote nothing later. So the store keeps an inventory: of every row
 * that decides something its latest MAC, and in the end of the audit chain the keyed sum of all of them, which moves in
 * the same commit as a row.
 */
export interface InventorySum {
  /** Rises by one with each commit that changes a row. */
  readonly version: number
  /** The sum of {@link InventoryKeys.element} over the inventory, modulo 2^256. Secret: who knows sums learns elements. */
  readonly sum: bigint
  /** The key of the elements. */
  readonly keyId: string
  /** The end that had been seen when the operator accepted an older one; null where that never happened. */
  readonly gaveUp: Pick<Seen, 'seq' | 'mac'> | null
}

/** How far somebody has seen the store: never further than what is durable. */
export interface Seen {
  /** A record of the audit, and its MAC. 0 and empty for none. */
  readonly seq: number
  readonly mac: string
  /** The inventory's version as of that record. */
  readonly version: number
}

/** One row of a table that the inventory counts. */
export interface CountedRow {
  readonly table: string
  readonly id: string
}

/** What the store needs of whoever has the keys. */
export interface InventoryKeys {
  isHeadGenuine(head: AuditHead): boolean
  /** The same end of the chain with another inventory. */
  headWith(head: AuditHead, inventory: string): AuditHead
  /** The key that new elements are made with. */
  readonly keyId: string
  /** A row with its MAC as a number below 2^256 that nobody without the key can foresee. */
  element(keyId: string, row: CountedRow, mac: string): bigint
  /** The sum as it stands in the end of the chain, which authenticates it. */
  sealed(sum: InventorySum): string
  /** Undefined for a text of another form. */
  opened(text: string): InventorySum | undefined
  /** Whether bhor wrote this record, be it the latest or not. */
  isGenuine(table: string, record: object): boolean
  /** Whether the key that sealed this text is known; see `Vault.knowsKeyOf`. */
  knowsKeyOf(sealed: string): boolean
  /** Learns the ring as it is stored now, where a value was found that is sealed by a key that nobody here knew. */
  learnRing(records: readonly KeyringRecord[]): void
  /** A record that bhor wrote under the MAC of this version, where it may have that of an earlier one. */
  renewed(table: string, record: object): object | undefined
}

/** How the inventory is begun with, and what it tells. */
export interface InventoryBinding {
  /** What is bound to the store from outside of it; see {@link Seen}. */
  readonly seen: Seen
  /** Whatever that is kept in: the data folder. */
  readonly folder: string
  /** Why nobody can tell whether the store went back, where that is so. */
  readonly doubt?: string
  /** After each commit of this process that is durable. */
  onSeen(seen: Seen): void
  /** It was found, just now, that the store went back. */
  onRollback(text: string): void
}
