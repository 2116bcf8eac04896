import type { KeyView, Scope } from '../../contracts/api.ts'
import type { ClientKeyRecord } from '../../contracts/store.ts'
import { withoutControls } from '../../core/control-characters.ts'
import { iso, isoOrNull } from '../../core/instant.ts'
import { printable } from '../../core/redact.ts'
import type { SessionContext } from '../ground/context.ts'
import { firstMinuteKept } from '../ground/uses.ts'

const unused = { lastUsedAt: null, uses: 0 }

/** What a key was used for, by its id. */
export type KeyUses = ReadonlyMap<string, Pick<KeyView, 'lastUsedAt' | 'uses'>>

export async function keyUses({ store, clock }: SessionContext): Promise<KeyUses> {
  const all = new Map<string, { lastAtMs: number; uses: number }>()
  for (const { keyId, lastAtMs, count } of await store.keyUses.sums(firstMinuteKept(clock.nowMs()))) {
    const before = all.get(keyId)
    all.set(keyId, {
      lastAtMs: Math.max(before?.lastAtMs ?? 0, lastAtMs),
      uses: (before?.uses ?? 0) + count,
    })
  }
  return new Map([...all].map(([id, { lastAtMs, uses }]) => [id, { lastUsedAt: iso(lastAtMs), uses }]))
}

export async function keyView(
  context: SessionContext,
  key: ClientKeyRecord,
  used: KeyUses,
): Promise<KeyView> {
  const names = await Promise.all((key.accountIds ?? []).map((id) => context.store.accounts.byId(id)))
  return {
    id: key.id,
    name: withoutControls(key.name),
    scopes: key.scopes as Scope[],
    accounts: key.accountIds && names.flatMap((account) => (account ? [account.alias] : [])),
    madeBy: key.madeBy,
    createdAt: iso(key.createdAtMs),
    expiresAt: isoOrNull(key.expiresAtMs),
    revokedAt: isoOrNull(key.revokedAtMs),
    isRun: key.heldBy !== null,
    ...(used.get(key.id) ?? unused),
  }
}

/** What may be said of a key whose row is damaged: it opens nothing, and can be revoked. */
export function damagedKeyView({ id, name }: Pick<KeyView, 'id' | 'name'>): KeyView {
  const view = {
    id,
    name: `${printable(name, 60)} (damaged)`.trim(),
    scopes: [],
    accounts: [],
    madeBy: null,
    createdAt: iso(0),
  }
  return { ...view, expiresAt: null, revokedAt: null, isRun: false, ...unused }
}
