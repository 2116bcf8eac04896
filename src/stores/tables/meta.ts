import type { MetaWrites } from '../../contracts/store.ts'
import { text } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { table, unwritten } from '../table.ts'
import type { Witness } from '../witness.ts'

export const meta = table<{ readonly name: string; readonly value: string }>()(
  'meta',
  { name: text('name'), value: text('value') },
  { key: 'name' },
)

export function metaQueries(db: Db, witness: Witness): MetaWrites {
  const rows = rowsOf(db, meta, witness)
  return {
    get: async (name) => (await rows.find({ name }))?.value,
    async set(name, value) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('meta')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .executeTakeFirst()
      if (numInsertedOrUpdatedRows !== 1n) throw unwritten('meta', name)
    },
  }
}
