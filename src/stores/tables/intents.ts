import type { IntentRecord, IntentWrites } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { instant, nullable, text, word } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { table } from '../table.ts'

export const intents = table<IntentRecord>()(
  'intents',
  {
    id: text('id'),
    accountId: text('account_id'),
    loginId: text('login_id'),
    kind: word('kind', ['exchange', 'renewal']),
    grantHash: text('grant_hash'),
    state: word('state', ['open', 'committed', 'failed', 'lost']),
    code: text('code'),
    createdAtMs: instant('created_at_ms'),
    finishedAtMs: nullable(instant('finished_at_ms')),
  },
  { key: 'id', called: 'accountId' },
)

export function intentQueries(db: Db): IntentWrites {
  const rows = rowsOf(db, intents)
  return {
    open: () => rows.list({ state: 'open' }, ['createdAtMs', 'id']),
    async insert(intent) {
      const result = await db
        .insertInto('intents')
        .values(intents.write(intent))
        .onConflict((conflict) => conflict.column('grant_hash').doNothing())
        .executeTakeFirst()
      return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
    },
    async update(intent) {
      // Its hash stays as it is: the code is spent.
      if (!(await rows.update(intent, { id: intent.id }, { kept: 'grantHash' })))
        throw new BhorError('not_found', 'This intent is not in the store.')
    },
  }
}
