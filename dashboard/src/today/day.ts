import { loadRollCall } from '../accounts/roll-call.ts'
import { loadHouseGate } from '../gate/house-gate.ts'
import { now } from '../time/clock.ts'
import { loadHouse } from './house.ts'
import { isMarketOver, loadMarket } from './market.ts'

const houseEveryMs = 60_000
let houseAtMs = Number.NEGATIVE_INFINITY
let running: Promise<void> | undefined
let isAskedAgain = false

/**
 * Reads what stands around the accounts. One after the other: many tabs share the connections of one sign-in. What one of them
 * does not say, the page is whole without.
 */
export function refreshDay(): Promise<void> {
  isAskedAgain = true
  running ??= read().finally(() => {
    running = undefined
  })
  return running
}

async function read(): Promise<void> {
  while (isAskedAgain) {
    isAskedAgain = false
    await loadHouseGate().catch(() => {})
    await loadRollCall().catch(() => {})
    if (isMarketOver()) await loadMarket().catch(() => {})
    if (now.peek() - houseAtMs < houseEveryMs) continue
    houseAtMs = now.peek()
    await loadHouse().catch(() => {})
  }
}
