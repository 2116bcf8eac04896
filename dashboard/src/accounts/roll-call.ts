import { signal } from '@preact/signals'
import type { AccountView, RollCallEntry, RollCallView } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { byName } from '../parts/by-name.ts'
import { onLeaving } from '../session-state.ts'
import { isLive } from './status.ts'

/** Who is ready for the market; null until the first answer. */
export const rollCall = signal<RollCallView | null>(null)
onLeaving(() => {
  rollCall.value = null
})

export async function loadRollCall(): Promise<void> {
  rollCall.value = await call('GET /v1/roll-call')
}

/**
 * Why somebody is missing; `endsEarly`: the session of now ends before the deadline, and a login helps only after that;
 * `unknown`: the configuration has a name that no account has.
 */
export type MissingReason = Exclude<RollCallEntry['state'], 'ready'> | 'endsEarly' | 'unknown'

/** Those who are missing, together with all who are so for the same reason. */
export function missingByReason(
  { accounts: called, unknown }: Pick<RollCallView, 'accounts' | 'unknown'>,
  accounts: readonly Pick<AccountView, 'account' | 'status'>[],
): readonly { readonly reason: MissingReason; readonly names: readonly string[] }[] {
  const live = new Set(accounts.filter(isLive).map(({ account }) => account))
  const found = new Map<MissingReason, readonly string[]>()
  for (const { account, state } of called) {
    if (state === 'ready') continue
    const reason = state === 'login' && live.has(account) ? 'endsEarly' : state
    found.set(reason, [...(found.get(reason) ?? []), account])
  }
  if (unknown.length > 0) found.set('unknown', unknown)
  return [...found].map(([reason, names]) => ({ reason, names: names.toSorted(byName) }))
}
