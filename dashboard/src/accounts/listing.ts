import type { AccountView } from '../../../src/contracts/api.ts'
import { needOf } from './needs.ts'

/** From so many accounts on they are rows, and can be searched. */
export const manyFrom = 6

export const listFilters = ['all', 'needs', 'live', 'sandbox'] as const
export type ListFilter = (typeof listFilters)[number]

type Facts = Pick<
  AccountView,
  | 'account'
  | 'label'
  | 'brokerName'
  | 'userId'
  | 'kind'
  | 'settings'
  | 'status'
  | 'loginHelps'
  | 'gate'
  | 'unconfirmed'
>

/** Every word that was typed stands somewhere in name, label, broker, person or group. */
export function isFound(account: Facts, text: string): boolean {
  const { account: name, label, brokerName, userId, settings } = account
  const said = [name, label, brokerName, userId ?? '', settings.group ?? ''].join(' ').toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word))
}

export function passes(account: Facts, filter: ListFilter): boolean {
  if (filter === 'needs') return needOf(account) !== 'nothing'
  if (filter === 'live') return needOf(account) === 'nothing'
  return filter === 'sandbox' ? account.kind !== 'live' : true
}

/** Members of the household by name; who has no group comes last, under an empty one. */
export function grouped<A extends Facts>(
  accounts: readonly A[],
): readonly (readonly [string, readonly A[]])[] {
  const groups = Map.groupBy(accounts, ({ settings }) => settings.group ?? '')
  return [...groups].sort(([a], [b]) => Number(a === '') - Number(b === '') || a.localeCompare(b))
}
