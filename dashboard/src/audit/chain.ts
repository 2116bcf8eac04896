import { signal } from '@preact/signals'
import type { AuditCheck } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { onLeaving } from '../session-state.ts'
import { now } from '../time/clock.ts'

/** What the last check of the chain said, and when that was; null until the first one. */
export const chain = signal<{ readonly check: AuditCheck; readonly at: string } | null>(null)
onLeaving(() => {
  chain.value = null
})

/** Has every record checked. */
export async function checkChain(): Promise<void> {
  const check = await call('GET /v1/audit/verify')
  keepCheck(check)
}

export function keepCheck(check: AuditCheck): void {
  chain.value = { check, at: new Date(now.peek()).toISOString() }
}
