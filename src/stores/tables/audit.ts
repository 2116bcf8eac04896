import type { AuditEntry, AuditHead, AuditLink, AuditRecord } from '../../contracts/audit.ts'
import type { AppendAudit, AuditWrites } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { count, instant, nullable, text } from '../columns.ts'
import type { Db } from '../schema.ts'
import { fieldsOf, isText } from '../shapes.ts'
import { damagedAt, table } from '../table.ts'

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
  { seq: count('seq'), mac: text('mac'), headMac: text('head_mac') },
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

/** The end of the chain. Every writer holds the chain's lock, so that it is still the end when the next link is written. */
export async function readHead(db: Db): Promise<AuditHead> {
  const row = await db.selectFrom('audit_head').selectAll().executeTakeFirst()
  if (!row) throw new BhorError('store_damaged', 'Store is damaged at table audit_head.')
  return auditHead.read(row)
}

/** Stores what `append` computed. */
export async function writeLinks(db: Db, { links, head }: ReturnType<AppendAudit>): Promise<void> {
  for (let at = 0; at < links.length; at += rowsPerInsert) {
    const rows = links.slice(at, at + rowsPerInsert).map(audit.write)
    await db.insertInto('audit').values(rows).execute()
  }
  await db.updateTable('audit_head').set(auditHead.write(head)).execute()
}

export function auditQueries(db: Db): AuditWrites {
  return {
    head: () => readHead(db),
    async from(fromSeq, limit) {
      const rows = db.selectFrom('audit').selectAll().where('seq', '>=', fromSeq).orderBy('seq').limit(limit)
      return (await rows.execute()).map(recordOf)
    },
    async latest(limit, accountId, beforeSeq) {
      const rows = db
        .selectFrom('audit')
        .selectAll()
        .$if(accountId !== undefined, (query) => query.where('account_id', '=', accountId as string))
        .$if(beforeSeq !== undefined, (query) => query.where('seq', '<', beforeSeq as number))
        .orderBy('seq', 'desc')
        .limit(limit)
      return (await rows.execute()).flatMap((row) => {
        try {
          return recordOf(row)
        } catch {
          return []
        }
      })
    },
    append: async (append) => writeLinks(db, append(await readHead(db))),
  }
}
