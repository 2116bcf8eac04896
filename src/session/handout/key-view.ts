import type { KeyView, Scope } from '../../contracts/api.ts'
import type { ClientKeyRecord, KeyUseSum } from '../../contracts/store.ts'
import { withoutControls } from '../../core/control-characters.ts'
import { iso, isoOrNull } from '../../core/instant.ts'
import { printable } from '../../core/redact.ts'
import type { SessionContext } from '../ground/context.ts'
import { firstMinuteKept } from '../ground/uses.ts'

/** What views of keys say beside their rows. */
export interface KeyFacts {
  /** What each key was used for, by its id: for each account one. */
  readonly uses: ReadonlyMap<string, readonly KeyUseSum[]>
  /** The names of accounts by their ids. */
  readonly names: ReadonlyMap<string, string>
}

export const noKeyFacts: KeyFacts = { uses: new Map(), names: new Map() }

export async function keyFacts({ store, clock }: SessionContext): Promise<KeyFacts> {
  const sums = await store.keyUses.sums(firstMinuteKept(clock.nowMs()))
  const { records, damaged } = await store.accounts.list()
  const names = records.map(({ id, alias }) => [id, alias] as const)
  return {
    uses: Map.groupBy(sums, ({ keyId }) => keyId),
    names: new Map([...names, ...damaged.map(({ id, name }) => [id, printable(name, 40)] as const)]),
  }
}

export function keyView(key: ClientKeyRecord, { uses, names }: KeyFacts): KeyView {
  const sums = uses.get(key.id) ?? []
  const nameOf = (id: string) => names.get(id) ?? []
  return {
    id: key.id,
    name: withoutControls(key.name),
    scopes: key.scopes as Scope[],
    accounts: key.accountIds?.flatMap(nameOf) ?? null,
    madeBy: key.madeBy,
    createdAt: iso(key.createdAtMs),
    expiresAt: isoOrNull(key.expiresAtMs),
    revokedAt: isoOrNull(key.revokedAtMs),
    isRun: key.heldBy !== null,
    lastUsedAt: sums.length === 0 ? null : iso(Math.max(...sums.map(({ lastAtMs }) => lastAtMs))),
    uses: sums.reduce((all, { count }) => all + count, 0),
    perAccount: sums.flatMap(({ accountId, lastAtMs, count }) =>
      names.has(accountId)
        ? [{ account: names.get(accountId) ?? '', lastUsedAt: iso(lastAtMs), uses: count }]
        : [],
    ),
  }
}

/** What may be said of a key whose row is damaged: it opens nothing, and can be revoked. */
export function damagedKeyView({ id, name }: Pick<KeyView, 'id' | 'name'>): KeyView {
  return {
    id,
    name: `${printable(name, 60)} (damaged)`.trim(),
    scopes: [],
    accounts: [],
    madeBy: null,
    createdAt: iso(0),
    expiresAt: null,
    revokedAt: null,
    isRun: false,
    lastUsedAt: null,
    uses: 0,
    perAccount: [],
  }
}
