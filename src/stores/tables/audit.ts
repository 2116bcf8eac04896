import { sql } from 'kysely'
import type { AuditEntry, AuditHead, AuditLink, AuditRecord } from '../../contracts/audit.ts'
import type { AppendAudit, AuditWrites } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { count, instant, nullable, text } from '../columns.ts'
import type { Db } from '../schema.ts'
import { fieldsOf, isText } from '../shapes.ts'
import { damagedAt, table, unwritten } from '../table.ts'
import type { Witness } from '../witness.ts'

/** `entry_json` holds actor, action, alias, result, code and detail; the columns beside it are not in it. */
export const audit = table<AuditLink>()(
  'audit',
  {
    seq: count('seq'),
    atMs: instant('at_ms'),
    accountId: nullable(text('account_id')),
    fields: text('entry_json'),
    mac: text('mac'),
  },
  { key: 'seq' },
)

/** One row. */
export const auditHead = table<AuditHead>()(
  'audit_head',
  { seq: count('seq'), mac: text('mac'), inventory: text('inventory'), headMac: text('head_mac') },
  { key: 'mac' },
)

/** Rows of one insert; Postgres takes 65,535 values a statement. */
const rowsPerInsert = 500

/** As much as a reader of the record relies on; whether it is genuine says its MAC. */
const isEntry = fieldsOf({
  actor: fieldsOf({ kind: isText, id: isText }),
  action: isText,
  result: isText,
})

/** @throws BhorError `store_damaged` with the fact `seq` when the row is no record at all */
function recordOf(row: object): AuditRecord {
  const { fields, accountId, ...columns } = audit.read(row)
  let entry: unknown
  try {
    entry = JSON.parse(fields)
  } catch {}
  if (!isEntry(entry)) throw damagedAt('audit', columns.seq)
  return { ...(entry as AuditEntry), ...(accountId === null ? {} : { accountId }), ...columns }
}

/** Those that are records. */
function readable(rows: readonly object[]): readonly AuditRecord[] {
  return rows.flatMap((row) => {
    try {
      return recordOf(row)
    } catch {
      return []
    }
  })
}

/** The end of the chain. Every writer holds the chain's lock, so that it is still the end when the next link is written. */
export async function readHead(db: Db): Promise<AuditHead> {
  const row = await db.selectFrom('audit_head').selectAll().executeTakeFirst()
  if (!row) throw new BhorError('store_damaged', 'Store is damaged at table audit_head.')
  return auditHead.read(row)
}

/** The MAC of one record; undefined where there is none. */
export async function macOfRecord(db: Db, seq: number): Promise<string | undefined> {
  return (await db.selectFrom('audit').select('mac').where('seq', '=', seq).executeTakeFirst())?.mac
}

/** Stores what `append` computed. */
export async function writeLinks(db: Db, { links, head }: ReturnType<AppendAudit>): Promise<void> {
  for (let at = 0; at < links.length; at += rowsPerInsert) {
    const rows = links.slice(at, at + rowsPerInsert).map(audit.write)
    const { numInsertedOrUpdatedRows } = await db.insertInto('audit').values(rows).executeTakeFirst()
    if (numInsertedOrUpdatedRows !== BigInt(rows.length)) throw unwritten('audit', String(rows[0]?.seq))
  }
  const { numUpdatedRows } = await db.updateTable('audit_head').set(auditHead.write(head)).executeTakeFirst()
  if (numUpdatedRows !== 1n) throw unwritten('audit_head', String(head.seq))
}

export function auditQueries(db: Db, witness: Witness): AuditWrites {
  const ofAccounts = (ids?: readonly string[]) =>
    db
      .selectFrom('audit')
      .selectAll()
      .$if(ids !== undefined, (query) => query.where('account_id', 'in', ids as readonly string[]))
  return {
    head: () => readHead(db),
    async from(fromSeq, limit) {
      const rows = db.selectFrom('audit').selectAll().where('seq', '>=', fromSeq).orderBy('seq').limit(limit)
      return (await rows.execute()).map(recordOf)
    },
    async latest(limit, accountIds, beforeSeq) {
      const rows = ofAccounts(accountIds)
        .$if(beforeSeq !== undefined, (query) => query.where('seq', '<', beforeSeq as number))
        .orderBy('seq', 'desc')
        .limit(limit)
      return readable(await rows.execute())
    },
    async past(afterSeq, limit, accountIds) {
      const rows = ofAccounts(accountIds).where('seq', '>', afterSeq).orderBy('seq').limit(limit)
      return readable(await rows.execute())
    },
    async those(seqs) {
      if (seqs.length === 0) return []
      return readable(await ofAccounts().where('seq', 'in', seqs).execute())
    },
    async lastOfEach() {
      // From one account to the next in the index: all records of one are passed over at once.
      const rows = db
        .withRecursive('ids(id)', (query) =>
          query
            .selectFrom('audit')
            .select((e) => e.fn.min('account_id').as('id'))
            .where('account_id', 'is not', null)
            .unionAll(
              query
                .selectFrom('ids')
                .select(sql<string>`(select min(account_id) from audit where account_id > ids.id)`.as('id'))
                .where('ids.id', 'is not', null),
            ),
        )
        .selectFrom('audit')
        .selectAll()
        .where('seq', 'in', (e) =>
          e
            .selectFrom('ids')
            .select(sql<number>`(select max(seq) from audit where account_id = ids.id)`.as('seq'))
            .where('ids.id', 'is not', null),
        )
      return readable(await rows.execute())
    },
    async lastBefore(atMs) {
      let [low, high] = [0, (await readHead(db)).seq]
      // Numbers rise with time: a search by halves needs no index by time. What was pruned counts as older.
      while (low < high) {
        const middle = Math.ceil((low + high) / 2)
        const row = await db.selectFrom('audit').select('at_ms').where('seq', '=', middle).executeTakeFirst()
        if (row === undefined || Number(row.at_ms) < atMs) low = middle
        else high = middle - 1
      }
      return low
    },
    async prune(upTo) {
      await db.deleteFrom('audit').where('seq', '<=', upTo).execute()
    },
    async append(append) {
      const head = await readHead(db)
      const appended = append(head, await witness.settled(head))
      await writeLinks(db, appended)
      witness.ends(appended.head)
    },
  }
}
