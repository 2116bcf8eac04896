import type { Kysely } from 'kysely'
import type { AuditHead } from '../../src/contracts/audit.ts'
import type { Appended, StoreReads, StoreTransaction, Watch, Watched } from '../../src/contracts/store.ts'
import { outwardly } from '../../src/stores/faults.ts'
import { readsOnly } from '../../src/stores/reads-only.ts'
import { nounsOver, type Schema } from '../../src/stores/schema.ts'
import { readHead, writeLinks } from '../../src/stores/tables/audit.ts'
import { feedQueries } from '../../src/stores/tables/feed.ts'
import { keyUseQueries } from '../../src/stores/tables/key-uses.ts'
import type { AccountLook, KeyLook } from '../../src/stores/watched.ts'
import { noWitness } from '../../src/stores/witness.ts'
import type { SharedDatabase } from './shared-database.ts'

type Tx = Kysely<Schema>

/** What a transaction does, as it reaches the database. */
export type Work<T> = (tx: Tx) => Promise<T>

class TakenBack extends Error {}

/**
 * The store that all processes of a simulated world share, as it is on its own side: writers one after the other, each
 * of them whole or not at all. Who reaches it, when, and what they hear of it, is in `process-store.ts`.
 */
export class SharedStore {
  readonly reads: StoreReads
  readonly #db: Tx
  readonly #committed: (kind: string, by: string) => void
  #running: Promise<unknown> | undefined

  /** @param committed called after each commit, before anybody else gets on */
  constructor(database: SharedDatabase, committed: (kind: string, by: string) => void) {
    this.#db = database.db
    this.reads = nounsOver(database.db.withPlugin(readsOnly), noWitness)
    this.#committed = committed
  }
  /** Once everything has run that can, no transaction is open: one that is waits for what is not in the store. */
  get isInTransaction(): boolean {
    return this.#running !== undefined
  }
  /** Reads see what is committed. */
  async read<T>(query: () => Promise<T>): Promise<T> {
    while (this.#running) await this.#running.catch(() => {})
    return outwardly(query)
  }
  async commit<T>(kind: string, by: string, work: Work<T>): Promise<T> {
    const result = await this.#run(work)
    this.#committed(kind, by)
    return result
  }
  /** Everything is done, and then taken back: what a database does that is lost, or asks to try again. */
  async takeBack(work: Work<unknown>): Promise<void> {
    const all = async (tx: Tx) => {
      await work(tx)
      throw new TakenBack()
    }
    await this.#run(all).catch((error: unknown) => {
      if (!(error instanceof TakenBack)) throw error
    })
  }
  #run<T>(work: Work<T>): Promise<T> {
    const running = outwardly(() => this.#db.transaction().execute(work)).finally(() => {
      this.#running = undefined
    })
    this.#running = running
    return running
  }
}

export const nounsWork =
  <T>(work: (tx: StoreTransaction) => Promise<T>): Work<T> =>
  (tx) =>
    work({ ...nounsOver(tx, noWitness), accept() {} })

export const appendWork =
  (watch: Watch, append: (head: AuditHead, watched: Watched) => Appended): Work<void> =>
  async (tx) => {
    const head = await readHead(tx)
    const appended = append(head, await watchedIn(tx, watch))
    await writeLinks(tx, appended)
    await keyUseQueries(tx).add(appended.uses ?? [])
    await feedQueries(tx).insert(appended.events ?? [])
  }

/** What a hand-out watches. Nobody counts the rows here: that a store goes back is no part of the simulation. */
async function watchedIn(tx: Tx, watch: Watch): Promise<Watched> {
  const { accounts, keys, usedKeyIds } = await lookAt(tx, watch)
  const facts = accounts.map(({ accountId, generation, status, accountMac, houseMac }) => {
    const now = (status ?? 'none') as 'active' | 'ended' | 'none'
    return [accountId, { generation, status: now, mac: accountMac, houseMac: houseMac ?? '' }] as const
  })
  return { accounts: new Map(facts), liveKeyIds: new Set(keys.map(({ keyId }) => keyId)), usedKeyIds }
}

/** Reads what a hand-out watches, inside the transaction that writes its record. */
async function lookAt(
  db: Tx,
  watch: Watch,
): Promise<{
  accounts: readonly AccountLook[]
  keys: readonly KeyLook[]
  usedKeyIds: ReadonlySet<string>
}> {
  const accounts =
    watch.accountIds.length === 0
      ? []
      : await db
          .selectFrom('accounts as a')
          .leftJoin('sessions as s', (join) =>
            join.on('s.id', '=', (e) =>
              e
                .selectFrom('sessions as latest')
                .select('latest.id')
                .whereRef('latest.account_id', '=', 'a.id')
                .orderBy('latest.generation', 'desc')
                .limit(1),
            ),
          )
          .select(['a.id as accountId', 'a.generation', 'a.mac as accountMac'])
          .select(['s.id as sessionId', 's.mac as sessionMac', 's.status'])
          .select((e) => e.selectFrom('house').select('mac').as('houseMac'))
          .select((e) =>
            e
              .selectFrom('house')
              .select((h) => h.fn.coalesce('kill_json', 'seal_json').as('stop'))
              .as('houseStop'),
          )
          .where('a.id', 'in', watch.accountIds)
          .execute()
  const keys =
    watch.keyIds.length === 0
      ? []
      : await db
          .selectFrom('client_keys')
          .select(['id as keyId', 'mac as keyMac'])
          .where('id', 'in', watch.keyIds)
          .where('revoked_at_ms', 'is', null)
          .execute()
  const used =
    watch.uses === undefined || watch.uses.keyIds.length === 0
      ? []
      : await db
          .selectFrom('key_uses')
          .select('key_id')
          .distinct()
          .where('minute', '=', watch.uses.minute)
          .where('key_id', 'in', watch.uses.keyIds)
          .execute()
  return { accounts, keys, usedKeyIds: new Set(used.map((row) => row.key_id)) }
}
