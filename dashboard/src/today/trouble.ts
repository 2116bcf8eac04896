import type { AccountView } from '../../../src/contracts/api.ts'

const dayMs = 24 * 60 * 60_000

/** A channel or a mirror that somebody must look at. */
export function isInTrouble({ state }: { readonly state: string }): boolean {
  return state === 'failing' || state === 'damaged' || state === 'conflict'
}

interface SilentBroker {
  readonly brokerName: string
  /** Of so many accounts nobody knows how they stand. */
  readonly count: number
  readonly since: string | null
}

/** Brokers that do not say whether sessions live: one trouble, however many accounts feel it. */
export function silentBrokers(
  accounts: readonly Pick<AccountView, 'brokerName' | 'gate'>[],
): readonly SilentBroker[] {
  const found = new Map<string, SilentBroker>()
  for (const { brokerName, gate } of accounts) {
    const doubt = gate.causes.find(({ reason }) => reason === 'unproven')
    if (doubt === undefined) continue
    const { count = 0, since = null } = found.get(brokerName) ?? {}
    const first = [since, doubt.since].filter((each) => each !== null).toSorted()[0] ?? null
    found.set(brokerName, { brokerName, count: count + 1, since: first })
  }
  return [...found.values()]
}

interface ChangedEgress {
  readonly account: string
  readonly addresses: readonly string[]
  readonly changed: { readonly at: string; readonly before: readonly string[] }
}

/** Accounts that the world sees by other addresses than a day ago. Where others are registered, the gate says it. */
export function changedEgress(
  accounts: readonly Pick<AccountView, 'account' | 'egress'>[],
  nowMs: number,
): readonly ChangedEgress[] {
  return accounts.flatMap(({ account, egress: { measured, standing } }) => {
    const changed = measured?.changed
    if (!changed || standing === 'different' || nowMs - Date.parse(changed.at) > dayMs) return []
    return [{ account, addresses: measured.addresses, changed }]
  })
}
