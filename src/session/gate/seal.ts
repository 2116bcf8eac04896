import type { HouseRecord, Pause, Seal, StoreReads } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { istMoment } from '../../core/ist.ts'
import type { EventDetail } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { keeper } from '../ground/rights.ts'
import { houseOf } from './house.ts'
import { actorWords } from './pause.ts'

/**
 * Before a token leaves, and before a login or renewal is begun or spent. A row that cannot be believed may have said
 * that bhor is sealed.
 *
 * @throws BhorError `sealed`, `gate_closed`
 */
export function refuseSealed(house: HouseRecord | 'damaged'): void {
  if (house === 'damaged') {
    const text =
      'The row of seal and kill switch is damaged or missing: nobody knows whether bhor was sealed.'
    const hint = 'The user who runs bhor sets it anew: bhor kill --undo, or bhor seal.'
    throw new BhorError('gate_closed', text, { hint, facts: { reason: 'switch_damaged' } })
  }
  if (house.seal) throw new BhorError('sealed', `bhor is sealed${sealWords(house.seal)}`)
}

/** The same as of this transaction: it is still true when the transaction becomes durable. */
export async function refuseSealedIn(
  context: Pick<SessionContext, 'vault'>,
  reads: StoreReads,
): Promise<void> {
  refuseSealed(await houseOf(context, reads))
}

/** The end of a sentence: since when, by whom and why. */
export function sealWords({ atMs, by, reason }: Seal): string {
  return ` since ${istMoment(atMs)} by ${actorWords(by)}${reason === '' ? '.' : `: “${reason}”.`}`
}

/** What `gate.change` tells of the house. */
export function houseState({ kill, seal }: Pick<HouseRecord, 'kill' | 'seal'>): EventDetail {
  if (kill) return { state: 'closed', reason: 'killed' }
  return seal ? { state: 'closed', reason: 'sealed' } : { state: 'open' }
}

/** A row that cannot be believed is written anew: whoever only stops trading leaves bhor sealed, as it may have been. */
export function sealOfDamaged(kill: Pause | null, atMs: number): Seal | null {
  return kill && { atMs, by: keeper.actor, reason: damagedReason }
}
const damagedReason = 'the row that says whether bhor is sealed was damaged'
