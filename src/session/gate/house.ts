import { type HouseRecord, type StoreReads, theHouse } from '../../contracts/store.ts'
import { isBhorError } from '../../core/errors.ts'
import type { SessionContext } from '../ground/context.ts'
import { isGenuine, stamped } from '../ground/records.ts'

/** The row of the house as it may be believed; `damaged` also where it is missing, so that nobody can lift a kill by deleting it. */
export async function houseOf(
  context: Pick<SessionContext, 'vault'>,
  reads: StoreReads,
): Promise<HouseRecord | 'damaged'> {
  try {
    const record = await reads.house.get()
    return isNew(record) || isGenuine(context.vault, 'house', record) ? record : 'damaged'
  } catch (error) {
    if (isBhorError(error, 'store_damaged')) return 'damaged'
    throw error
  }
}

/** The row to write. */
export function stampedHouse(
  { vault, clock }: Pick<SessionContext, 'vault' | 'clock'>,
  { kill, seal }: Pick<HouseRecord, 'kill' | 'seal'>,
): HouseRecord {
  return stamped(vault, 'house', { id: theHouse, kill, seal, changedAtMs: clock.nowMs() })
}

/** As the schema makes it: nobody has looked yet whether it may count. */
export function isNew({ mac, kill, seal }: HouseRecord): boolean {
  return mac === '' && kill === null && seal === null
}
