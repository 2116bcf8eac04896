import { sql } from 'kysely'
import type { IntentRecord, IntentWrites } from '../../contracts/store.ts'
import { instant, nullable, text, word } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { table } from '../table.ts'
import type { Witness } from '../witness.ts'

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
    mac: text('mac'),
  },
  { key: 'id', called: 'accountId', live: { state: ['open'] } },
)

export function intentQueries(db: Db, witness: Witness): IntentWrites {
  const rows = rowsOf(db, intents, witness)
  return {
    open: () =>
      rows.all((any) =>
        any
          .selectFrom('intents')
          .selectAll()
          // As a literal: a partial index serves no query that gives its condition as a parameter.
          .where('state', '=', sql.lit('open'))
          .orderBy('created_at_ms')
          .orderBy('id'),
      ),
    byGrant: (grantHash) => rows.find({ grantHash }),
    insert: (intent) => rows.insertUnlessSame('grantHash', intent),
    // Its hash stays as it is: the code is spent.
    update: (intent) => rows.update(intent, { id: intent.id, state: 'open' }, { kept: 'grantHash' }),
  }
}
