import type { KeyView, Scope } from '../../contracts/api.ts'
import type { ClientKeyRecord } from '../../contracts/store.ts'
import { iso, isoOrNull } from '../../core/instant.ts'
import { printable } from '../../core/redact.ts'
import type { SessionContext } from '../ground/context.ts'

export async function keyView(context: SessionContext, key: ClientKeyRecord): Promise<KeyView> {
  const names = await Promise.all((key.accountIds ?? []).map((id) => context.store.accounts.byId(id)))
  return {
    id: key.id,
    name: key.name,
    scopes: key.scopes as Scope[],
    accounts: key.accountIds && names.flatMap((account) => (account ? [account.alias] : [])),
    createdAt: iso(key.createdAtMs),
    expiresAt: isoOrNull(key.expiresAtMs),
    revokedAt: isoOrNull(key.revokedAtMs),
  }
}

/** What may be said of a key whose row is damaged: it opens nothing, and can be revoked. */
export function damagedKeyView({ id, name }: Pick<KeyView, 'id' | 'name'>): KeyView {
  const view = {
    id,
    name: `${printable(name, 60)} (damaged)`.trim(),
    scopes: [],
    accounts: [],
    createdAt: iso(0),
  }
  return { ...view, expiresAt: null, revokedAt: null }
}
