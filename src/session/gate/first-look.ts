import type { AuditAction } from '../../contracts/audit.ts'
import type { HouseRecord } from '../../contracts/store.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { keeper } from '../ground/rights.ts'
import { houseOf, isNew, stampedHouse } from './house.ts'

const pageSize = 500
const ofHouse: ReadonlySet<AuditAction> = new Set(['gate.create', 'gate.kill', 'gate.unkill', 'house.seal'])

/**
 * The row of the house, outside of a transaction. One that the schema made gets its MAC at the first look; one that only
 * looks as if it were new, because there are records of the house already, was put there by somebody else.
 */
export async function theHouseOf(context: SessionContext): Promise<HouseRecord | 'damaged'> {
  const found = await houseOf(context, context.store)
  // In a store that went back nothing is made; its gates are closed.
  if (found === 'damaged' || !isNew(found) || context.store.rollback()) return found
  if (await hasRecordsOfGates(context)) return 'damaged'
  await change(context, async (c) => {
    const stored = await houseOf(context, c.reads)
    if (stored === 'damaged' || !isNew(stored)) return
    const tx = c.tell({ actor: keeper.actor, action: 'gate.create', result: 'ok' })
    await tx.house.set(stampedHouse(context, { kill: null, seal: null }))
  })
  return houseOf(context, context.store)
}

/** Once in the life of a store: a row that has its MAC is not asked about. */
async function hasRecordsOfGates({ store }: SessionContext): Promise<boolean> {
  // What was pruned may have told of it.
  if (await store.meta.get('audit.start')) return true
  for (let next = 1; ; ) {
    const page = await store.audit.from(next, pageSize)
    if (page.some(({ action }) => ofHouse.has(action))) return true
    const last = page.at(-1)
    if (!last || page.length < pageSize) return false
    next = last.seq + 1
  }
}
