import type { Watch, Watched } from '../contracts/store.ts'
import type { Db } from './schema.ts'

type AccountFact = Watched['accounts'] extends ReadonlyMap<string, infer Fact> ? Fact : never

/** Reads what a hand-out watches, inside the transaction that writes its record. */
export async function readWatched(db: Db, watch: Watch): Promise<Watched> {
  const accounts = new Map<string, AccountFact>()
  if (watch.accountIds.length > 0) {
    const rows = await db
      .selectFrom('accounts as a')
      .select(['a.id', 'a.generation', 'a.mac'])
      .select((e) =>
        e
          .selectFrom('sessions as s')
          .select('s.status')
          .whereRef('s.account_id', '=', 'a.id')
          .orderBy('s.generation', 'desc')
          .limit(1)
          .as('status'),
      )
      .where('a.id', 'in', watch.accountIds)
      .execute()
    for (const { id, generation, status, mac } of rows)
      accounts.set(id, { generation, status: statusOf(status), mac })
  }
  const liveKeyIds = new Set<string>()
  if (watch.keyIds.length > 0) {
    const rows = await db
      .selectFrom('client_keys')
      .select('id')
      .where('id', 'in', watch.keyIds)
      .where('revoked_at_ms', 'is', null)
      .execute()
    for (const row of rows) liveKeyIds.add(row.id)
  }
  return { accounts, liveKeyIds }
}

/** `none` before the first session. */
export function statusOf(stored: string | null): AccountFact['status'] {
  return stored === null ? 'none' : (stored as 'active' | 'ended')
}
