import type { MetaWrites } from '../../contracts/store.ts'
import { text } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { table } from '../table.ts'

export const meta = table<{ readonly name: string; readonly value: string }>()(
  'meta',
  { name: text('name'), value: text('value') },
  { key: 'name' },
)

export function metaQueries(db: Db): MetaWrites {
  const rows = rowsOf(db, meta)
  return {
    get: async (name) => (await rows.find({ name }))?.value,
    async set(name, value) {
      await db
        .insertInto('meta')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute()
    },
  }
}
