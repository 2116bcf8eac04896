import type { GateRecord, GateWrites } from '../../contracts/store.ts'
import { flag, instant, nullable, text } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { table, unwritten } from '../table.ts'
import { noWitness } from '../witness.ts'

export const gates = table<GateRecord>()(
  'gates',
  {
    accountId: text('account_id'),
    isOpen: flag('is_open'),
    reason: text('reason'),
    sinceMs: instant('since_ms'),
    changesAtMs: nullable(instant('changes_at_ms')),
  },
  { key: 'accountId' },
)

export function gateQueries(db: Db): GateWrites {
  const rows = rowsOf(db, gates, noWitness)
  return {
    list: () => rows.list({}, ['accountId']),
    of: async (accountId) => (await rows.list({ accountId }, [])).records[0],
    async set(record) {
      const { account_id: _key, ...columns } = gates.write(record)
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('gates')
        .values(gates.write(record))
        .onConflict((conflict) => conflict.column('account_id').doUpdateSet(columns))
        .executeTakeFirst()
      if (numInsertedOrUpdatedRows !== 1n) throw unwritten('gates', record.accountId)
    },
  }
}
