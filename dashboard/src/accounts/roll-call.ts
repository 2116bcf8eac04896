import { signal } from '@preact/signals'
import type { RollCallView } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { onLeaving } from '../session-state.ts'

/** Who is ready for the market; null until the first answer. */
export const rollCall = signal<RollCallView | null>(null)
onLeaving(() => {
  rollCall.value = null
})

export async function loadRollCall(): Promise<void> {
  rollCall.value = await call('GET /v1/roll-call')
}
