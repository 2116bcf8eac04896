import { signal } from '@preact/signals'
import type { GateView } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { onLeaving } from '../session-state.ts'

/** Whether trading is stopped for all accounts; null until the first answer. */
export const houseGate = signal<GateView | null>(null)
onLeaving(() => {
  houseGate.value = null
})

export async function loadHouseGate(): Promise<void> {
  houseGate.value = await call('GET /v1/gate')
}

/** The kill switch: `closed` stops everything, `open` lifts that and nothing else. */
export async function setHouseGate(state: 'open' | 'closed', reason: string): Promise<void> {
  houseGate.value = await call('PUT /v1/gate', { body: { state, ...(reason === '' ? {} : { reason }) } })
}
