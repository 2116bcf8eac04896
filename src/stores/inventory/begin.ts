import type { InventoryBinding, InventoryKeys } from '../../contracts/inventory.ts'
import type { Store } from '../../contracts/store.ts'
import type { Db } from '../schema.ts'
import { Changes } from './changes.ts'
import { isBoundTo } from './compare.ts'
import type { Inventory } from './inventory.ts'

/** Runs work in one transaction of the engine's. */
export type InTransaction = <T>(work: (db: Db) => Promise<T>) => Promise<T>

/** Runs work in a transaction whose rows the inventory counts. */
export async function counting<T>(
  inventory: Inventory,
  inTransaction: InTransaction,
  work: (changes: Changes) => Promise<T>,
): Promise<T> {
  const { result, changes } = await inTransaction(async (db) => {
    const changes = new Changes(inventory, db)
    return { result: await work(changes), changes }
  })
  changes.committed()
  return result
}

/** What a store offers of its inventory. */
export function inventoryOf(
  inventory: Inventory,
  inTransaction: InTransaction,
): Pick<Store, 'takeInventory' | 'isBoundTo' | 'rollback' | 'setBack' | 'look' | 'inspect'> {
  return {
    takeInventory: (keys, binding) => takeInventory(inventory, inTransaction, keys, binding),
    isBoundTo: (folder) => inventory.atOneMoment((db) => isBoundTo(db, folder)),
    rollback: () => inventory.rollback(),
    setBack: () => inventory.setBack,
    look: () => inventory.look(),
    inspect: () => inventory.inspect(),
  }
}

async function takeInventory(
  inventory: Inventory,
  inTransaction: InTransaction,
  keys: InventoryKeys,
  binding: InventoryBinding,
): Promise<void> {
  const left = await inventory.take(keys, binding)
  if (left === 'nothing') return
  await counting(inventory, inTransaction, (changes) =>
    changes.run(async (tx) => {
      if (left === 'rows') tx.accept()
      changes.bind(binding.folder)
      await tx.audit.append((head, text) => ({ links: [], head: keys.headWith(head, text) }))
    }),
  )
}
