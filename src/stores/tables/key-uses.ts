import { type SqlBool, sql } from 'kysely'
import type { KeyUseRecord, KeyUseSum, KeyUseWrites } from '../../contracts/store.ts'
import { count, instant, text } from '../columns.ts'
import type { Db } from '../schema.ts'
import { lastInstantMs } from '../shapes.ts'
import { table, unwritten } from '../table.ts'

/** The minute comes first: all that is written in one minute stands together, and ends together. */
export const keyUses = table<KeyUseRecord>()(
  'key_uses',
  {
    minute: count('minute'),
    keyId: text('key_id'),
    accountId: text('account_id'),
    count: count('count'),
    lastAtMs: instant('last_at_ms'),
  },
  { key: 'keyId' },
)

/** What one query gathers of many rows, checked as rows are. */
const sums = table<KeyUseSum>()(
  'key_uses',
  {
    keyId: text('key_id'),
    accountId: text('account_id'),
    count: count('count'),
    lastAtMs: instant('last_at_ms'),
  },
  { key: 'keyId' },
)

/** Adds to a row that is there. The words of both engines. */
export const addToUse = `on conflict (minute, key_id, account_id) do update set
  count = key_uses.count + excluded.count,
  last_at_ms = case when excluded.last_at_ms > key_uses.last_at_ms
    then excluded.last_at_ms else key_uses.last_at_ms end`

/** The day in India, five and a half hours ahead, that a minute belongs to, as how far it is into it. */
const minuteOfDay = sql<number>`(minute + 330) % 1440`

/** A number that a codec would not read is left out of a sum. */
const isNumber = (column: 'minute' | 'count' | 'last_at_ms') => {
  const stored = sql.ref(column)
  return sql<SqlBool>`${stored} between 0 and ${lastInstantMs} and ${stored} = cast(${stored} as bigint)`
}

export function keyUseQueries(db: Db): KeyUseWrites {
  return {
    async add(uses) {
      if (uses.length === 0) return
      const rows = uses.map(keyUses.write)
      const columns = sql.join(Object.keys(rows[0]!).map((column) => sql.ref(column)))
      const values = sql.join(rows.map((row) => sql`(${sql.join(Object.values(row))})`))
      const insert = sql`insert into key_uses (${columns}) values ${values} ${sql.raw(addToUse)}`
      const { numAffectedRows } = await insert.execute(db)
      if (numAffectedRows !== BigInt(rows.length)) throw unwritten('key_uses', uses[0]!.keyId)
    },
    async sums(minute) {
      const rows = db
        .selectFrom('key_uses')
        .select(['key_id', 'account_id'])
        .select((e) => e.fn.max('last_at_ms').as('last_at_ms'))
        .select(
          sql<number>`cast(sum(case when minute >= ${minute} then count else 0 end) as bigint)`.as('count'),
        )
        .where(isNumber('minute'))
        .where(isNumber('count'))
        .where(isNumber('last_at_ms'))
        .groupBy(['key_id', 'account_id'])
      return sums.readAll(await rows.execute()).records
    },
    async lastOf(accountId, minute) {
      const last = db
        .selectFrom('key_uses')
        .select((e) => e.fn.max('last_at_ms').as('at'))
        .where('minute', '>=', minute)
        .where('account_id', '=', accountId)
        .where(isNumber('last_at_ms'))
      return (await last.executeTakeFirst())?.at ?? undefined
    },
    async gather(minute, oldestMinute) {
      const isLoose = sql`minute < ${minute} and ${minuteOfDay} <> 0`
      await sql`
        insert into key_uses (minute, key_id, account_id, count, last_at_ms)
        select minute - ${minuteOfDay}, key_id, account_id, cast(sum(count) as bigint), max(last_at_ms)
        from key_uses where ${isLoose}
        group by minute - ${minuteOfDay}, key_id, account_id ${sql.raw(addToUse)}`.execute(db)
      await sql`delete from key_uses where ${isLoose}`.execute(db)
      await db.deleteFrom('key_uses').where('minute', '<', oldestMinute).execute()
    },
  }
}
