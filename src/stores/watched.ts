import type { CountedRow } from '../contracts/inventory.ts'
import { theHouse, type Watch, type Watched, type WatchedAccount } from '../contracts/store.ts'
import type { Inventory } from './inventory/inventory.ts'

/** One account as it was read for a hand-out, with its latest session. */
export interface AccountLook {
  readonly accountId: string
  readonly generation: number
  readonly accountMac: string
  readonly sessionId: string | null
  readonly sessionMac: string | null
  readonly status: string | null
  /** That of the row of the house. */
  readonly houseMac: string | null
  /** The kill switch or the seal, whichever is set. */
  readonly houseStop: string | null
}
/** A key that is not revoked. */
export interface KeyLook {
  readonly keyId: string
  readonly keyMac: string
}

/** A row as it was read, of which it is not known that it is the latest. */
export interface UnknownRow extends CountedRow {
  readonly mac: string
}

/** What is watched, and what of it has to be looked at closer. Rows that are damaged are none. */
export function watchedIn(
  inventory: Inventory,
  accountLooks: Iterable<AccountLook>,
  keyLooks: Iterable<KeyLook>,
  usedKeyIds: ReadonlySet<string>,
): { watched: Watched; unknown: readonly UnknownRow[] } {
  const accounts = new Map<string, WatchedAccount>()
  const liveKeyIds = new Set<string>()
  const unknown: UnknownRow[] = []
  const isKnown = (table: string, id: string, mac: string, isLive: boolean) => {
    const row = { table, id, mac }
    if (inventory.knows(row, mac, isLive)) return true
    if (!inventory.isDamaged(row, mac)) unknown.push(row)
    return false
  }
  for (const look of accountLooks) {
    const { accountId, generation, accountMac, sessionId, sessionMac, status, houseMac, houseStop } = look
    // A damaged switch is no other switch: whoever holds an earlier one sees the difference.
    if (houseMac !== null) isKnown('house', theHouse, houseMac, houseStop === null)
    const isAccountKnown = isKnown('accounts', accountId, accountMac, true)
    const hasSession = sessionId !== null && sessionMac !== null && status !== null
    if (hasSession && !isKnown('sessions', sessionId, sessionMac, status === 'active')) continue
    const facts = { generation, status: statusOf(status), mac: accountMac, houseMac: houseMac ?? '' }
    if (isAccountKnown) accounts.set(accountId, facts)
  }
  for (const { keyId, keyMac } of keyLooks)
    if (isKnown('client_keys', keyId, keyMac, true)) liveKeyIds.add(keyId)
  return { watched: { accounts, liveKeyIds, usedKeyIds }, unknown }
}

/** `none` before the first session. */
function statusOf(stored: string | null): WatchedAccount['status'] {
  return stored === null ? 'none' : (stored as 'active' | 'ended')
}

/** Whether anything would leave with the record. */
export function isWatching({ accountIds, keyIds }: Watch): boolean {
  return accountIds.length > 0 || keyIds.length > 0
}
