import { sql } from 'kysely'
import { BhorError } from '../../core/errors.ts'
import { hasVersionTable } from '../migrate.ts'
import { missing } from '../missing.ts'
import type { Db } from '../schema.ts'

/**
 * Refuses a database that would not give back every text as it was stored, and an empty one where a store is expected.
 *
 * @throws BhorError `store_foreign`, `store_unavailable`
 */
export async function refuseUnfit(db: Db, isExpected: boolean): Promise<void> {
  const { rows } = await sql<{
    encoding: string
  }>`select current_setting('server_encoding') as encoding`.execute(db)
  const encoding = rows[0]?.encoding
  if (encoding !== 'UTF8')
    throw new BhorError('store_foreign', `The database keeps text as ${encoding}; bhor needs UTF8.`, {
      hint: 'Make another one: createdb --encoding=UTF8 --template=template0 <name>, and name it in BHOR_DATABASE_URL.',
      facts: { encoding: String(encoding) },
    })
  if (isExpected && !(await hasVersionTable(db, 'postgres')))
    throw missing('The database of BHOR_DATABASE_URL is empty')
}
