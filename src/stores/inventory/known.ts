import type { CountedRow, InventorySum } from '../../contracts/inventory.ts'

/** The latest MACs by table and id. */
export type Latest = Map<string, Map<string, string>>

/** The inventory in one of its versions. */
export interface Count {
  /** As it stands in the end of the chain. */
  readonly text: string
  readonly sum: InventorySum
}

/** A row as a commit leaves it; without a MAC it is gone. */
export interface Change extends CountedRow {
  readonly mac: string | undefined
  readonly isLive: boolean
}

/** What this process knows of the inventory without asking: its sum, and the MAC of every row that may decide something. */
export class Known {
  #latest: Latest = new Map()
  #count: Count = { text: '', sum: { version: 0, sum: 0n, keyId: '', gaveUp: null } }

  get count(): Count {
    return this.#count
  }
  macOf({ table, id }: CountedRow): string | undefined {
    return this.#latest.get(table)?.get(id)
  }
  /** A row that decides nothing any more is not remembered, and one that is not remembered decides nothing. */
  isLatest(row: CountedRow, mac: string, isLive: boolean): boolean {
    const known = this.macOf(row)
    return known === undefined ? !isLive : known === mac
  }
  /** Goes on to a later version; an earlier one is known already. */
  moveTo(count: Count, changes: readonly Change[]): void {
    if (count.sum.version <= this.#count.sum.version) return
    this.#count = count
    for (const { table, id, mac, isLive } of changes) {
      if (mac !== undefined && isLive) mapOf(this.#latest, table).set(id, mac)
      else this.#latest.get(table)?.delete(id)
    }
  }
  /** Begins anew. */
  replaceBy(count: Count, latest: Latest): void {
    this.#count = count
    this.#latest = latest
  }
}

export function mapOf(latest: Latest, table: string): Map<string, string> {
  const known = latest.get(table)
  if (known) return known
  const made = new Map<string, string>()
  latest.set(table, made)
  return made
}

/** Sums of elements are taken modulo 2^256. */
export function sumOf(start: bigint, added: readonly bigint[], removed: readonly bigint[] = []): bigint {
  let sum = start
  for (const element of added) sum += element
  for (const element of removed) sum -= element
  return BigInt.asUintN(256, sum)
}
