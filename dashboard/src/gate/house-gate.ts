import { computed, signal } from '@preact/signals'
import type { GateReason, GateView } from '../../../src/contracts/api.ts'
import type { FeedEvent } from '../../../src/contracts/events.ts'
import { call } from '../api.ts'
import { onLeaving } from '../session-state.ts'

/** Whether trading is stopped for all accounts; null until the first answer. */
export const houseGate = signal<GateView | null>(null)
onLeaving(() => {
  houseGate.value = null
})

const stopsAll: readonly GateReason[] = ['store_rolled_back', 'store_unavailable', 'audit_unavailable']
/** What keeps everything from leaving, as bhor says it. */
export const trouble = computed(
  () => houseGate.value?.causes.find(({ reason }) => stopsAll.includes(reason)) ?? null,
)

export function isAboutHouseGate({ event, data }: FeedEvent): boolean {
  if (event === 'house.changed') return data.change === 'trouble' || data.change === 'seal'
  return event === 'gate.changed' && data.account === null
}

export async function loadHouseGate(): Promise<void> {
  houseGate.value = await call('GET /v1/gate')
}

/** The kill switch: `closed` stops everything, `open` lifts that and nothing else. */
export async function setHouseGate(state: 'open' | 'closed', reason: string): Promise<void> {
  houseGate.value = await call('PUT /v1/gate', { body: { state, ...(reason === '' ? {} : { reason }) } })
}
