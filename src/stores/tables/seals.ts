import { type Kysely, sql } from 'kysely'
import { type SealedRow, type SealReads, sealedTables } from '../../contracts/store.ts'
import type { Db } from '../schema.ts'
import { accounts } from './accounts.ts'
import { channels, outbox } from './alerts.ts'
import { apps } from './apps.ts'
import { logins } from './logins.ts'
import { passphrases } from './passphrases.ts'
import { sessions } from './sessions.ts'

/** Any database: the tables are named by those that hold sealed values. */
type AnyDb = Kysely<{ [table: string]: { [column: string]: unknown } }>

/** In the order in which they are gone through. */
const tables = {
  apps,
  accounts,
  sessions,
  logins,
  alert_channels: channels,
  alert_outbox: outbox,
  passphrases,
}

/** Where values stand that one of these keys has sealed. */
function isUnder(columns: readonly string[], keyIds: readonly string[]) {
  const places = columns.flatMap((column) =>
    // On both engines the same, and no character of it is a wildcard.
    keyIds.map((id) => sql<boolean>`replace(${sql.ref(column)}, ${`v1.${id}.`}, '') <> ${sql.ref(column)}`),
  )
  return sql<boolean>`(${sql.join(places, sql` or `)})`
}

export function sealQueries(db: Db): SealReads {
  const any = db as unknown as AnyDb
  return {
    async count(keyIds) {
      let count = 0
      for (const name of sealedTables) {
        if (keyIds.length === 0) break
        const place = isUnder(tables[name].sealed!.columns, keyIds)
        const rows = any.selectFrom(name).where(place)
        count += Number((await rows.select(any.fn.countAll().as('count')).executeTakeFirst())?.count ?? 0)
      }
      return count
    },
    async under(keyIds, limit, after) {
      const found: SealedRow[] = []
      for (const name of sealedTables.slice(after ? sealedTables.indexOf(after.table) : 0)) {
        if (keyIds.length === 0 || found.length >= limit) break
        const place = isUnder(tables[name].sealed!.columns, keyIds)
        const rows = any
          .selectFrom(name)
          .select('id')
          .where(place)
          .$if(after?.table === name, (query) => query.where('id', '>', after!.id))
          .orderBy('id')
          .limit(limit - found.length)
        found.push(...(await rows.execute()).map(({ id }) => ({ table: name, id: String(id) })))
      }
      return found
    },
  }
}
