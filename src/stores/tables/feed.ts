import { auditActions } from '../../contracts/audit.ts'
import { accountKinds, type FeedRecord, type FeedWrites } from '../../contracts/store.ts'
import { count, instant, json, nullable, text, word } from '../columns.ts'
import type { Db } from '../schema.ts'
import { fieldsOf, isCount, isFact, isText, mapOf, oneOf } from '../shapes.ts'
import { table } from '../table.ts'

export const feed = table<FeedRecord>()(
  'feed',
  {
    seq: count('seq'),
    atMs: instant('at_ms'),
    action: word('action', auditActions),
    result: word('result', ['ok', 'refused', 'failed']),
    account: nullable(
      json(
        'account_json',
        fieldsOf({
          id: isText,
          alias: isText,
          broker: isText,
          kind: oneOf(accountKinds),
          generation: isCount,
        }),
      ),
    ),
    code: text('code'),
    detail: json('detail_json', mapOf(isFact)),
  },
  { key: 'seq' },
)

export function feedQueries(db: Db): FeedWrites {
  const newest = db.selectFrom('feed').select((e) => e.fn.max('seq').as('seq'))
  return {
    async after(afterSeq, limit) {
      const rows = db.selectFrom('feed').selectAll().where('seq', '>', afterSeq).orderBy('seq').limit(limit)
      return feed.readAll(await rows.execute()).records
    },
    async range() {
      const ends = db
        .selectFrom('feed')
        .select((e) => [e.fn.min('seq').as('oldest'), e.fn.max('seq').as('newest')])
      const { oldest, newest } = await ends.executeTakeFirstOrThrow()
      return { oldest: oldest ?? 0, newest: newest ?? 0 }
    },
    async insert(records) {
      if (records.length > 0) await db.insertInto('feed').values(records.map(feed.write)).execute()
    },
    async prune(beforeMs) {
      await db.deleteFrom('feed').where('at_ms', '<', beforeMs).where('seq', '<', newest).execute()
    },
  }
}
