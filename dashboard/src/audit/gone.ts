import { signal } from '@preact/signals'
import { call } from '../api.ts'
import { onLeaving } from '../session-state.ts'

/** The names of accounts that are gone and of which the record tells. */
export const goneAccounts = signal<readonly string[]>([])
onLeaving(() => {
  goneAccounts.value = []
})

export async function loadGone(): Promise<void> {
  goneAccounts.value = (await call('GET /v1/activity/accounts')).gone
}
