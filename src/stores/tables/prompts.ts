import { sql } from 'kysely'
import type { PromptRecord, PromptWrites } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { instant, text, word } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { table } from '../table.ts'
import type { Witness } from '../witness.ts'

export const prompts = table<PromptRecord>()(
  'prompts',
  {
    id: text('id'),
    accountId: text('account_id'),
    status: word('status', ['open', 'used', 'withdrawn']),
    loginId: text('login_id'),
    createdAtMs: instant('created_at_ms'),
    expiresAtMs: instant('expires_at_ms'),
    mac: text('mac'),
  },
  { key: 'id', called: 'accountId', live: { status: ['open'] } },
)

const taken = () => new BhorError('already_exists', 'This prompt is already in the store.')

export function promptQueries(db: Db, witness: Witness): PromptWrites {
  const rows = rowsOf(db, prompts, witness)
  return {
    byId: (id) => rows.find({ id }),
    open: (nowMs) =>
      rows.all((any) =>
        any
          .selectFrom('prompts')
          .selectAll()
          // As a literal: a partial index serves no query that gives its condition as a parameter.
          .where('status', '=', sql.lit('open'))
          .where('expires_at_ms', '>', nowMs)
          .orderBy('created_at_ms', 'desc')
          .orderBy('id', 'desc'),
      ),
    insert: (prompt) => rows.insert(prompt, taken),
    update: (prompt, status) => rows.update(prompt, { id: prompt.id, status }, { taken }),
  }
}
