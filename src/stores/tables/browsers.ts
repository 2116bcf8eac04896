import type { BrowserRecord, BrowserWrites } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { instant, text } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { table } from '../table.ts'
import type { Witness } from '../witness.ts'

export const browsers = table<BrowserRecord>()(
  'browsers',
  {
    id: text('id'),
    name: text('name'),
    cookieHash: text('cookie_hash'),
    publicKey: text('public_key'),
    host: text('host'),
    toldBy: text('told_by'),
    startedAtMs: instant('started_at_ms'),
    lastUsedAtMs: instant('last_used_at_ms'),
    mac: text('mac'),
  },
  { key: 'id', called: 'name', live: {} },
)

export function browserQueries(db: Db, witness: Witness): BrowserWrites {
  const rows = rowsOf(db, browsers, witness)
  return {
    async list() {
      const { records, damaged } = await rows.list({}, ['lastUsedAtMs', 'id'])
      return { records: records.toReversed(), damaged }
    },
    byId: (id) => rows.find({ id }),
    insert: (record) => rows.insert(record),
    async update(record) {
      if (!(await rows.update(record, { id: record.id })))
        throw new BhorError('browser_not_found', 'This browser is not in the store.')
    },
    delete: (id) => rows.delete({ id }),
  }
}
