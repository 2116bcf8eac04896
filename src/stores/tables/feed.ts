import { auditActions } from '../../contracts/audit.ts'
import {
  accountKinds,
  type FeedPart,
  type FeedRecord,
  type FeedWrites,
  type Rows,
} from '../../contracts/store.ts'
import { count, instant, json, nullable, text, word } from '../columns.ts'
import type { Db } from '../schema.ts'
import { fieldsOf, isCount, isFact, isText, mapOf, oneOf } from '../shapes.ts'
import { damagedAt, table, unwritten } from '../table.ts'
import { noWitness } from '../witness.ts'
import { metaQueries } from './meta.ts'

/** The account's id stands beside its JSON too: it is what the events of one account are found by. */
type FeedRow = FeedRecord & { readonly accountId: string | null }

export const feed = table<FeedRow>()(
  'feed',
  {
    seq: count('seq'),
    atMs: instant('at_ms'),
    action: word('action', auditActions),
    result: word('result', ['ok', 'refused', 'failed']),
    accountId: nullable(text('account_id')),
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

/** Of all that was forgotten, the highest number. */
const forgottenName = 'feed.forgotten'

export function rowOfEvent(record: FeedRecord): ReturnType<typeof feed.write> {
  return feed.write({ ...record, accountId: record.account?.id ?? null })
}

/** An event that is found by another account than it tells of is damaged, whatever each of the two says. */
function withoutMixed({ records, damaged }: Rows<FeedRow>): Rows<FeedRecord> {
  const isMixed = ({ accountId, account }: FeedRow) => accountId !== (account?.id ?? null)
  const mixed = records.filter(isMixed).map(({ seq }) => {
    return { table: 'feed', id: String(seq), name: '', error: damagedAt('feed', seq) }
  })
  const sound = records
    .filter((row) => !isMixed(row))
    .map((row): FeedRecord => {
      const { accountId: _found, ...record } = row
      return record
    })
  return { records: sound, damaged: [...damaged, ...mixed] }
}

export function feedQueries(db: Db): FeedWrites {
  const newest = db.selectFrom('feed').select((e) => e.fn.max('seq').as('seq'))
  const meta = metaQueries(db, noWitness)
  const rowsOf = (part: FeedPart | undefined) => {
    const all = db.selectFrom('feed')
    if (!part) return all
    const { accountIds, houseActions } = part
    return all.where((e) =>
      e.or([
        ...(accountIds.length > 0 ? [e('account_id', 'in', accountIds)] : []),
        ...(houseActions.length > 0
          ? [e.and([e('account_id', 'is', null), e('action', 'in', houseActions)])]
          : []),
      ]),
    )
  }
  return {
    async after(afterSeq, limit, part) {
      const rows = rowsOf(part).selectAll().where('seq', '>', afterSeq).orderBy('seq').limit(limit)
      return withoutMixed(feed.readAll(await rows.execute()))
    },
    async range(part) {
      const ends = rowsOf(part).select((e) => [e.fn.min('seq').as('oldest'), e.fn.max('seq').as('newest')])
      const { oldest, newest } = await ends.executeTakeFirstOrThrow()
      const forgotten = Number((await meta.get(forgottenName)) ?? 0)
      return { oldest: oldest ?? 0, newest: newest ?? 0, forgotten }
    },
    async insert(records) {
      if (records.length === 0) return
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('feed')
        .values(records.map(rowOfEvent))
        .executeTakeFirst()
      if (numInsertedOrUpdatedRows !== BigInt(records.length))
        throw unwritten('feed', String(records[0]?.seq))
    },
    async pruneFrom(seq) {
      await db.deleteFrom('feed').where('seq', '>=', seq).execute()
    },
    async prune(beforeMs) {
      const old = db.selectFrom('feed').where('at_ms', '<', beforeMs).where('seq', '<', newest)
      const { seq } = await old.select((e) => e.fn.max('seq').as('seq')).executeTakeFirstOrThrow()
      if (seq === null) return
      await db.deleteFrom('feed').where('at_ms', '<', beforeMs).where('seq', '<=', seq).execute()
      const known = Number((await meta.get(forgottenName)) ?? 0)
      await meta.set(forgottenName, String(Math.max(known, seq)))
    },
  }
}
