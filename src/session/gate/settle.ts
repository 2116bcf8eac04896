import type { HouseRecord } from '../../contracts/store.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { keeper } from '../ground/rights.ts'
import { houseOf, stampedHouse } from './house.ts'
import { counting } from './pause.ts'
import { houseState } from './seal.ts'

/** Tells of a gate that time has changed: a pause that has run out, a session at its hour, a proof too old. */
export async function settleGate(context: SessionContext, accountId: string): Promise<void> {
  await change(context, async (c) => c.settleGate(accountId))
}

/** A kill switch that was set until a time, and whose time has come, is lifted. */
export async function settleHouse(context: SessionContext): Promise<void> {
  const nowMs = context.clock.nowMs()
  const isOver = (house: HouseRecord | 'damaged') =>
    house !== 'damaged' && house.kill !== null && !counting(house.kill, nowMs)
  if (!isOver(await houseOf(context, context.store))) return
  await change(context, async (c) => {
    const house = await houseOf(context, c.reads)
    if (house === 'damaged' || !isOver(house)) return
    const { seal } = house
    const { actor } = keeper
    const tx = c.tell({ actor, action: 'gate.unkill', result: 'ok', detail: { why: 'until' } })
    c.tell({ actor, action: 'gate.change', result: 'ok', detail: houseState({ kill: null, seal }) })
    await tx.house.set(stampedHouse(context, { kill: null, seal }))
  })
}
